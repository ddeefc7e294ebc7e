"""Source texts that know their file, and positions in them."""

from __future__ import annotations

import bisect
from functools import cached_property
from typing import Any

from attrs import field, frozen

_BLOCK = 4096
_SMALL = 1 << 18  # in characters; the list of line offsets of such a text takes a few megabytes at most


@frozen
class Span:
    """A range of character offsets, from ``start`` up to and without ``end``."""

    start: int
    end: int


@frozen(eq=False)
class SourceText:
    """A text with a name, possibly a part of a larger text.

    Args:
        text: The characters.
        name: Its name in messages: a path, ``<stdin>`` or ``environment``.
        confidential: Whether the text may contain secrets; messages then never quote it.
        parent: The text that this one is a part of, if any.
        anchors: Pairs of an offset in this text and the corresponding offset in the parent, in ascending order, the
            first at offset 0. Between two anchors the offsets of both texts advance together.
        placed: Whether the places of its characters are known; if not, positions consist of the name alone.
        bare: Whether it stands in its source without quotes, so that only a single word can replace it.
    """

    text: str = field(repr=False)
    name: str = "<text>"
    confidential: bool = False
    parent: SourceText | None = field(default=None, repr=False)
    anchors: tuple[tuple[int, int], ...] = field(default=((0, 0),), repr=False)
    placed: bool = True
    bare: bool = False

    @cached_property
    def _lines_before(self) -> list[int]:
        """The number of line ends before each block; a list of all lines would need more memory than the text."""
        counts, lines = [0], 0
        for at in range(0, len(self.text), _BLOCK):
            lines += self.text.count("\n", at, at + _BLOCK)
            counts.append(lines)
        return counts

    @cached_property
    def _line_starts(self) -> list[int]:
        """The offset of the beginning of each line, for a small text."""
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def _line_start(self, number: int) -> int:
        """Return the offset of the beginning of line ``number``, counted from 1.

        Raises:
            IndexError: There is no such line.
        """
        if number <= 1:
            return 0
        if len(self.text) <= _SMALL:
            return self._line_starts[number - 1]
        block = bisect.bisect_left(self._lines_before, number - 1) - 1
        if block + 1 >= len(self._lines_before):
            raise IndexError
        at = block * _BLOCK - 1
        for _ in range(number - 1 - self._lines_before[block]):
            at = self.text.find("\n", at + 1)
        return at + 1

    def at(self, start: int, end: int | None = None) -> Position:
        """Return the position from offset ``start`` up to ``end``, or of the single offset ``start``."""
        return Position(self, start, start if end is None else end) if self.placed else Position(self)

    def span(self, span: Span) -> Position:
        """Return the position of a span."""
        return self.at(span.start, span.end)

    def outer(self, offset: int) -> int:
        """Return the offset in the parent that corresponds to an offset in this text."""
        index = bisect.bisect_right(self.anchors, (offset, float("inf"))) - 1
        here, outer = self.anchors[index]
        return outer + offset - here

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the line and the column, in characters and counted from 1, of an offset."""
        block = min(offset, len(self.text)) // _BLOCK
        line = self._lines_before[block] + self.text.count("\n", block * _BLOCK, offset) + 1
        return line, offset - self.text.rfind("\n", 0, offset)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and a column, both counted from 0."""
        try:
            return min(self._line_start(line + 1) + column, len(self.text))
        except IndexError:
            return len(self.text)

    def line(self, number: int, first: int = 0, width: int | None = None) -> str:
        """Return line ``number``, counted from 1, without its end; or ``width`` of its characters from ``first`` on."""
        start = self._line_start(number) + first
        limit = len(self.text) if width is None else min(start + width, len(self.text))
        end = self.text.find("\n", start, limit)
        return self.text[start : limit if end < 0 else end].removesuffix("\r")


@frozen
class Position:
    """A place in a source: the offsets from ``start`` up to ``end``.

    In a source without lines, such as the environment, a position has no offsets. Lines and columns are computed on
    demand, always in the outermost text.
    """

    source: SourceText
    start: int | None = None
    end: int | None = None

    @property
    def outermost(self) -> Position:
        """The same place in the outermost text."""
        position = self
        while position.source.parent is not None and position.start is not None and position.end is not None:
            source, start, end = position.source, position.start, position.end
            last = source.outer(end - 1) + 1 if end > start else source.outer(start)
            position = Position(position.source.parent, source.outer(start), last)
        return position

    def __str__(self) -> str:
        place = self.outermost
        if place.start is None:
            return place.source.name
        line, column = place.source.line_and_column(place.start)
        return f"{place.source.name}:{line}:{column}"

    def as_dict(self) -> dict[str, Any]:
        """Return plain data: the name of the source, lines and columns counted from 1, and offsets counted from 0."""
        place = self.outermost
        if place.start is None or place.end is None:
            return {"source": place.source.name}
        line, column = place.source.line_and_column(place.start)
        end_line, end_column = place.source.line_and_column(place.end)
        return {
            "source": place.source.name,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "start": place.start,
            "end": place.end,
        }
