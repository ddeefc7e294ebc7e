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
