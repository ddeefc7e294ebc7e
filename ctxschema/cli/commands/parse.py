"""``ctxschema parse``."""

from __future__ import annotations

import click

from ctxschema.cli.forms import FILE, Word


@click.command("parse")
@click.argument("file", default="-", type=FILE)
@click.option(
    "--format",
    "form",
    type=Word(["json", "text"]),
    default="json",
    show_default=True,
    help="The tree in JSON, or only the findings as text.",
)
def command(file: str, form: str) -> None:
    """Parse a definition, a block or a template.

    Reads one definition, a USER_INPUTS block or a whole template from FILE (- for standard input) and prints a JSON
    tree with positions and findings.
    """
    from ctxschema.cli.parse import parse_file

    parse_file(file, form)
