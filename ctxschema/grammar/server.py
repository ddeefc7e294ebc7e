"""What the server makes of a template: its verdict, what it keeps, and what it does without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.secret import quoted
from ctxschema.core.source import SourceText
from ctxschema.grammar.ast import Attribute, Fault, Value
from ctxschema.grammar.types import BLANKS

_ESCAPED_QUOTE = re.compile(r'\\"')


def attributes_kept(items: Iterable[Attribute]) -> list[tuple[str, str | dict[str, str]]]:
    """Return what the server keeps: pairs sorted by name, equal names in their order."""
    return sorted(((item.key, item.kept) for item in items), key=lambda pair: pair[0].encode())


def inner_text(value: Value, source: SourceText) -> SourceText:
    """Return a value as a text of its own, trimmed as the server trims it, that knows where it stood."""
    start = value.span.start + value.quoted
    raw = source.text[start : value.span.end - value.quoted]
    anchors = [(0, start)]
    for removed, match in enumerate(_ESCAPED_QUOTE.finditer(raw)):
        anchors.append((match.start() - removed, start + match.start() + 1))
    whole = SourceText(value.text, source.name, source.confidential, source, tuple(anchors))
    margin = len(value.text) - len(value.text.lstrip(BLANKS))
    if value.text == value.kept:
        return whole
    return SourceText(value.kept, source.name, source.confidential, whole, ((0, margin),))


def analyse_template(
    source: SourceText,
    items: Sequence[Attribute],
    faults: Iterable[Fault],
    dropped: Iterable[tuple[int, int]],
) -> Iterator[Finding]:
    """Yield what is wrong with a template text, its definitions aside."""
    for fault in faults:
        code = codes.CDATA_END if fault.message.startswith("]]>") else codes.SYNTAX
        yield code.at(fault.message, position=source.span(fault.span))
    for start, end in dropped:
        text = source.text[start:end].strip(BLANKS)
        if text == "\ufeff":
            yield codes.DROPPED.at("a byte order mark", position=source.at(start, end))
        elif text:
            yield codes.DROPPED.at(f"the server drops {quoted(text)}", position=source.at(start, end))
    nul = source.text.find("\0")
    if nul >= 0:
        yield codes.TRUNCATED.at("a NUL ends the template here", position=source.at(nul, nul + 1))
    crlf = source.text.find("\r\n")
    if crlf >= 0:
        yield _crlf(source, items, crlf)
    for item in items:
        yield from _user_inputs(source, item)


def _crlf(source: SourceText, items: Iterable[Attribute], first: int) -> Finding:
    values = [value for item in items for value in _values(item)]
    spoilt = [value for value in values if value.text.endswith('"\r') and value.text.startswith('"')]
    if spoilt:
        message = "the line ends in CRLF, so the server keeps the quotes as part of the value"
        return codes.CRLF.at(message, severity=Severity.ERROR, position=source.span(spoilt[0].span))
    return codes.CRLF.at("the lines end in CRLF", position=source.at(first, first + 2))


def _values(item: Attribute) -> list[Value]:
    return [member.value for member in item.value] if isinstance(item.value, tuple) else [item.value]


def _user_inputs(source: SourceText, item: Attribute) -> Iterator[Finding]:
    if item.key == "USER_INPUT":
        message = f"{item.name} is read by nobody; the attribute is USER_INPUTS"
        yield codes.SINGULAR.at(message, variable=item.key, position=source.span(item.name_span))
    elif item.key == "USER_INPUTS" and not isinstance(item.value, tuple):
        message = "USER_INPUTS is a single value; it takes a vector of definitions"
        yield codes.INPUTS_NOT_VECTOR.at(message, variable=item.key, position=source.span(item.span))
