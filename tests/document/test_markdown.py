"""Texts in Markdown, held against the reader that makes the site."""

import re
from xml.etree import ElementTree as ET

import markdown
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxschema.document.markdown import code, escape, table

EXTENSIONS = ["attr_list", "md_in_html", "tables", "toc", "pymdownx.highlight", "pymdownx.superfences"]
PIECES = [
    "`",
    "``",
    "*",
    "_",
    "**",
    "[",
    "](",
    "](x)",
    "<",
    ">",
    "&amp;",
    "&",
    "|",
    "\\",
    "{: .x }",
    "#",
    "$",
    "~",
    "!",
    ":",
]
PIECES += [" ", "a", "FL_GPU_ENABLED", "don't", '"', "http://a.example", "<b>", "-", "1."]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


def cells(text: str) -> list[str]:
    """What stands in the cells of the first row of a table."""
    html = markdown.markdown(text, extensions=EXTENSIONS)
    rows = ET.fromstring(f"<div>{html.replace('&nbsp;', ' ')}</div>").iter("tr")
    return ["".join(cell.itertext()) for cell in list(rows)[1]]


def plain(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=200)
@given(TEXTS)
@example("a {: .x }")
@example("a\\")
def test_a_text_in_a_cell_reads_as_itself(text: str) -> None:
    first, second, last = cells(table(["a", "b", "c"], [["x", escape(text), "y"]]))
    assert (first, last) == ("x", "y")
    assert plain(second) == plain(text)


# Python-Markdown adds a semicolon to what begins like the number of a character, in code as well.
@settings(max_examples=200)
@given(TEXTS.filter(lambda text: bool(text.strip("` ")) and "&#1" not in text))
def test_code_in_a_cell_reads_as_itself(text: str) -> None:
    first, second, last = cells(table(["a", "b", "c"], [["x", code(text), "y"]]))
    assert (first, last) == ("x", "y")
    assert re.sub(r"\s+", "", second) == re.sub(r"\s+", "", text)
