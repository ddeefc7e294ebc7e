"""Tables off a terminal are drawn without rich, and are the same to the letter."""

import contextlib
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctxschema.cli import output
from ctxschema.report.table import plain_table

LINE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
CELL = LINE | st.lists(LINE, max_size=3).map("\n".join)


class Stream(io.StringIO):
    encoding = "utf-8"


def drawn(columns: list[str], rows: list[list[str]], title: str | None) -> str:
    with contextlib.redirect_stdout(Stream()) as stream:
        output._rich_table(columns, rows, title)
    return stream.getvalue()


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]], str | None]:
    width = draw(st.integers(1, 6))
    line = st.lists(CELL, min_size=width, max_size=width)
    return draw(line), draw(st.lists(line, min_size=1, max_size=5)), draw(st.none() | LINE)


@given(tables())
@example((["a"], [[""]], None))
@example((["a"], [["b" * 300]], None))
@example((["a", "b"], [["1", "2"]], "a title wider than the table"))
@example((["a"], [["a :car: [bold]"]], "O|text|[x] :car:| |"))
def test_a_plain_table_is_what_rich_draws(table: tuple[list[str], list[list[str]], str | None]) -> None:
    plain = plain_table(*table)
    assert plain is None or plain == drawn(*table)


def test_what_commands_print_is_drawn_without_rich() -> None:
    assert plain_table(["name", "value"], [["one", "1"], ["two", ""]], "what") == drawn(
        ["name", "value"], [["one", "1"], ["two", ""]], "what"
    )


@pytest.mark.parametrize("cell", ["\u4e2d", "a\tb", "e\u0301", "\x1b[31m", "x" * 239])
def test_rich_draws_what_takes_knowing(cell: str) -> None:
    assert plain_table(["name"], [[cell]]) is None


def test_a_title_is_no_markup() -> None:
    assert "O|text|[b]x[/b] :car:| |" in drawn(["name"], [["a" * 60]], "O|text|[b]x[/b] :car:| |")
