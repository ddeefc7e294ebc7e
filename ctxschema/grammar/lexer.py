"""Splitting template text into tokens as the server's flex scanner does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lark import Token
from lark.lexer import Lexer

from ctxschema.grammar.plain import Run, plain_run

_BLANKS = re.compile(r"[ \t]+")


class PlainToken(Token):
    """A token for a run of plain attributes."""

    run: Run

    @classmethod
    def of(cls, run: Run) -> PlainToken:
        """Return the token for a run."""
        token = cls("PLAIN", "", run.items[0].span.start, end_pos=run.end)
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
        self._text = text
        self._at = self._line_start = self._line_end = -1
        self._advance(0)

    def _advance(self, offset: int) -> None:
        self._at = self._text.find("]]>", offset)
        if self._at >= 0:
            self._line_start = self._text.rfind("\n", 0, self._at) + 1
            end = self._text.find("\n", self._at)
            self._line_end = len(self._text) if end < 0 else end

    def line_end(self, offset: int) -> int:
        """Return the offset of the line's end if a ``]]>`` follows on the line, else -1."""
        if 0 <= self._at < offset:
            self._advance(offset)
        return self._line_end if self._at >= 0 and offset >= self._line_start else -1


class FlexLexer(Lexer):
    """A lexer for `Lark` that matches the patterns of template.lark by flex's rules."""

    __future_interface__ = 2

    def __init__(self, configuration: Any) -> None:
        pattern = {terminal.name: terminal.pattern.to_regexp() for terminal in configuration.terminals}
        # In this order the first pattern that matches is always the one with the longest match.
        between = ["COMMA", "CLOSE", "EQUAL_EMPTY", "EQUAL", "COMMENT", "SPACE", "NAME"]
        self._between = re.compile("|".join(f"(?P<{name}>{pattern[name]})" for name in between))
        between.remove("COMMENT")
        self._between_on_last_line = re.compile("|".join(f"(?P<{name}>{pattern[name]})" for name in between))
        self._open, self._quoted, self._word = (re.compile(pattern[name]).match for name in ("OPEN", "QUOTED", "WORD"))
        self._ignored = frozenset(configuration.ignore)

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:  # noqa: ARG002 - Lark's interface
        """Yield the tokens of the `Scan` in ``lexer_state``; text that no pattern matches is dropped."""
        scan: Scan = lexer_state.text
        text, end, at = scan.text, len(scan.text), 0
        # A comment ends with a newline, so none can begin after the last newline.
        last_line = text.rfind("\n") + 1
        cdata_ends = _CdataEnds(text)
        in_vector = False
        if scan.run is not None and scan.run.items:
            yield PlainToken.of(scan.run)
            at = scan.run.end
        while at < end:
            match = (self._between if at < last_line else self._between_on_last_line).match(text, at)
            if match is None:
                scan.drop(at, at + 1)
                at += 1
                continue
            kind = match.lastgroup or ""
            at = match.end()
            if kind in self._ignored:
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
                kind, start, at = self._value(scan, at, cdata_ends)
                yield Token(kind, text[start:at], start, end_pos=at)
                in_vector = in_vector or kind == "OPEN"
        if in_vector:
            yield Token("UNCLOSED", "", end, end_pos=end)

    def _value(self, scan: Scan, at: int, cdata_ends: _CdataEnds) -> tuple[str, int, int]:
        text, end = scan.text, len(scan.text)
        while at < end:
            if (match := self._open(text, at)) is not None:
                kind, stop = "OPEN", match.end()
            else:
                kind, stop = "", at
                for name, pattern in (("QUOTED", self._quoted), ("WORD", self._word)):
                    match = pattern(text, at)
                    if match is not None and match.end() > stop:
                        kind, stop = name, match.end()
            line_end = cdata_ends.line_end(at)
            if line_end > stop or (line_end == stop and kind != "OPEN"):
                kind, stop = "CDATA_END", line_end
            if kind:
                return kind, at, stop
            # Blanks without a bracket after them are taken in one piece; trying again after each would take quadratic
            # time.
            blanks = _BLANKS.match(text, at)
            stop = blanks.end() if blanks else at + 1
            scan.drop(at, stop)
            at = stop
        return "NO_VALUE", end, end
