"""Standard output of the programs that run on a machine: where it is full or closed, that is an error like others."""

from __future__ import annotations

import os
import sys

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.source import Position, SourceText

_NAME = "<stdout>"


def write_out(text: str) -> None:
    """Print a text as UTF-8, whatever the locale says.

    Raises:
        FileError: Standard output is closed, or cannot take it.
        BrokenPipeError: Whoever read has had enough.
    """
    if sys.stdout is None:
        raise _refused("it is closed")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
    except OSError as error:
        # What is left in the buffer would be tried again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise _refused(error.strerror or str(error)) from None


def _refused(reason: str) -> FileError:
    message = f"standard output cannot be written: {reason}"
    return FileError(message, [codes.UNWRITABLE.at(message, position=Position(SourceText("", name=_NAME)))])
