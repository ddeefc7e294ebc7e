"""Repairs: what a finding says to write, written, and everything else left byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher

from attrs import evolve

from ctxschema.core.finding import Edit, Finding
from ctxschema.core.source import Position, SourceText

_MOST_ROUNDS = 20
_MOST_COMPARED = 4_000_000
_WORD = re.compile(r"[\w.|/+-]+\Z")
_NEEDS_ESCAPES = frozenset("\"'\\\n\r\t#{}[]")
_TOKEN = re.compile(r"\s+|[^\s,|]+|[,|]")

Place = tuple[int, int, str]
"""Where a text is to be written in a file: start, end, and the text."""


def settled(finding: Finding, source: SourceText) -> Finding:
    """Return a finding whose edits are those to make in its file; without any where they cannot be made there."""
    if all(edit.position.source is source for edit in finding.edits):
        return finding
    places = [_places_of(edit, source) for edit in finding.edits]
    edits = tuple(Edit(source.at(start, end), text) for each in places if each for start, end, text in each)
    return evolve(finding, edits=edits if all(places) else ())


def fixable(finding: Finding, source: SourceText, *, unsafe: bool = False) -> bool:
    """Say whether a finding can be repaired in the text of its file, by what is safe or by anything."""
    return bool((finding.safe or unsafe) and settled(finding, source).edits)


def repaired(
    source: SourceText,
    findings: Iterable[Finding],
    judge: Callable[[SourceText], Iterable[Finding] | None],
    *,
    unsafe: bool = False,
    made: list[Finding] | None = None,
) -> tuple[SourceText, Iterable[Finding]]:
    """Return a text with all its repairs made, and what is left to find in it.

    A repair may bring to light what it hid, so they are made in rounds until there is none left; a round after which
    the text could not be read any more is not made.

    Args:
        source: The text.
        findings: What is wrong with it.
        judge: Returns the findings of a text; None where it cannot be read.
        unsafe: Whether to make repairs that change what a user may type, too.
        made: Gets the findings that were repaired, with their place in the text as it was in their round.
    """
    for _ in range(_MOST_ROUNDS):
        findings = list(findings)
        places, done = _chosen(findings, source, unsafe=unsafe)
        following = SourceText(_written(source.text, places), source.name)
        after = judge(following) if following.text != source.text else None
        if after is None:
            break
        if made is not None:
            made += done
        source, findings = following, after
    return source, findings


def _chosen(findings: Iterable[Finding], source: SourceText, *, unsafe: bool) -> tuple[list[Place], list[Finding]]:
    """Return what to write where, in order, and the findings that it repairs; of what overlaps, the first only."""
    wanted: dict[Place, None] = {}
    ready = [(finding, settled(finding, source)) for finding in findings if finding.safe or unsafe]
    for _, finding in ready:
        wanted |= dict.fromkeys(_place(edit.position, edit.text) for edit in finding.edits)
    kept = list(_apart(sorted(wanted)))
    chosen = set(kept)
    done = [
        finding
        for finding, own in ready
        if own.edits and all(_place(edit.position, edit.text) in chosen for edit in own.edits)
    ]
    return kept, done


def _apart(places: Iterable[Place]) -> Iterator[Place]:
    end = -1
    for place in places:
        if place[0] >= end and not (place[0] == end == place[1]):
            yield place
            end = max(place[1], place[0] + 1 if place[0] == place[1] else place[1])


def _place(position: Position, text: str) -> Place:
    return position.start or 0, position.end or 0, text


def _places_of(edit: Edit, source: SourceText) -> list[Place] | None:
    """Return where an edit stands in the file, or None where it cannot simply be written there."""
    inner, outer = edit.position, edit.position.outermost
    if outer.source is not source or outer.start is None or outer.end is None:
        return None
    if inner.source is source:
        return [(outer.start, outer.end, edit.text)]
    here = inner.source.text[inner.start : inner.end]
    if edit.text.startswith('"') and edit.text[1:-1] == here:  # a scalar that only lacks its quotes
        return [(outer.start, outer.end, edit.text)]
    if inner.source.bare and not _WORD.match(edit.text):
        return None
    # Inside a string of YAML or JSON, what is written has to need no escape, and so has what stood there.
    raw = source.text[outer.start : outer.end]
    if "".join(raw.split()) != "".join(here.split()) or _NEEDS_ESCAPES & set(edit.text):
        return None
    return [(outer.start, outer.end, edit.text)] if "\n" not in raw else _between_lines(inner, here, edit.text, source)


def _between_lines(inner: Position, here: str, text: str, source: SourceText) -> list[Place] | None:
    """Return how to write a text that stands in several lines without joining any; None where that is not possible.

    Only the words that differ are written, and a line end between two of them stays where it is.
    """
    old, new = list(_TOKEN.finditer(here)), _TOKEN.findall(text)
    if not old or len(old) * len(new) > _MOST_COMPARED:
        return None
    spans = [Position(inner.source, *(at + (inner.start or 0) for at in match.span())).outermost for match in old]
    bounds = [(span.start or 0, span.end or 0) for span in spans]
    kept = ["\n" in source.text[start:end] for start, end in bounds]
    places: list[Place] = []
    matcher = SequenceMatcher(None, [match.group() for match in old], new, autojunk=False)
    for kind, begin, stop, first, last in matcher.get_opcodes():
        changed = [number for number in range(begin, stop) if not kept[number]]
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
