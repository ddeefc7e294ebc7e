"""Building trees with Lark, for text that is not plain. Only this module, lexer.py and json_document.py import Lark."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, Tree

from ctxschema.core.source import Span
from ctxschema.grammar.lexer import FlexLexer, PlainToken, Scan
from ctxschema.grammar.nodes import Attribute, Fault, Member, Value
from ctxschema.grammar.plain import Run, grammar
from ctxschema.grammar.types import BLANKS


@cache
def user_input_parser() -> Lark:
    """Return the parser of a definition, and of the params of a list or a range."""
    return Lark(grammar("user_input.lark"), parser="lalr", start=["start", "options", "range"])


@cache
def template_parser() -> Lark:
    """Return the parser of template text; its input is a `Scan`."""
    return Lark(grammar("template.lark"), parser="lalr", lexer=FlexLexer, transformer=_ToTree())


def pieces_of(text: str, start: str) -> list[str]:
    """Return the pieces of a text between separators, by a rule of user_input.lark."""
    tree = user_input_parser().parse(text, start=start)
    return ["".join(map(str, child.children)) for child in tree.children if isinstance(child, Tree)]


def attributes(text: str, run: Run | None) -> tuple[list[Attribute], list[Fault], list[tuple[int, int]]]:
    """Return the attributes of a template text, the faults between them, and the spans that match nothing.

    Args:
        text: The text, without NUL.
        run: The plain attributes at its beginning; None if nothing in it is plain.
    """
    scan: Any = Scan(text, run)
    parsed: Any = template_parser().parse(scan)
    return *parsed, scan.dropped


def _span(first: Any, last: Any = None) -> Span:
    """Return the span of tokens without the blanks that the lexer included."""
    last = first if last is None else last
    start = first.start_pos + len(first) - len(first.lstrip(BLANKS))
    end = max(start, last.end_pos - len(last) + len(last.rstrip(BLANKS)))
    return Span(start, end)


def _value(token: Any) -> Value:
    quoted = token.type == "QUOTED"
    text = str(token[1:-1] if quoted else token)
    return Value(text.replace('\\"', '"'), quoted, Span(token.start_pos, token.end_pos))


def _value_faults(name: Token, token: Token) -> tuple[Fault, ...]:
    if token.type == "CDATA_END":
        return (Fault("]]> on the line of an equals sign", _span(token)),)
    if token.type == "NO_VALUE":
        return (Fault(f'{name} has no value; an empty one is written ""', _span(name)),)
    return ()


class _ToTree(Transformer[Any, Any]):
    """Builds the tree while Lark reduces; a fault is among the children at the place where it was found."""

    def single(self, children: list[Any]) -> Attribute:
        name, _, token = children
        return Attribute(
            str(name),
            _value(token),
            _span(name),
            Span(_span(name).start, token.end_pos),
            _value_faults(name, token),
        )

    def explicit_empty(self, children: list[Token]) -> Attribute:
        name, equal = children
        end = _span(equal).end
        return Attribute(str(name), Value("", False, Span(end, end)), _span(name), Span(_span(name).start, end))

    def member(self, children: list[Token]) -> Member | Fault:
        name, _, token = children
        faults = _value_faults(name, token)
        return faults[0] if faults else Member(str(name), _value(token), _span(name))

    def empty_member(self, children: list[Token]) -> Fault:
        return Fault(f'{children[0]} has no value; inside a vector an empty one is written ""', _span(children[0]))

    def nested(self, children: list[Token]) -> Fault:
        message = f"{children[0]} opens a vector inside a vector; there is one level only"
        return Fault(message, _span(*children[::2]), opens_vector=True)

    def vector(self, children: list[Any]) -> Attribute:
        name, _, bracket, *entries, close = children
        members, faults = _entries(entries)
        if close.type == "UNCLOSED":
            faults = [Fault(f"the [ of {name} is never closed", _span(bracket))]
        span = Span(_span(name).start, _span(bracket, close).end)
        return Attribute(str(name), tuple(members), _span(name), span, tuple(faults))

    def nameless_vector(self, children: list[Any]) -> Fault:
        return Fault("a value without a name", _span(children[0], children[-1]))

    def start(self, children: list[Any]) -> tuple[list[Attribute], list[Fault]]:
        items: list[Attribute] = []
        faults: list[Fault] = []
        after_stray = False
        left_over = 0
        for child in children:
            if isinstance(child, PlainToken):
                items += child.run.items
                left_over = 0
                after_stray = False
            elif isinstance(child, Attribute):
                items.append(child)
                left_over = sum(fault.opens_vector for fault in child.faults)
                after_stray = False
            elif isinstance(child, Token) and child.type == "CLOSE" and left_over:
                left_over -= 1
            else:
                if not after_stray:
                    faults.append(child if isinstance(child, Fault) else _stray(child, items))
                after_stray = True
        return items, faults


def _stray(token: Token, items: Sequence[Attribute]) -> Fault:
    before = items[-1].value if items else None
    if token.type == "NAME" and isinstance(before, Value) and not before.quoted:
        message = f"'{token}' follows a value without quotes; a value with blanks in it needs double quotes"
    elif token.type == "NAME":
        message = f"'{token}' is neither a name with an equals sign nor part of a value"
    elif token.type == "COMMA":
        message = "a comma between attributes; commas separate the members of a vector only"
    elif token.type == "CLOSE":
        message = "a ] that closes nothing"
    else:
        message = "a value without a name"
    return Fault(message, _span(token))


def _entries(entries: list[Any]) -> tuple[list[Member], list[Fault]]:
    """Separate members from faults, and check that members and commas alternate."""
    members: list[Member] = []
    faults: list[Fault] = []
    comma: Token | None = None
    expects_member = True
    in_fault = False
    for entry in entries:
        if isinstance(entry, Token) and entry.type == "COMMA":
            if expects_member and not in_fault:
                span = _span(entry)
                faults.append(Fault("a comma with no member before it", span, edit=(span, "")))
            comma, expects_member, in_fault = entry, True, False
            continue
        comma = None
        if isinstance(entry, Member):
            if not expects_member:
                message = f"a comma is missing before {entry.name}"
                behind = Span(members[-1].span.end, members[-1].span.end)
                faults.append(Fault(message, entry.name_span, edit=(behind, ",")))
            members.append(entry)
            expects_member = in_fault = False
            continue
        # What directly follows a fault belongs to it.
        if isinstance(entry, Fault) and not in_fault:
            faults.append(entry)
        elif not in_fault:
            faults.append(Fault(f"'{str(entry).strip()}' is not part of a member", _span(entry)))
        expects_member = in_fault = True
    if comma is not None and members:
        span = _span(comma)
        faults.append(Fault("a comma after the last member", span, edit=(span, "")))
    return members, faults
