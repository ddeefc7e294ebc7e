"""Similar names, for messages about an unknown name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

LIKENESS = 0.65
"""The least similarity of a suggestion: twice the number of common characters, divided by the sum of the lengths."""

_LONGEST = 200
_SEPARATORS = re.compile(r"[_.-]+")


def nearest(name: str, known: Iterable[str], likeness: float = LIKENESS) -> str | None:
    """Return the known name that is most similar to ``name``, ignoring case; None if none is similar enough.

    A prefix of several known names, such as ``FL_``, does not count; only the rest of the names is compared. So
    ``FL_LOG_LEVEL`` is not similar to ``FL_TYPO``. Of a rest of two characters, one may differ: ``FL_DD`` is similar
    to ``FL_DB``.

    Args:
        name: The unknown name.
        known: The known names.
        likeness: How similar the two have to be, from 0 to 1 for equal names.
    """
    from difflib import SequenceMatcher

    wanted = name[:_LONGEST].upper()
    folded = {candidate.upper(): candidate for candidate in known}
    shared = Counter(beginning for candidate in folded for beginning in _beginnings(candidate))
    matcher = SequenceMatcher(autojunk=False)
    best, found = likeness, None
    families = [beginning for beginning in ("", *_beginnings(wanted)) if not beginning or shared[beginning] > 1]
    rests = {family: wanted[len(family) :] for family in families}
    for candidate, meant in folded.items():
        family = next(each for each in reversed(families) if candidate.startswith(each))
        matcher.set_seq1(candidate[len(family) :])
        matcher.set_seq2(rests[family])
        if family and len(candidate) == len(wanted) == len(family) + 2:
            ratio = LIKENESS if matcher.ratio() == 0.5 else matcher.ratio()
        elif matcher.real_quick_ratio() < best or matcher.quick_ratio() < best:
            continue
        else:
            ratio = matcher.ratio()
        if ratio > best or (ratio == best and found is None):
            best, found = ratio, meant
    return found


def _beginnings(name: str) -> Iterator[str]:
    """Yield the prefixes of a name that end at its separators."""
    return (name[: match.end()] for match in _SEPARATORS.finditer(name))


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
        candidate = self.nearest(name)
        return f"; did you mean {candidate}?" if candidate else ""

    def nearest(self, name: str) -> str | None:
        """Return the known name that is most similar, or None."""
        if not self._left:
            return None
        self._left -= 1
        return nearest(name, self._known)
