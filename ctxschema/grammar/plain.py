"""Parsing plain definitions and attributes without Lark, by one regular expression match each.

A text that is not plain is left to Lark's lexers and tables, and so are the attributes after it up to the next plain
one. The tests compare both ways of parsing.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Any, NamedTuple

from ctxschema.core.source import Span
from ctxschema.grammar.nodes import MOST_PIECES, Attribute, Member, Value

_TERMINAL = re.compile(r"^([A-Z_]+): /(.*)/$", re.MULTILINE)
_MOST_REPEATED = 250
"""The greatest number of members and escaped quotes of a plain attribute, since `re` needs memory for each."""


def grammar(name: str) -> str:
    """Return the text of a grammar file in this folder."""
    with open(os.path.join(os.path.dirname(__file__), name), "rb") as stream:
        return stream.read().decode()


def terminals() -> dict[str, str]:
    """Return the pattern of each terminal of template text, by its name."""
    return dict(_TERMINAL.findall(grammar("template.lark")))


def plain_parts(text: str, parts: int) -> list[str] | None:
    """Return the parts of a definition that has the expected number of them, else None."""
    return text.split("|") if text.count("|") == parts - 1 else None


def plain_params(text: str, separator: str) -> list[str] | None:
    """Return the options of a list or the bounds of a range; None if there are very many.

    Args:
        text: The fourth part of a definition.
        separator: The separator: a comma or two dots.
    """
    return text.split(separator) if text.count(separator) < MOST_PIECES else None


class Run(NamedTuple):
    """Plain attributes that follow one another.

    Attributes:
        items: The attributes.
        end: The offset at which the last one ends.
        behind: The offset at which the blanks and comments after it end.
    """

    items: list[Attribute]
    end: int
    behind: int


class _Patterns(NamedTuple):
    """Patterns for an attribute with the blanks and comments after it, a vector's member, and blanks and comments."""

    item: re.Pattern[str]
    member: re.Pattern[str]
    gap: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Compose the patterns from the terminals of the grammar."""
    terminal = terminals()
    name, comma = terminal["NAME"], terminal["COMMA"]
    # OPEN may begin with blanks, too: to try all ways of dividing them would take quadratic time.
    equal = rf"{terminal['EQUAL']}(?![ \t])"
    gap = f"(?:{terminal['SPACE']}|{terminal['COMMENT']}){{0,{_MOST_REPEATED}}}"
    word = f'(?!"){terminal["WORD"]}'
    # A quote ends the text unless a backslash precedes it, so there is only one way to match.
    inner = rf'[^"]*(?:(?<=\\)"[^"]*){{0,{_MOST_REPEATED}}}'
    quoted = rf'"{inner}(?<!\\)"'
    member = f"{name}{equal}(?:{word}|{quoted})"
    members = f"{member}(?:{comma}{member}){{0,{_MOST_REPEATED}}}"
    # If a word's character follows the closing quote, the whole is a word that begins with a quote.
    single = rf'({word})|"({inner})(?<!\\)"(?!{terminal["WORD"]})'
    vector = f"{terminal['OPEN']}({members}){terminal['CLOSE']}"
    return _Patterns(
        re.compile(f"({name}){equal}(?:{single}|{vector}){gap}"),
        re.compile(rf'({name}){equal}(?:({word})|"({inner})(?<!\\)")(?:{comma})?'),
        re.compile(gap),
    )


def may_be_plain(text: str) -> bool:
    """Say whether a template text may have plain attributes; with a ``]]>``, values may end elsewhere."""
    return "]]>" not in text


def plain_run(text: str, at: int) -> Run:
    """Return the plain attributes from an offset on, up to the first that is not plain.

    Args:
        text: A template text that may have plain attributes.
        at: An offset between two attributes.
    """
    item, member, gap = _patterns()
    items: list[Attribute] = []
    end = at
    behind: Any = gap.match(text, at)
    at = behind.end()
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
