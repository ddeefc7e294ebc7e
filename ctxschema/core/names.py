"""Similar names, for messages about an unknown name."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known name that is most similar to ``name``, ignoring case; None if none is similar enough."""
    from difflib import get_close_matches

    folded = {candidate.upper(): candidate for candidate in known}
    matches = get_close_matches(name[:200].upper(), folded, n=1, cutoff=likeness)
    return folded[matches[0]] if matches else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean X?``, to be appended to a message, or an empty text."""
    candidate = nearest(name, known)
    return f"; did you mean {candidate}?" if candidate else ""


class Suggestions:
    """Suggestions for the names in one text. Their number is limited, because the comparison takes time.

    Args:
        known: The known names.
    """

    def __init__(self, known: Iterable[str], *, most: int = 20, largest: int = 1000) -> None:
        self._known = list(known)
        self._left = most if len(self._known) <= largest else 0

    def __call__(self, name: str) -> str:
        """Return ``; did you mean X?`` or an empty text."""
        if not self._left:
            return ""
        self._left -= 1
        return suggestion(name, self._known)
