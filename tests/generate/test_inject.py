"""The text between two markers: what is replaced, and what is said where the markers are no pair."""

import pytest

from ctxschema.core.errors import FileError
from ctxschema.core.source import SourceText
from ctxschema.generate.inject import injected
from tests.said import said

BEGIN, END = "ctxschema:begin out app", "ctxschema:end out app"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"a\n# {BEGIN}\nold\n# {END}\nb", f"a\n# {BEGIN}\none\n\ntwo\n# {END}\nb"),
        (f"{BEGIN}\n{END}", f"{BEGIN}\none\n\ntwo\n{END}"),
        (f" \t# {BEGIN} and more\n  # {END}\n", f" \t# {BEGIN} and more\n \tone\n\n \ttwo\n  # {END}\n"),
        (f"x\r\n  {BEGIN}\r\n{END}\r\n", f"x\r\n  {BEGIN}\r\n  one\r\n\r\n  two\r\n{END}\r\n"),
        (
            "# ctxschema:begin\t out  app\n# ctxschema:end out app.\n",
            "# ctxschema:begin\t out  app\none\n\ntwo\n# ctxschema:end out app.\n",
        ),
        (f"{BEGIN}-gpu\n{BEGIN}2\n{BEGIN}\n{END}_\n{END}", f"{BEGIN}-gpu\n{BEGIN}2\n{BEGIN}\none\n\ntwo\n{END}"),
    ],
)
def test_what_stands_between_the_markers_is_replaced(before: str, after: str) -> None:
    assert injected(SourceText(before, "a.md"), "one\n\ntwo\n", "out", "app") == after
    assert injected(SourceText(after, "a.md"), "one\n\ntwo", "out", "app") == after


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("x\n", "1:1-1:1", f"there is no line with {BEGIN} in it"),
        (f"{BEGIN}\n", "1:1-1:1", f"there is no line with {END} in it"),
        (f"{END}\n{BEGIN}", "1:1-1:22", "ctxschema:end stands before ctxschema:begin"),
        (f"{BEGIN} {END}\n", "1:1-1:46", "ctxschema:end stands before ctxschema:begin"),
        (f"{BEGIN}\n # {BEGIN}  \n{END}\n", "2:1-2:27", f"there are 2 lines with {BEGIN} in them"),
        (f"{BEGIN}\n{END}\n{END}\n{END}", "3:1-3:22", f"there are 3 lines with {END} in them"),
    ],
)
def test_markers_that_are_no_pair_are_refused(text: str, place: str, message: str) -> None:
    with pytest.raises(FileError) as refused:
        injected(SourceText(text, "a.md"), "one\n", "out", "app")
    (finding,) = refused.value.findings
    assert str(refused.value) == f"a.md: {message}; the file is left as it is"
    assert said(finding).startswith(f"error {finding.code} {place} -: {refused.value} => ")
