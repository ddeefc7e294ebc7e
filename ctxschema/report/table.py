"""Tables for files and pipes, equal to those of rich, whose import takes longer than most commands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

WIDTH = 240
"""The greatest width of a table where there is no terminal."""

_LINE = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str | None = None) -> str | None:
    """Return the table, or None if it needs rich.

    It does for characters of other widths than one, empty columns, headings of several lines, and rows that do not fit.

    Args:
        columns: The headings.
        rows: The cells, one for each column.
        title: The title of the table.
    """
    cells = [[cell.split("\n") for cell in line] for line in (columns, *rows)]
    texts = [text for line in cells for cell in line for text in cell]
    if not rows or "\n" in "".join(columns):
        return None
    if not all(text.isascii() and text.isprintable() for text in (*texts, title or "")):
        return None
    widths = [max(len(text) for cell in column for text in cell) for column in zip(*cells, strict=True)]
    inner = sum(widths) + 3 * (len(widths) - 1)
    if not all(widths) or inner + 2 > WIDTH or len(title or "") > inner + 2:
        return None
    blank = " " * (inner + 2)
    head, *below = [_side_by_side(line, widths) for line in cells]
    above = [title.ljust(inner + 2)] if title else []
    rule = f" {_LINE * inner} "
    return "\n".join([*above, blank, *head, rule, *(text for line in below for text in line), blank, ""])


def _side_by_side(cells: Sequence[list[str]], widths: Sequence[int]) -> list[str]:
    lines = zip_longest(*cells, fillvalue="")
    return [f" {'   '.join(map(str.ljust, line, widths))} " for line in lines]
