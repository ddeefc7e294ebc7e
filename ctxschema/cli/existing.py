"""The commands about what people already have: ``import`` and ``codes``."""

from __future__ import annotations

import click

from ctxschema.cli.completion import complete_codes
from ctxschema.cli.forms import FORMAT


@click.command("import")
@click.argument("file")
@click.option("--appliance", "name", help="What the appliance is called; after the file if it is left out.")
@click.option("-o", "--output", type=click.Path(), help="Write to this file, which is replaced whole, in one step.")
def import_command(file: str, name: str | None, output: str | None) -> None:
    """Import an existing template as a declaration.

    Reads FILE (a template, a marketplace entry or a service; - for standard input) and writes a Python module that
    declares its inputs, with a comment wherever something had to be guessed. Use the module with --from.
    """
    from ctxschema.cli.write import write_or_check
    from ctxschema.lint.importer import import_file

    write_or_check(import_file(file, name), output, check=False, words=[])


@click.command("codes")
@click.argument("words", nargs=-1, metavar="[CODE]...", shell_complete=complete_codes)
@FORMAT
def codes_command(words: tuple[str, ...], form: str) -> None:
    """List the codes of findings, and how bad each is to whom.

    With CODE, an id such as CTX014 or a name such as order-case, only those.
    """
    from ctxschema.cli.codes import print_codes
    from ctxschema.lint.choice import codes_named

    print_codes(codes_named(words), form)
