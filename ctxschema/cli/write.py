"""Writing generated text, or comparing it with a file."""

from __future__ import annotations

import os
import shlex
import stat
import sys

import click

from ctxschema.cli.output import print_diff
from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.files import STDIN, read_text, write_text
from ctxschema.core.source import Position, SourceText


def write_or_check(text: str, output: str | None, *, check: bool, words: list[str]) -> None:
    """Print a generated text, write it to a file, or compare a file with it.

    Args:
        text: The generated text.
        output: The file; standard output if None.
        check: Whether to compare only, and exit with 1 if the file differs.
        words: The words after ``ctxschema generate``, for the message with the command that repairs a difference.
    """
    if output is None or (output == STDIN and not check):
        if check:
            raise click.UsageError("--check compares a file; name it with -o")
        click.echo(text, nl=False)
    elif not check:
        replace(output, text)
    elif differs(output, text):
        print_repair([*words, "-o", output])
        sys.exit(1)


def differs(path: str, text: str) -> bool:
    """Say whether the content of a file differs from a text, and print the difference."""
    there = os.path.lexists(path)
    found = read_text(path).text if there else ""
    if there and found == text:
        return False
    print_diff(path, found, text, "generated")
    return True


def print_repair(words: list[str]) -> None:
    """Print the command that repairs a difference."""
    click.echo(f"repair: {shlex.join(['ctxschema', 'generate', *words])}")


def replace(path: str, text: str) -> None:
    """Replace a file atomically, unless it is read-only.

    Raises:
        FileError: It is read-only or cannot be written; it is unchanged.
    """
    if os.path.isfile(path):
        mode = os.stat(path).st_mode
        # Root could write the file, and others could replace it if its folder is writable; neither is wanted.
        if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
            message = f"{path} is read-only, and is left as it is"
            raise FileError(message, [codes.READ_ONLY.at(message, position=Position(SourceText("", name=path)))])
    write_text(path, text)
