"""Applying the edits of findings to a text; everything else stays byte for byte the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeAlias

from attrs import evolve, frozen

from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.later import later
from ctxschema.core.source import Position, SourceText

_Judge: TypeAlias = "Callable[[SourceText], Iterable[Finding] | None]"
_Made: TypeAlias = tuple[SourceText, list[Finding], list[Finding]]
_MOST_ROUNDS = 20
_MOST_JUDGED = 100_000
"""How many characters all rounds may lint together; the rest of a very large text is left for another run."""

_MOST_COMPARED = 4_000_000
_WORD = later(r"[\w.|/+-]+\Z")
_NEEDS_ESCAPES = frozenset("\"'\\\n\r\t#{}[]")
_TOKEN = later(r"\s+|[^\s,|]+|[,|]")

Place = tuple[int, int, str]
"""A replacement in a file: start, end, and the new text."""


def settled(finding: Finding, source: SourceText) -> Finding:
    """Return a finding with its edits translated to its file; without edits if they cannot be made there."""
    if all(edit.position.source is source for edit in finding.edits):
        return finding
    places = [_places_of(edit, source) for edit in finding.edits]
    edits = tuple(Edit(source.at(start, end), text) for each in places if each for start, end, text in each)
    return evolve(finding, edits=edits if all(places) else ())


def fixable(finding: Finding, source: SourceText, *, unsafe: bool = False) -> bool:
    """Say whether a finding can be repaired in its file: by safe edits, or with ``unsafe`` by any."""
    return bool((finding.safe or unsafe) and settled(finding, source).edits)


def repaired(
    source: SourceText,
    findings: Iterable[Finding],
    judge: _Judge,
    *,
    unsafe: bool = False,
    made: list[Finding] | None = None,
) -> tuple[SourceText, list[Finding]]:
    """Return a text with all repairs made, and the findings that are left.

    A repair may reveal further findings, so repairs are made in rounds until none is left. If a round would make the
    text unreadable, or leave more findings than there were at first, its repairs are made code by code, without those
    that would do so.

    Args:
        source: The text.
        findings: Its findings.
        judge: Returns the findings of a text; None if it cannot be read.
        unsafe: Whether to make unsafe edits as well.
        made: A list that gets the repaired findings, with their positions in the text of their round.
    """
    findings = list(findings)
    rounds = _Rounds(judge, _Count.of(findings), unsafe=unsafe)
    done: list[Finding] = [] if made is None else made
    for _ in range(min(_MOST_ROUNDS, _MOST_JUDGED // (len(source.text) + 1) + 1)):
        better = rounds.all_at_once(source, findings) or rounds.one_by_one(source, findings)
        if better is None:
            # Edits that would make it worse are removed, so that they are not suggested either.
            findings = [evolve(each, edits=()) if rounds.may(each, source) else each for each in findings]
            break
        source, findings, repaired_now = better
        done += repaired_now
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


@frozen
class _Rounds:
    """Rounds of repairs; no round may leave more findings than there were at first."""

    judge: _Judge
    first: _Count
    unsafe: bool

    def may(self, finding: Finding, source: SourceText) -> bool:
        return fixable(finding, source, unsafe=self.unsafe)

    def all_at_once(self, source: SourceText, findings: Sequence[Finding]) -> _Made | None:
        """Return the text with the edits of some findings made; None if there are none, or they make it worse."""
        places, done = _chosen([each for each in findings if self.may(each, source)], source)
        following = SourceText(_written(source.text, places), source.name)
        judged = self.judge(following) if following.text != source.text else None
        after = None if judged is None else list(judged)
        return None if after is None or self.first.is_exceeded(after) else (following, after, done)

    def one_by_one(self, source: SourceText, findings: Sequence[Finding]) -> _Made | None:
        """Return the text with edits made one code after another, without those that make it worse."""
        codes = {each.code: None for each in findings if self.may(each, source)}
        repaired_so_far: list[Finding] = []
        for code in codes:
            better = self.all_at_once(source, [each for each in findings if each.code == code])
            if better is not None:
                source, findings, done = better
                repaired_so_far += done
        return (source, list(findings), repaired_so_far) if repaired_so_far else None


def _chosen(findings: Iterable[Finding], source: SourceText) -> tuple[list[Place], list[Finding]]:
    """Return the replacements of fixable findings in order, and which they repair; of overlapping ones the first."""
    wanted: dict[Place, None] = {}
    ready = [(finding, [_place(edit) for edit in settled(finding, source).edits]) for finding in findings]
    for _, places in ready:
        wanted |= dict.fromkeys(places)
    places_kept = list(_apart(sorted(wanted)))
    chosen = set(places_kept)
    return places_kept, [finding for finding, places in ready if chosen.issuperset(places)]


def _apart(places: Iterable[Place]) -> Iterator[Place]:
    end = -1
    for place in places:
        if place[0] >= end and place[1] > end:
            yield place
            end = max(place[1], place[0] + 1)


def _place(edit: Edit) -> Place:
    return edit.position.start or 0, edit.position.end or 0, edit.text


@lru_cache(maxsize=16)  # many findings share the same edit of a long text
def _places_of(edit: Edit, source: SourceText) -> list[Place] | None:
    """Return the replacements in the file for an edit, or None if it cannot be made there."""
    inner, outer = edit.position, edit.position.outermost
    if outer.source is not source or outer.start is None or outer.end is None:
        return None
    if inner.source is source:
        return [(outer.start, outer.end, edit.text)]
    here = inner.source.text[inner.start : inner.end]
    if edit.text.startswith('"') and edit.text[1:-1] == here:  # only quotes are added
        return [(outer.start, outer.end, edit.text)]
    if inner.source.bare and not _WORD.match(edit.text):
        return None
    # Within a YAML or JSON string, neither the old nor the new text may need escapes.
    raw = source.text[outer.start : outer.end]
    if "".join(raw.split()) != "".join(here.split()) or _NEEDS_ESCAPES & set(edit.text):
        return None
    return [(outer.start, outer.end, edit.text)] if "\n" not in raw else _between_lines(inner, here, edit.text, source)


def _between_lines(inner: Position, here: str, text: str, source: SourceText) -> list[Place] | None:
    """Return replacements for a text of several lines that keep its line ends; None if that is impossible.

    Only words that differ are replaced, and a line end between two of them stays in place.
    """
    old, new = list(_TOKEN.finditer(here)), _TOKEN.findall(text)
    if not old or len(old) * len(new) > _MOST_COMPARED:
        return None
    spans = [Position(inner.source, *(at + (inner.start or 0) for at in match.span())).outermost for match in old]
    bounds = [(span.start or 0, span.end or 0) for span in spans]
    holds_line_end = ["\n" in source.text[start:end] for start, end in bounds]
    places: list[Place] = []
    matcher = SequenceMatcher(None, [match.group() for match in old], new, autojunk=False)
    for kind, begin, stop, first, last in matcher.get_opcodes():
        changed = [number for number in range(begin, stop) if not holds_line_end[number]]
        written = "".join(new[first:last])
        if kind == "equal" or not (changed or written):
            continue  # nothing, or only a line end, would change
        if changed:
            start, end = bounds[changed[0]][0], bounds[changed[-1]][1]
        else:
            start = end = bounds[begin][0] if begin < len(bounds) else bounds[-1][1]
        if "\n" in source.text[start:end]:
            return None
        places.append((start, end, written))
    return places or None


def _written(text: str, places: Iterable[Place]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, new in places:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])
