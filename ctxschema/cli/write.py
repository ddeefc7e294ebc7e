"""Writing what was generated, or checking what stands there."""

from __future__ import annotations

import os
import shlex
import sys

import click

from ctxschema.cli.output import print_diff
from ctxschema.core.files import STDIN, read_text, write_text


def write_or_check(text: str, output: str | None, *, check: bool, words: list[str]) -> None:
    """Print a generated text, write it to a file, or compare a file with it.

    Args:
        text: What was generated.
        output: The file; standard output if None.
        check: Whether to compare only. Ends with 1 if the file differs.
        words: What came behind ``ctxschema generate``, to name the command that repairs a difference.
    """
    if output is None or (output == STDIN and not check):
        if check:
            raise click.UsageError("--check compares a file; name it with -o")
        click.echo(text, nl=False)
    elif not check:
        write_text(output, text)
    else:
        found = read_text(output).text if os.path.lexists(output) else ""
        if found != text or not os.path.lexists(output):
            print_diff(output, found, text, "generated")
            click.echo(f"repair: {shlex.join(['ctxschema', 'generate', *words, '-o', output])}")
            sys.exit(1)
