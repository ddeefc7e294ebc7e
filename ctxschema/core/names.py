"""Nearest names, for messages about names that nobody declared."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known name most like ``name``, whatever the case, or None if none is as like as that."""
    from difflib import get_close_matches

    folded = {candidate.upper(): candidate for candidate in known}
    matches = get_close_matches(name[:200].upper(), folded, n=1, cutoff=likeness)
    return folded[matches[0]] if matches else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean X?`` or nothing, to end a message with."""
    candidate = nearest(name, known)
    return f"; did you mean {candidate}?" if candidate else ""


class Suggestions:
    """Suggestions for one text, as many as anybody reads: looking for a like name takes time.

    Args:
        known: The names that there are.
    """

    def __init__(self, known: Iterable[str], *, most: int = 20, largest: int = 1000) -> None:
        self._known = list(known)
        self._left = most if len(self._known) <= largest else 0

    def __call__(self, name: str) -> str:
        """Return ``; did you mean X?`` or nothing."""
        if not self._left:
            return ""
        self._left -= 1
        return suggestion(name, self._known)
