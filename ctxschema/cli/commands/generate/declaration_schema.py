"""``ctxschema generate declaration-schema``."""

from __future__ import annotations

import click

from ctxschema.cli.forms import FILE


@click.command("declaration-schema")
@click.option("-o", "--output", "target", type=FILE, help="Replace this file atomically.")
@click.option("--check", is_flag=True, help="Write nothing; print how the file differs and how to repair it.")
def command(target: str | None, *, check: bool) -> None:
    """Generate the JSON Schema of declarations.

    Draft 2020-12, for editors and validators. Refer to it in the first line of a declaration:
    `# yaml-language-server: $schema=appliance.schema.json`.
    """
    import json

    from ctxschema.cli.write import write_or_check
    from ctxschema.declaration.schema import appliance_schema

    text = json.dumps(appliance_schema(), indent=2, ensure_ascii=False) + "\n"
    write_or_check(text, target, check=check, words=["declaration-schema"])
