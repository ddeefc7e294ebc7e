"""Commands formatted for reading and pasting."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def folded(argv: Sequence[str], image: str | None = None) -> str:
    """Return a command with each option on a line of its own; a shell reads it as one command.

    Args:
        argv: The command.
        image: A word that begins a new line as well, although it is not an option.
    """
    program, *words = argv
    breaks = (" \\\n    " if word.startswith("-") or word == image else " " for word in words)
    return shlex.quote(program) + "".join(gap + shlex.quote(word) for gap, word in zip(breaks, words, strict=True))
