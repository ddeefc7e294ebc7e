"""Ignoring findings by comments: ``# ctxschema: ignore CTX161 because ...`` in YAML, template text and shell.

At the end of a line, the comment applies to that line; on a line of its own, to the next line that is not a comment.
``ignore-file`` applies to the whole file.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Iterator

from attrs import define, field

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding
from ctxschema.core.later import later
from ctxschema.core.names import nearest, suggestion
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position, SourceText, Span
from ctxschema.grammar.data import Mapping as DataMapping
from ctxschema.grammar.data import Node, Scalar, scalars
from ctxschema.grammar.data import Sequence as DataSequence
from ctxschema.lint.document import Kind
from ctxschema.lint.readers import read_json, read_yaml, reader_of
from ctxschema.lint.selection import CODES, code_named

_MARKER = later(
    r"(?:(?<=\s)|(?<![^\n])|(?<=\ufeff))#[ \t]*ctxschema:[ \t]*(?P<word>[\w-]*)[ \t:]*(?P<rest>[^\r\n]*)",
    re.IGNORECASE,
)
_NOTHING = later(r"(?:[ \t\r]*(?:#[^\n]*)?\n)+")
_MOST = 1000
_WORDS = ("ignore", "ignore-file")
_CODE = later(r"[ \t,\[]*(?P<code>[A-Za-z][\w-]*)[ \t\]]*(?P<comma>,?)")
_BECAUSE = "because"


@define
class Ignore:
    """One comment that ignores findings.

    Attributes:
        position: Its position.
        ids: The ids of codes to ignore, each with the position of its word.
        line: The line that it applies to, from 1; None for the whole file.
        used: The ids of which there was a finding to ignore.
    """

    position: Position
    ids: dict[str, Position]
    line: int | None
    used: set[str] = field(factory=set)


class _Ignores:
    """The comments of a file, by the codes and lines that they apply to."""

    def __init__(self, ignores: Iterable[Ignore]) -> None:
        self.all = list(ignores)
        self._by_place: dict[tuple[str, int | None], list[Ignore]] = {}
        for each in self.all:
            for code in each.ids:
                self._by_place.setdefault((code, each.line), []).append(each)

    def take(self, finding: Finding) -> bool:
        """Say whether a comment ignores a finding, and mark such comments as used."""
        taking = [each for line in _lines(finding.position) for each in self._by_place.get((finding.code, line), ())]
        for each in taking:
            each.used.add(finding.code)
        return bool(taking)


def _lines(position: Position | None) -> set[int | None]:
    """Return the lines at which a comment applies to a place: its first and last line, and None for the whole file."""
    place = position.outermost if position else None
    if place is None or place.start is None or place.end is None:
        return {None}
    ends = (place.start, max(place.start, place.end - 1))
    return {None, *(place.source.line_and_column(offset)[0] for offset in ends)}


def without_ignored(
    source: SourceText, kind: Kind | None, findings: Iterable[Finding], wanted: Callable[[str], bool]
) -> tuple[list[Finding], int]:
    """Return the findings that no comment ignores, including those about comments, and the number of ignored ones.

    Args:
        source: The text of the file.
        kind: The kind of the file.
        findings: All findings, whether or not they are selected.
        wanted: Says whether a code is selected; only then a comment for it can be superfluous.
    """
    found = list(findings)
    if "ctxschema:" not in source.text.lower():
        return found, 0
    about_comments: list[Finding] = []
    ignores = _Ignores(_ignores(source, kind, about_comments))
    left = [each for each in found if not ignores.take(each)]
    about_comments += (fault for ignore in ignores.all for fault in _unused(ignore, wanted))
    return [*left, *(each for each in about_comments if not ignores.take(each))], len(found) - len(left)


def _unused(ignore: Ignore, wanted: Callable[[str], bool]) -> Iterator[Finding]:
    for code, where in ignore.ids.items():
        if code not in ignore.used and wanted(code) and code not in {codes.IGNORE_UNUSED.id, codes.IGNORE_WORDS.id}:
            reach = "in this file" if ignore.line is None else f"in line {ignore.line}"
            message = f"there is no {code} ({CODES[code].name}) to ignore {reach}"
            edits = (_removal(ignore.position),) if len(ignore.ids) == 1 else ()
            yield codes.IGNORE_UNUSED.at(message, position=where, edits=edits)


def _removal(position: Position) -> Edit:
    """Return the edit that removes a comment with the blanks before it, or with its line if it is alone there."""
    text, start, end = position.source.text, position.start or 0, position.end or 0
    begin = len(text[:start].rstrip(" \t"))
    if begin == 0 or text[begin - 1] == "\n":
        end += 2 if text.startswith("\r\n", end) else 1 if text.startswith("\n", end) else 0
    return Edit(position.source.at(begin, end), "")


def _ignores(source: SourceText, kind: Kind | None, findings: list[Finding]) -> Iterator[Ignore]:
    taken = _taken(source, kind)
    if taken is None:
        return
    taken.sort(key=lambda span: span.start)
    starts = [span.start for span in taken]
    targets = _Targets(source)
    for number, match in enumerate(_MARKER.finditer(source.text)):
        inside = bisect.bisect_right(starts, match.start()) - 1
        if inside >= 0 and match.start() < taken[inside].end:
            continue
        if number == _MOST:
            message = f"there are more than {_MOST:,} such comments; those from here on ignore nothing"
            findings.append(codes.IGNORE_WORDS.at(message, position=source.at(*match.span())))
            return
        position = source.at(*match.span())
        word = match["word"].lower()
        if word not in _WORDS:
            meant = nearest(word, _WORDS) or _WORDS[0]
            message = f"{quoted(word)} is nothing that ctxschema could be told" if word else "nothing is said"
            findings.append(
                codes.IGNORE_WORDS.at(message, position=position, repair=f"write {meant}, a code and a reason")
            )
            continue
        named = _named(source, match["rest"], match.start("rest"), position, findings)
        yield Ignore(position, named, None if word == "ignore-file" else targets.of(match.start()))


def _named(source: SourceText, rest: str, start: int, whole: Position, findings: list[Finding]) -> dict[str, Position]:
    """Return the codes after the word, separated by commas or blanks, up to the reason, with their positions."""
    named: dict[str, Position] = {}
    at, more = 0, True
    while match := _CODE.match(rest, at):
        word, where = match["code"], source.at(start + match.start("code"), start + match.end("code"))
        found = code_named(word)
        if word.lower() == _BECAUSE or (found is None and not more and not word.upper().startswith("CTX")):
            break
        if found is None:
            message = f"{quoted(word)} is no code{suggestion(word, [*CODES, *(code.name for code in CODES.values())])}"
            findings.append(codes.IGNORE_WORDS.at(message, position=where, repair="write a code, such as CTX161"))
        else:
            named[found] = where
        at, more = match.end(), bool(match["comma"])
    if at == 0:
        repair = "write a code behind it, such as CTX161"
        findings.append(codes.IGNORE_WORDS.at("it names no code to ignore", position=whole, repair=repair))
    return named


class _Targets:
    """Finds the line that each comment applies to, for ascending offsets."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._following = 0  # the offset before which nothing but comments follows the last one

    def of(self, at: int) -> int:
        """Return the line of a comment, or the next line that is neither a comment nor blank."""
        text = self._source.text
        if text[text.rfind("\n", 0, at) + 1 : at].strip("\ufeff \t"):
            return self._source.line_and_column(at)[0]
        if at >= self._following:
            nothing = _NOTHING.match(text, at)
            self._following = nothing.end() if nothing else at
        return self._source.line_and_column(self._following)[0]


# ---- where a number sign begins no comment ----


def _taken(source: SourceText, kind: Kind | None) -> list[Span] | None:
    """Return the spans of a text in which a number sign begins no comment; None if it never does in this file."""
    reader = reader_of(source)
    if reader is read_json:
        return None
    if reader is read_yaml:
        from ctxschema.grammar.yaml_document import parse_yaml

        root, _ = parse_yaml(source)
        every = [*scalars(root), *_keys(root)]
        # A block scalar holds other text, usually of a template, in which comments look the same.
        return [each.span for each in every if source.text[each.span.start : each.span.start + 1] in {'"', "'"}]
    if kind is Kind.TEMPLATE:
        from ctxschema.grammar.parser import parse_template

        spans: list[Span] = []
        for item in parse_template(source).items:
            values = [member.value for member in item.members] if isinstance(item.value, tuple) else [item.value]
            spans += (value.span for value in values)
        return spans
    return []


def _keys(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, DataMapping):
        for key, inner in node.pairs:
            yield key
            yield from _keys(inner)
    elif isinstance(node, DataSequence):
        for item in node.items:
            yield from _keys(item)
