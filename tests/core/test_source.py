"""Places in small texts and in large ones, and errors that carry findings."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import Finding, Severity
from ctxschema.core import codes, source
from ctxschema.core.errors import (
    ConfigurationError,
    CtxschemaError,
    DeclarationError,
    FindingError,
    error_group,
)
from ctxschema.core.finding import has_errors
from ctxschema.core.outside import json_value, version_numbers, whole_number
from ctxschema.core.source import Position, SourceText, Span

TEXTS = st.text("ab\r\n", max_size=60)


@given(TEXTS, st.integers(0, 70), st.sampled_from([(1, 0), (3, 0), (4096, 0), (3, 100)]))
def test_lines_and_columns_are_those_that_an_editor_shows(text: str, at: int, sizes: tuple[int, int]) -> None:
    """A large text is looked at in blocks, which here are as short as one character."""
    at = min(at, len(text))
    before = source._BLOCK, source._SMALL
    source._BLOCK, source._SMALL = sizes
    try:
        place = SourceText(text)
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        assert place.line_and_column(at) == (line, column)
        assert place.offset(line - 1, column - 1) == at
        lines = text.split("\n")
        assert [place.line(number) for number in range(1, len(lines) + 1)] == [
            each.removesuffix("\r") for each in lines
        ]
        with pytest.raises(IndexError):
            place.line(len(lines) + 1)
        assert place.offset(len(lines), 0) == len(text)
        assert place.line(0) == place.line(1)
    finally:
        source._BLOCK, source._SMALL = before


def test_a_line_that_follows_an_empty_one() -> None:
    assert [SourceText("\nab").line_and_column(at) for at in range(3)] == [(1, 1), (2, 1), (2, 2)]


def test_a_part_of_a_line() -> None:
    place = SourceText("first\nsecond line\r\nlast")
    assert place.line(2, 3) == "ond line"
    assert place.line(2, 3, 4) == "ond "
    assert place.line(2, 0, 100) == "second line"
    assert place.line(3, 2, 100) == "st"
    assert place.line(2, 7, 4) == "line"


def test_a_place_of_a_span_and_of_a_text_without_places() -> None:
    text = SourceText("abc", name="f")
    assert text.span(Span(1, 2)) == text.at(1, 2)
    assert (text.at(1).start, text.at(1).end) == (1, 1)
    assert text.at(0, 3).as_dict()["end_column"] == 4
    without = SourceText("abc", name="f", placed=False)
    assert without.at(1, 2) == Position(without)
    assert str(without.at(1)) == "f"
    assert Position(text, 1).as_dict() == {"source": "f"}


def test_a_place_between_two_anchors() -> None:
    outer = SourceText("0123456789", name="f")
    inner = SourceText("abcdef", parent=outer, anchors=((0, 1), (3, 6)))
    assert [inner.outer(at) for at in range(6)] == [1, 2, 3, 6, 7, 8]
    for start, end, place in ((0, 2, (1, 3)), (2, 3, (3, 4)), (3, 3, (6, 6)), (2, 4, (3, 7)), (0, 0, (1, 1))):
        outermost = inner.at(start, end).outermost
        assert (outermost.source, outermost.start, outermost.end) == (outer, *place)
    assert Position(inner).outermost.source is inner


def test_which_findings_are_errors() -> None:
    at = {severity: codes.KIND.at("x", severity=severity) for severity in Severity}
    assert [has_errors([at[severity]]) for severity in Severity] == [True, False, False]
    assert has_errors([at[Severity.WARNING], at[Severity.ERROR]])
    assert not has_errors([])


FINDING = Finding("CTX014", Severity.ERROR, "it is bad", position=SourceText("x", name="f").at(0))


def test_an_error_of_one_finding_and_of_several() -> None:
    other = evolve(FINDING, message="it is worse", position=None)
    assert str(FindingError(other)) == "CTX014: it is worse"
    assert str(ConfigurationError(iter([FINDING, other]))) == "it is bad; it is worse"
    assert ConfigurationError([FINDING, other]).findings == (FINDING, other)
    declared = DeclarationError("appliance x:", [FINDING], faults=["one", "two"])
    assert (str(declared), declared.faults, declared.findings) == (
        "appliance x:\n  one\n  two",
        ("one", "two"),
        (FINDING,),
    )
    assert str(DeclarationError("alone")) == "alone"
    assert CtxschemaError("plain").findings == ()


def test_a_group_of_errors_can_be_caught_as_one_or_each() -> None:
    other = FindingError(evolve(FINDING, message="it is worse", position=None))
    group = error_group("two are wrong", [FindingError(FINDING), other])
    assert str(group).startswith("two are wrong: f:1:1: CTX014: it is bad; CTX014: it is worse")
    assert [each.message for each in group.findings] == ["it is bad", "it is worse"]
    whole: Any = group
    parts = (whole.derive([other]), *whole.split(lambda error: error is other))
    assert [[each.message for each in part.findings] for part in parts] == [
        ["it is worse"], ["it is worse"], ["it is bad"],
    ]  # fmt: skip
    assert whole.derive([ValueError("without findings"), other]).findings == other.findings


def test_a_finding_as_plain_data_and_without_its_lines() -> None:
    text = SourceText("a\nb\nc\nd\n", name="f")
    finding = codes.KIND.at("line 3 and lines 4, 5 and 7-9 of f:2:1, since 12", position=text.at(0, 1))
    assert finding.lasting == "line and lines of f:, since 12"
    assert finding.as_dict() == {
        "code": codes.KIND.id,
        "severity": "error",
        "variable": None,
        "value": None,
        "message": finding.message,
        "origin": "f:1:1",
        "position": text.at(0, 1).as_dict(),
        "repair": codes.KIND.repair,
        "rule": None,
    }
    several = evolve(finding, also=(text.at(2), text.at(4), text.at(6)))
    assert several.as_dict()["count"] == 4
    assert several.as_dict().items() >= finding.as_dict().items()
    assert [each["line"] for each in several.as_dict()["places"]] == [1, 2, 3]
    assert (evolve(finding, position=None).origin, evolve(finding, position=None).as_dict()["position"]) == (None, None)
    assert evolve(several, position=None).as_dict()["count"] == 3
    assert codes.KIND.at("x", severity=Severity.INFO, repair="y").repair == "y"
    assert codes.KIND.at("x", severity=Severity.INFO).severity is Severity.INFO


def test_numbers_and_json_from_outside() -> None:
    assert [whole_number(text) for text in ("0", "007", "9" * 18, "9" * 19, "", "-1", "1.0", "\u0661", "1\n")] == [
        0, 7, 10**18 - 1, None, None, None, None, None, None,
    ]  # fmt: skip
    assert version_numbers("v28.2.1-rc3") == (28, 2, 1, 3)
    assert version_numbers("9" * 30) == (10**18 - 1,)
    assert version_numbers("none") == ()
    assert json_value(b'{"a": [1.5]}') == {"a": [1.5]}
    with pytest.raises(ValueError, match=r"^JSON has no Infinity$"):
        json_value("[Infinity]")
    with pytest.raises(ValueError, match=r"^the JSON is nested too deep$"):
        json_value("[" * 100_000)
