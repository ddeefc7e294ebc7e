"""``ctxschema gpu troubleshoot``."""

from __future__ import annotations

import sys

import click

from ctxschema.cli.forms import FORMAT


@click.command("troubleshoot")
@click.argument("text", nargs=-1)
@FORMAT
def command(text: tuple[str, ...], form: str) -> None:
    """Find the cause and the fix of a symptom.

    TEXT is a symptom, an error message or lines of a log (- for standard input). Without it, prints the whole table.
    Ends with 1 if nothing is known about it.
    """
    from ctxschema.cli.gpu_output import print_troubles

    sys.exit(0 if print_troubles(" ".join(text), form) else 1)
