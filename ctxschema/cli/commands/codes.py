"""``ctxschema codes``."""

from __future__ import annotations

import click

from ctxschema.cli.forms import FORMAT, completing


@click.command("codes")
@click.argument("words", nargs=-1, metavar="[CODE]...", shell_complete=completing("complete_codes"))
@FORMAT
def command(words: tuple[str, ...], form: str) -> None:
    """List the codes of findings and their severity for each consumer.

    With CODE, an id such as CTX014 or a name such as order-case, only those codes.
    """
    from ctxschema.cli.codes import notes_about, print_codes
    from ctxschema.lint.selection import codes_named

    print_codes(codes_named(words), form)
    for note in notes_about(words):
        click.echo(f"note: {note}", err=True)
