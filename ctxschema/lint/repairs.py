"""Safe repairs: what a finding says to write, written, and everything else left byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

from attrs import evolve, frozen

from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.source import SourceText

_Judge: TypeAlias = "Callable[[SourceText], Iterable[Finding] | None]"
_Made: TypeAlias = tuple[SourceText, list[Finding]]
_MOST_ROUNDS = 20
_WORD = re.compile(r"[\w.|/+-]+\Z")
_NEEDS_ESCAPES = frozenset("\"'\\\n\r\t#{}[]")


def fixable(finding: Finding, source: SourceText) -> bool:
    """Say whether a finding can be repaired in the text of its file."""
    return bool(finding.edits) and all(_place(edit, source) is not None for edit in finding.edits)


def repaired(
    source: SourceText,
    findings: Iterable[Finding],
    judge: _Judge,
) -> _Made:
    """Return a text with all its safe repairs made, and what is left to find in it.

    A repair may bring to light what it hid, so they are made in rounds until there is none left. A round after which
    the text could not be read any more, or has more findings than it had at first, is made code by code, without those
    that do so.

    Args:
        source: The text.
        findings: What is wrong with it.
        judge: Returns the findings of a text; None where it cannot be read.
    """
    findings = list(findings)
    first = _Count.of(findings)
    for _ in range(_MOST_ROUNDS):
        made = _made(source, findings, judge, first)
        if made is None:
            made = _one_by_one(source, findings, judge, first)
        if made is None:
            # What would make it worse is no repair, and nobody is to be told of one.
            findings = [evolve(each, edits=()) if fixable(each, source) else each for each in findings]
            break
        source, findings = made
    return source, findings


@frozen
class _Count:
    errors: int
    all: int

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> _Count:
        return cls(sum(each.severity is Severity.ERROR for each in findings), len(findings))

    def is_exceeded(self, findings: Sequence[Finding]) -> bool:
        other = _Count.of(findings)
        return other.errors > self.errors or other.all > self.all


def _made(source: SourceText, findings: Iterable[Finding], judge: _Judge, first: _Count) -> _Made | None:
    """Return a text with the repairs of some findings made, and its findings; None where that changes it for worse."""
    following = SourceText(_written(source.text, _places(findings, source)), source.name)
    judged = judge(following) if following.text != source.text else None
    after = None if judged is None else list(judged)
    return None if after is None or first.is_exceeded(after) else (following, after)


def _one_by_one(source: SourceText, findings: Iterable[Finding], judge: _Judge, first: _Count) -> _Made | None:
    codes = {each.code: None for each in findings if fixable(each, source)}
    made = None
    for code in codes if len(codes) > 1 else ():
        better = _made(source, [each for each in findings if each.code == code], judge, first)
        if better is not None:
            made = better
            source, findings = better
    return made


def _places(findings: Iterable[Finding], source: SourceText) -> Iterator[tuple[int, int, str]]:
    """Yield what to write where; of what overlaps, the first only."""
    safe = (finding.edits for finding in findings if fixable(finding, source))
    wanted = {place for edits in safe for edit in edits if (place := _place(edit, source))}
    end = -1
    for place in sorted(wanted):
        if place[0] >= end and not (place[0] == end == place[1]):
            yield place
            end = max(place[1], place[0] + 1 if place[0] == place[1] else place[1])


@lru_cache(maxsize=16)  # many findings share one edit of a long text
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
