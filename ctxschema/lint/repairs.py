"""Safe repairs: what a finding says to write, written, and everything else left byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ctxschema.core.finding import Edit, Finding
from ctxschema.core.source import SourceText

_MOST_ROUNDS = 20
_WORD = re.compile(r"[\w.|/+-]+\Z")
_NEEDS_ESCAPES = frozenset("\"'\\\n\r\t#{}[]")


def fixable(finding: Finding, source: SourceText) -> bool:
    """Say whether a finding can be repaired in the text of its file."""
    return bool(finding.edits) and all(_place(edit, source) is not None for edit in finding.edits)


def repaired(
    source: SourceText,
    findings: Iterable[Finding],
    judge: Callable[[SourceText], Iterable[Finding] | None],
) -> tuple[SourceText, Iterable[Finding]]:
    """Return a text with all its safe repairs made, and what is left to find in it.

    A repair may bring to light what it hid, so they are made in rounds until there is none left; a round after which
    the text could not be read any more is not made.

    Args:
        source: The text.
        findings: What is wrong with it.
        judge: Returns the findings of a text; None where it cannot be read.
    """
    for _ in range(_MOST_ROUNDS):
        places = list(_places(findings, source))
        following = SourceText(_written(source.text, places), source.name)
        after = judge(following) if following.text != source.text else None
        if after is None:
            break
        source, findings = following, after
    return source, findings


def _places(findings: Iterable[Finding], source: SourceText) -> Iterator[tuple[int, int, str]]:
    """Yield what to write where; of what overlaps, the first only."""
    safe = (finding.edits for finding in findings if fixable(finding, source))
    wanted = {place for edits in safe for edit in edits if (place := _place(edit, source))}
    end = -1
    for place in sorted(wanted):
        if place[0] >= end and not (place[0] == end == place[1]):
            yield place
            end = max(place[1], place[0] + 1 if place[0] == place[1] else place[1])


def _place(edit: Edit, source: SourceText) -> tuple[int, int, str] | None:
    """Return where an edit stands in the file, or None where it cannot simply be written there."""
    inner, outer = edit.position, edit.position.outermost
    if outer.source is not source or outer.start is None or outer.end is None:
        return None
    if inner.source is source:
        return outer.start, outer.end, edit.text
    here = inner.source.text[inner.start : inner.end]
    if edit.text.startswith('"') and edit.text[1:-1] == here:  # a scalar that only lacks its quotes
        return outer.start, outer.end, edit.text
    if inner.source.bare and not _WORD.match(edit.text):
        return None
    # Inside a string of YAML or JSON, what is written has to need no escape, and so has what stood there.
    plain = "".join(source.text[outer.start : outer.end].split()) == "".join(here.split())
    return (outer.start, outer.end, edit.text) if plain and not _NEEDS_ESCAPES & set(edit.text) else None


def _written(text: str, places: Iterable[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, new in places:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])
