"""What the server does with a template: whether it accepts it, what it stores, and what it changes silently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from attrs import evolve

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.secret import quoted
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.nodes import Attribute, Fault, Value, fits_xml
from ctxschema.grammar.types import BLANKS

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPED_QUOTE = re.compile(r'\\"')


def attributes_kept(items: Iterable[Attribute]) -> list[tuple[str, str | dict[str, str]]]:
    """Return what the server stores: pairs sorted by name; those with equal names stay in order."""
    return sorted(((item.key, item.kept) for item in items), key=itemgetter(0))


def inner_text(value: Value, source: SourceText) -> SourceText:
    """Return a value as a text with positions, trimmed as the server trims it."""
    start = value.span.start + value.quoted
    raw = source.text[start : value.span.end - value.quoted]
    anchors = [(0, start)]
    for removed, match in enumerate(_ESCAPED_QUOTE.finditer(raw)):
        anchors.append((match.start() - removed, start + match.start() + 1))
    whole = SourceText(value.text, source.name, source.confidential, source, tuple(anchors), bare=not value.quoted)
    margin = len(value.text) - len(value.text.lstrip(BLANKS))
    if value.text == value.kept:
        return whole
    return SourceText(value.kept, source.name, source.confidential, whole, ((0, margin),))


def analyse_template(
    source: SourceText,
    items: Sequence[Attribute],
    holding: Sequence[Attribute],
    faults: Iterable[Fault],
    dropped: Iterable[tuple[int, int]],
) -> Iterator[Finding]:
    """Yield the findings about a template text, except those about its definitions.

    Args:
        source: The text.
        items: Its attributes.
        holding: Those attributes that hold definitions.
        faults: The faults of its syntax.
        dropped: The spans that match nothing.
    """
    for fault in faults:
        code = codes.CDATA_END if fault.message.startswith("]]>") else codes.SYNTAX
        edits: tuple[Edit, ...] = ()
        repair = code.repair
        if fault.edit is not None:
            span, text = fault.edit
            edits = (Edit(source.span(span), text),)
            repair = f"write the {text}" if text else "remove it"
        yield code.at(fault.message, position=source.span(fault.span), edits=edits, repair=repair)
    for start, end in dropped:
        text = source.text[start:end].strip(BLANKS)
        if text == "\ufeff":
            where = source.at(start, end)
            yield codes.DROPPED.at("a byte order mark", position=where, edits=(Edit(where, ""),))
        elif text:
            yield codes.DROPPED.at(f"the server drops {quoted(text)}", position=source.at(start, end))
    nul = source.text.find("\0")
    if nul >= 0:
        yield codes.TRUNCATED.at("a NUL ends the template here", position=source.at(nul, nul + 1))
    crlf = source.text.find("\r\n")
    if crlf >= 0:
        yield _crlf(source, items, crlf)
    yield from _user_inputs(source, holding)
    for item in items:
        yield from _unsafe_findings(source, item)


def _crlf(source: SourceText, items: Iterable[Attribute], first: int) -> Finding:
    values = [value for item in items for value in _values(item)]
    edits = (Edit(source.at(0, len(source.text)), source.text.replace("\r\n", "\n")),)
    spoilt = [value for value in values if value.text.endswith('"\r') and value.text.startswith('"')]
    if spoilt:
        message = "the line ends in CRLF, so the server keeps the quotes as part of the value"
        return codes.CRLF.at(message, severity=Severity.ERROR, position=source.span(spoilt[0].span), edits=edits)
    return codes.CRLF.at("the lines end in CRLF", position=source.at(first, first + 2), edits=edits)


def _values(item: Attribute) -> list[Value]:
    return [member.value for member in item.value] if isinstance(item.value, tuple) else [item.value]


def _unsafe_findings(source: SourceText, item: Attribute) -> Iterator[Finding]:
    """Find what the server accepts but cannot store, or stores differently from how it looks."""
    if isinstance(item.value, tuple):
        if not item.value and not item.faults:
            message = f"{item.name} is an empty vector, which vanishes when the server stores it"
            severity = None
            if item.key == "CONTEXT":
                message, severity = "an empty CONTEXT fails the instantiation", Severity.ERROR
            yield codes.EMPTY_VECTOR.at(message, variable=item.key, position=source.span(item.span), severity=severity)
        yield from _member_findings(source, item)
    for value in () if item.faults else _values(item):
        text = value.text
        if "]]>" in text:
            message = "]]> inside a value corrupts the stored template"
            yield codes.CDATA_END.at(message, position=source.span(value.span))
        if not text.isprintable() and (match := _CONTROL.search(text)):
            message = f"the value of {item.name} holds the control character {quoted(match.group())}"
            yield codes.CONTROL_CHARACTER.at(message, variable=item.key, position=source.span(value.span))
        if not value.quoted and text.startswith('"') and not text.endswith("\r"):
            message = "text glued to the closing quote" if text.count('"') > 1 else "a quote that is never closed"
            message = f"{message}: the server keeps the quotes"
            yield codes.GLUED_QUOTE.at(message, position=source.span(value.span))


def _member_findings(source: SourceText, item: Attribute) -> Iterator[Finding]:
    seen: set[str] = set()
    for member in item.members:
        name = member.name
        key = name.upper()
        if not fits_xml(name):
            message = f"{name} in {item.name} makes the stored template unreadable"
            yield codes.MEMBER_NAME.at(message, variable=key, position=source.span(member.name_span))
        if key in seen:
            message = f"{key} stands twice in {item.name}; the server keeps the first"
            yield codes.MEMBER_REPEATED.at(message, variable=key, position=source.span(member.name_span))
        seen.add(key)


def _user_inputs(source: SourceText, items: Sequence[Attribute]) -> Iterator[Finding]:
    seen = False
    alone = len(items) == 1
    for item in items:
        for finding in input_attribute_findings(source, item.key, item.kept, item.name_span):
            if item.key == "USER_INPUT" and item.members and alone:
                yield evolve(finding, edits=(Edit(source.span(item.name_span), "USER_INPUTS"),))
            else:
                yield finding
        if item.key == "USER_INPUTS":
            if seen:
                message = "USER_INPUTS stands twice; the command line crashes on that"
                where = source.span(item.name_span)
                yield codes.INPUTS_REPEATED.at(message, variable=item.key, position=where)
            seen = True


def input_attribute_findings(
    source: SourceText, name: str, value: str | dict[str, str], name_span: Span
) -> Iterator[Finding]:
    """Yield the findings about an attribute that holds definitions, or is meant to."""
    where = source.span(name_span)
    if name == "USER_INPUT":
        message = f"{name} is read by nobody; the attribute is USER_INPUTS"
        yield codes.SINGULAR.at(message, variable=name, position=where)
    elif name == "USER_INPUTS" and isinstance(value, str):
        message = "USER_INPUTS is a single value; it takes a vector of definitions"
        yield codes.INPUTS_NOT_VECTOR.at(message, variable=name, position=where)
