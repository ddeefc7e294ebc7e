"""Commands as a person would want to read and paste them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


def folded(argv: Sequence[str], image: str | None = None) -> str:
    """Return a command with a line for every option, which a shell reads all the same.

    Args:
        argv: The command.
        image: The word that begins a line of its own although it is no option.
    """
    program, *words = argv
    breaks = (" \\\n    " if word.startswith("-") or word == image else " " for word in words)
    return shlex.quote(program) + "".join(gap + shlex.quote(word) for gap, word in zip(breaks, words, strict=True))
