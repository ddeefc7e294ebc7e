r"""Parsing template text in which a mistake with quotes spoils all that follows: it is reported once, and mended.

An unescaped double quote inside a value, a backslash before the closing quote, and single quotes all make the server's
lexer end a value too early or too late. Possible corrections are tried: the mistake is one whose correction leaves
fewer errors in the text, and none before its place. Source: docs/facts/opennebula.md, sections 2.2 and 2.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, islice

from attrs import frozen

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Edit, Finding
from ctxschema.core.later import later
from ctxschema.core.source import SourceText
from ctxschema.grammar.ast import Template
from ctxschema.grammar.nodes import Value
from ctxschema.grammar.parser import parse_template

_BACK = 5000
"""How many characters before an error its cause is searched."""

_MOST_PARSED = 100_000
"""How many characters may be parsed to find causes; more would be needed only for a hostile text."""

_OPENED, _CLOSED = "\u2018\u2019\u201c\u201d\u201e\u00ab", "\u2018\u2019\u201c\u201d\u00bb"
_IS = r"(?<!\w)(?P<name>\w+)[ \t]*=[ \t]*"
_FOLLOWS = r"(?=[ \t]*(?:$|[#\]]|,[ \t]*(?:$|\#|\w+[ \t]*=)))"
_DOUBLE = later(f'{_IS}"(?=(?P<rest>.*))')
_CLOSES = later(f'"{_FOLLOWS}')
_OTHER = later(
    rf"{_IS}(?P<value>'[^'\n]+'|[{_OPENED}][^{_OPENED}{_CLOSED}\n]+[{_CLOSED}]){_FOLLOWS}",
    re.MULTILINE,
)
_UNCLOSED = later(rf'{_IS}"(?P<inner>[^"]*?)(?=,?[ \t]*$)', re.MULTILINE)
_LINES = later(rf'{_IS}"(?=[^"]*\n)')
_ENDS = later(r'"(?=\s*(?:\Z|\])|[ \t]*[,\n]\s*\w+[ \t]*=)')
_MOST_ENDS = 12
_MOST_PIPES = 4
"""The pipes in a definition; a value with more of them has taken the next definition for a part of itself."""
_NO_QUOTES = f"'{_OPENED}{_CLOSED}"
_BARE_QUOTE = later(r'(?<!\\)"')
_SPOILED = {codes.SYNTAX.id, codes.DROPPED.id, codes.GLUED_QUOTE.id}


@frozen
class _Cause:
    """A mistake: its name, the text to replace and its replacement, its place, and the beginning of its value."""

    place: int
    start: int
    end: int
    text: str
    at: int
    name: str
    message: str
    repair: str
    accepted_as: Code
    write: bool


def mended(source: SourceText) -> tuple[Template, list[Finding]]:
    """Parse a template text; mistakes with quotes are reported once, and the values are read as they were meant.

    Returns:
        The template as it was meant, with positions in the actual text, and the findings.
    """
    return _Mending(source).done()


class _Mending:
    def __init__(self, source: SourceText) -> None:
        self.whole = source
        self.source = source
        self.template = parse_template(source)
        self.parsed = 0

    def done(self) -> tuple[Template, list[Finding]]:
        findings: list[Finding] = []
        known: set[tuple[str, int]] = set()
        while (found := self.first()) is not None:
            cause, source, template = found
            if (cause.name, cause.place) not in known:  # a value of several lines may need several corrections
                known.add((cause.name, cause.place))
                findings.append(self.finding_of(cause))
            self.source, self.template = source, template
        return self.template, [*findings, *self.template.findings]

    def first(self) -> tuple[_Cause, SourceText, Template] | None:
        """Return the mistake that explains the first error, with the corrected text and its template."""
        error_at = _first_error(self.template)
        if error_at is not None:
            # Of several mistakes at the same place, the one whose correction leaves the fewest errors is taken, but
            # rather one that does not take the next definition for a part of this one.
            nearest = sorted(_causes(self.source.text, error_at), key=lambda cause: -cause.place)
            for _, causes in groupby(nearest, key=lambda cause: cause.place):
                found = [(cause, *tried) for cause in causes if (tried := self.tried(cause)) is not None]
                better = [each for each in found if self.explains(each[0], each[2], error_at)]
                if better:
                    return min(better, key=lambda each: (each[0].text.count("|") > _MOST_PIPES, _count(each[2])))
        for name, value in _otherwise_quoted(self.template):
            cause = _other(self.source.text, value.span.start, value.span.end, name)
            tried = self.tried(cause)
            return None if tried is None else (cause, *tried)
        return None

    def explains(self, cause: _Cause, template: Template, error_at: int) -> bool:
        """Say whether a correction leaves fewer errors, or moves the first error further on."""
        later = _first_error(template)
        end = cause.start + len(cause.text)
        before, after = _count(self.template), _count(template)
        if later is None or (after < before and later >= end):
            return True
        return after <= before and later > max(end, error_at + len(cause.text) - (cause.end - cause.start))

    def tried(self, cause: _Cause) -> tuple[SourceText, Template] | None:
        """Return the corrected text and its template; None if parsing it would exceed the limit."""
        before = self.source
        self.parsed += len(before.text)
        if self.parsed > _MOST_PARSED:
            return None
        text = before.text[: cause.start] + cause.text + before.text[cause.end :]
        anchors = _anchors(before.text[cause.start : cause.end], cause.text, cause.start)
        source = SourceText(text, before.name, before.confidential, before, anchors)
        return source, parse_template(source)

    def finding_of(self, cause: _Cause) -> Finding:
        code = cause.accepted_as if self.template.ok else codes.SYNTAX
        where = self.source.at(cause.at, cause.at + 1)
        whole = self.source.at(cause.start, cause.end).outermost
        # In a YAML or JSON string, quotes need other escapes.
        edits = (Edit(whole, cause.text),) if cause.write and self.whole.parent is None else ()
        # Where the server accepts the text as it is, somebody may rely on it, but not on a definition with such quotes.
        safe = not self.template.ok or code is not codes.SINGLE_QUOTES or cause.text.count("|") > 1
        return code.at(
            cause.message, variable=cause.name.upper(), position=where, repair=cause.repair, edits=edits, safe=safe
        )


def _anchors(old: str, new: str, start: int) -> tuple[tuple[int, int], ...]:
    """Return anchors between a text and the same with one piece replaced; added characters have the piece's place."""
    anchors = [(0, 0)]
    at = 0
    for here, character in enumerate(new):
        if at < len(old) and (character == old[at] or (character == '"' and old[at] in _NO_QUOTES)):
            at += 1
            continue
        place = start + at if at < len(old) else start - 1
        anchors += [(start + here, place), (start + here + 1, start + at)]
    anchors.append((start + len(new), start + len(old)))
    return tuple(anchors)


def _otherwise_quoted(template: Template) -> Iterator[tuple[str, Value]]:
    for item in template.items:
        if not isinstance(item.value, tuple):
            values = [(item.name, item.value)]
        else:
            values = [(member.name, member.value) for member in item.value]
        for name, value in values:
            text = value.text
            pair = len(text) > 1 and text[0] in _NO_QUOTES and text[-1] in _NO_QUOTES
            if not value.quoted and pair and (text[0] == "'") == (text[-1] == "'"):
                yield name, value


def _first_error(template: Template) -> int | None:
    places = [finding.position for finding in template.findings if finding.code in _SPOILED]
    return min((place.start for place in places if place is not None and place.start is not None), default=None)


def _count(template: Template) -> int:
    return sum(finding.code in _SPOILED for finding in template.findings)


def _causes(text: str, error_at: int) -> Iterator[_Cause]:
    """Yield possible mistakes on the line of an error, or on those before it."""
    start = text.rfind("\n", 0, max(error_at - _BACK, 0)) + 1
    piece = text[start:error_at] + text[error_at : error_at + _BACK].partition("\n")[0]
    for match in _DOUBLE.finditer(piece):
        for close in islice(_CLOSES.finditer(match["rest"]), _MOST_ENDS):
            yield from _double(match["name"], match["rest"][: close.start()], start + match.end())
    for match in _OTHER.finditer(piece):
        yield _other(text, start + match.start("value"), start + match.end("value"), match["name"])
    for match in _UNCLOSED.finditer(piece):
        at, name = start + match.end("inner"), match["name"]
        message = f"the quote before the value of {name} is never closed"
        begin, repair = start + match.start("inner"), 'write a " behind the value'
        yield _Cause(begin, at, at, '"', begin - 1, name, message, repair, codes.GLUED_QUOTE, write=False)
    yield from _over_lines(text, start, error_at)


def _double(name: str, inner: str, begin: int) -> Iterator[_Cause]:
    """Yield possible mistakes in a value on one line in double quotes."""
    stop = begin + len(inner)
    bare = _BARE_QUOTE.search(inner)
    if inner.endswith("\\"):
        message = f"the backslash at the end of {name} escapes the closing quote"
        repair = "leave the backslash out, or hand the value over in base64"
        yield _Cause(begin, stop - 1, stop, "", stop - 1, name, message, repair, codes.GLUED_QUOTE, write=False)
    elif bare is not None and bare.start() == len(inner) - 1:
        message = f"there is a double quote too many behind the value of {name}"
        yield _Cause(begin, stop - 1, stop, "", stop, name, message, "remove it", codes.GLUED_QUOTE, write=True)
    elif bare is not None:
        message = f"a double quote inside the value of {name} ends it"
        repair = 'write \\" for the quotes inside the value'
        escaped = _BARE_QUOTE.sub(r'\\"', inner)
        at = begin + bare.start()
        yield _Cause(begin, begin, stop, escaped, at, name, message, repair, codes.GLUED_QUOTE, write=True)


def _over_lines(text: str, start: int, error_at: int) -> Iterator[_Cause]:
    """Yield values of several lines, such as scripts, that contain double quotes."""
    for match in [*_LINES.finditer(text, start, error_at)][-3:]:
        begin, name = match.end(), match["name"]
        for end in islice(_ENDS.finditer(text, error_at), _MOST_ENDS):
            inner = text[begin : end.start()]
            bare = _BARE_QUOTE.search(inner)
            if bare is not None:
                message = f"a double quote inside the value of {name} ends it"
                escaped, at = _BARE_QUOTE.sub(r'\\"', inner), begin + bare.start()
                repair = 'write \\" for the quotes inside the value'
                stop = end.start()
                yield _Cause(begin, begin, stop, escaped, at, name, message, repair, codes.GLUED_QUOTE, write=False)


def _other(text: str, start: int, end: int, name: str) -> _Cause:
    inner = text[start + 1 : end - 1]
    which = "single" if text[start] == "'" else "typographic"
    message = f"{name} stands in {which} quotes, which the server takes for a part of the value"
    written = '"' + inner.replace('"', '\\"') + '"'
    repair = codes.SINGLE_QUOTES.repair
    return _Cause(start, start, end, written, start, name, message, repair, codes.SINGLE_QUOTES, write=True)
