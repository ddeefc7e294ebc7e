"""Splitting template text into tokens as the server's flex scanner does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lark import Token
from lark.lexer import Lexer

from ctxschema.grammar.plain import Run, plain_run, terminals

_TERMINALS = terminals()
_DROPPED = re.compile(r"[ \t]+|[\s\S]")
_COMMENT = re.compile(f"(?P<COMMENT>{_TERMINALS['COMMENT']})")
# In this order the first pattern that matches is always the one with the longest match.
_BETWEEN = re.compile(
    "|".join(f"(?P<{name}>{_TERMINALS[name]})" for name in ("COMMA", "CLOSE", "EQUAL_EMPTY", "EQUAL", "SPACE", "NAME"))
)
_OPEN, _QUOTED, _WORD = (re.compile(_TERMINALS[name]) for name in ("OPEN", "QUOTED", "WORD"))
_CDATA_LINE = re.compile(r"^[^\n]*(?P<cdata>\]\]>)[^\n]*", re.MULTILINE)


class PlainToken(Token):
    """A token for a run of plain attributes."""

    run: Run

    @classmethod
    def of(cls, run: Run) -> PlainToken:
        """Return the token for a run."""
        token = cls("PLAIN", "")
        token.run = run
        return token


class Scan:
    """A text for the lexer, and the parts of it that the lexer has dropped.

    Args:
        text: The text, without NUL.
        run: The plain attributes at its beginning; None if nothing in it is plain.
    """

    def __init__(self, text: str, run: Run | None) -> None:
        self.text = text
        self.run = run
        self.dropped: list[tuple[int, int]] = []

    def drop(self, start: int, end: int) -> None:
        """Note that no pattern matches between two offsets; adjacent parts are joined."""
        if self.dropped and self.dropped[-1][1] == start:
            start = self.dropped.pop()[0]
        self.dropped.append((start, end))


class _CdataEnds:
    """Finds the ends of lines that contain ``]]>``, for ascending offsets."""

    def __init__(self, text: str) -> None:
        self._lines = list(_CDATA_LINE.finditer(text))[::-1]

    def line_end(self, offset: int) -> int | None:
        """Return the offset of the line's end if a ``]]>`` follows on the line."""
        while self._lines and self._lines[-1].start("cdata") < offset:
            self._lines.pop()
        return self._lines[-1].end() if self._lines and self._lines[-1].start() <= offset else None


class FlexLexer(Lexer):
    """A lexer for `Lark` that matches the patterns of template.lark by flex's rules."""

    __future_interface__ = 2

    def __init__(self, _configuration: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:  # noqa: ARG002 - Lark's interface
        """Yield the tokens of the `Scan` in ``lexer_state``; text that no pattern matches is dropped."""
        scan: Scan = lexer_state.text
        text, end, at = scan.text, len(scan.text), 0
        # A comment ends with a newline, so none is looked for behind the last one, which would take quadratic time.
        last_line = text.rfind("\n") + 1
        cdata_ends = _CdataEnds(text)
        in_vector = False
        if scan.run is not None and scan.run.items:
            yield PlainToken.of(scan.run)
            at = scan.run.end
        while at < end:
            match = _COMMENT.match(text, at, last_line) or _BETWEEN.match(text, at)
            if match is None:
                scan.drop(at, at + 1)
                at += 1
                continue
            kind: Any = match.lastgroup
            at = match.end()
            if kind in {"COMMENT", "SPACE"}:
                continue
            if kind == "NAME" and not in_vector and scan.run is not None:
                run = plain_run(text, match.start())
                if run.items:
                    yield PlainToken.of(run)
                    at = run.end
                    continue
            yield Token(kind, match.group(), match.start(), end_pos=at)
            if kind == "CLOSE":
                in_vector = False
            elif kind == "EQUAL":
                kind, start, at = _value(scan, at, cdata_ends)
                yield Token(kind, text[start:at], start, end_pos=at)
                in_vector = in_vector or kind == "OPEN"
        if in_vector:
            yield Token("UNCLOSED", "", end_pos=end)


def _value(scan: Scan, at: int, cdata_ends: _CdataEnds) -> tuple[str, int, int]:
    """Return the kind, the start and the end of the next value from an offset on."""
    text, end = scan.text, len(scan.text)
    while at < end:
        kind, stop = "", at
        for name, pattern in (("OPEN", _OPEN), ("QUOTED", _QUOTED), ("WORD", _WORD)):
            match = pattern.match(text, at)
            if match is not None and match.end() > stop:
                kind, stop = name, match.end()
        line_end = cdata_ends.line_end(at)
        if line_end is not None and line_end >= stop:
            kind, stop = "CDATA_END", line_end
        if kind:
            return kind, at, stop
        # Blanks without a bracket after them are taken in one piece; trying again after each would take quadratic
        # time.
        dropped: Any = _DROPPED.match(text, at)
        scan.drop(at, dropped.end())
        at = dropped.end()
    return "NO_VALUE", end, end
