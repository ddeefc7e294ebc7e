"""What is read without Lark: definitions and attributes in which nothing is odd, each taken in one piece.

A text in which something is odd is left to the lexers and the tables of Lark, and so are the attributes behind it up to
the next plain one. The tests compare both ways of reading.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import NamedTuple

from ctxschema.core.source import Span
from ctxschema.grammar.nodes import MOST_PIECES, Attribute, Member, Value

_TERMINAL = re.compile(r"^([A-Z_]+): /(.*)/$", re.MULTILINE)
_MOST_REPEATED = 250
"""How many members and escaped quotes are plain: for each repetition the engine of `re` needs some memory."""


def grammar(name: str) -> str:
    """Return the text of a grammar file of this folder."""
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as stream:
        return stream.read()


def plain_parts(text: str, parts: int) -> list[str] | None:
    """Return the parts of a definition that has as many as it should have, else None."""
    pieces = text.split("|", parts)
    return pieces if len(pieces) == parts else None


def plain_params(text: str, separator: str) -> list[str] | None:
    """Return the options of a list or the bounds of a range; None where one is empty, or there are very many.

    Args:
        text: The fourth part of a definition.
        separator: What stands between them: a comma, or two dots, beside which no third one is plain.
    """
    pieces = text.split(separator, MOST_PIECES)
    mark = separator[0]
    plain = len(pieces) <= MOST_PIECES and all(each and each[0] != mark != each[-1] for each in pieces)
    return pieces if plain else None


class Run(NamedTuple):
    """Plain attributes that stand one behind another.

    Attributes:
        items: The attributes.
        end: Where the last of them ends.
        behind: Where the blanks and comments behind it end.
    """

    items: list[Attribute]
    end: int
    behind: int


class _Patterns(NamedTuple):
    """One attribute with the blanks and comments behind it, one member of a vector, and blanks and comments alone."""

    item: re.Pattern[str]
    member: re.Pattern[str]
    gap: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Put the patterns together from the terminals of the grammar."""
    terminal = dict(_TERMINAL.findall(grammar("template.lark")))
    name, equal, comma = terminal["NAME"], terminal["EQUAL"], terminal["COMMA"]
    gap = f"(?:{terminal['SPACE']}|{terminal['COMMENT']}){{0,{_MOST_REPEATED}}}"
    word = f'(?!"){terminal["WORD"]}'
    # A quote ends the text unless a backslash stands right before it; so there is one way to match only.
    inner = rf'[^"]*(?:(?<=\\)"[^"]*){{0,{_MOST_REPEATED}}}'
    quoted = rf'"{inner}(?<!\\)"'
    member = f"{name}{equal}(?:{word}|{quoted})"
    members = f"{member}(?:{comma}{member}){{0,{_MOST_REPEATED}}}"
    # A word that begins with a quote is longer than the text in quotes where one of its characters follows.
    single = rf'({word})|"({inner})(?<!\\)"(?!{terminal["WORD"]})'
    vector = f"{terminal['OPEN']}({members}){terminal['CLOSE']}"
    return _Patterns(
        re.compile(f"({name}){equal}(?:{single}|{vector}){gap}"),
        re.compile(rf'({name}){equal}(?:({word})|"({inner})(?<!\\)")(?:{comma})?'),
        re.compile(gap),
    )


def may_be_plain(text: str) -> bool:
    """Say whether attributes of a template text may be plain: a ``]]>`` would belong to the value before it."""
    return "]]>" not in text


def plain_run(text: str, at: int) -> Run:
    """Return the plain attributes from an offset on, up to the first that is not plain.

    Args:
        text: A template text of which attributes may be plain.
        at: An offset between two attributes.
    """
    item, member, gap = _patterns()
    items: list[Attribute] = []
    end = at
    behind = gap.match(text, at)
    at = behind.end() if behind else at
    while found := item.match(text, at):
        name, word, quoted, members = found.groups()
        start, name_end = found.span(1)
        value: Value | tuple[Member, ...]
        if quoted is not None:
            first, last = found.span(3)
            end = last + 1
            value = Value(quoted.replace('\\"', '"'), True, Span(first - 1, end))
        elif members is not None:
            first, last = found.span(4)
            end = text.index("]", last) + 1
            value = tuple(map(_member, member.finditer(text, first, last)))
        else:
            first, end = found.span(2)
            value = Value(word.replace('\\"', '"'), False, Span(first, end))
        items.append(Attribute(name, value, Span(start, name_end), Span(start, end)))
        at = found.end()
    return Run(items, end, at)


def _member(found: re.Match[str]) -> Member:
    name, word, quoted = found.groups()
    if word is not None:
        return Member(name, Value(word.replace('\\"', '"'), False, Span(*found.span(2))), Span(*found.span(1)))
    first, last = found.span(3)
    return Member(name, Value(quoted.replace('\\"', '"'), True, Span(first - 1, last + 1)), Span(*found.span(1)))
