"""``ctxschema generate declaration-schema``."""

from __future__ import annotations

import click


@click.command("declaration-schema")
@click.option("-o", "--output", "target", type=click.Path(), help="Replace this file, whole, in one step.")
@click.option("--check", is_flag=True, help="Write nothing; print how the file differs and how to repair it.")
def command(target: str | None, *, check: bool) -> None:
    """Generate the JSON Schema that declarations follow.

    Draft 2020-12, for editors and validators: name it in the first line of a declaration, as
    `# yaml-language-server: $schema=appliance.schema.json`.
    """
    import json

    from ctxschema.cli.write import write_or_check
    from ctxschema.declaration.schema import appliance_schema

    text = json.dumps(appliance_schema(), indent=2, ensure_ascii=False) + "\n"
    write_or_check(text, target, check=check, words=["declaration-schema"])
