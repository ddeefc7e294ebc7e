"""Patterns that are compiled later, and cases that are left for never."""

import re
from typing import Any

import pytest

from ctxschema.core.later import later
from ctxschema.core.never import assert_never


def test_a_pattern_is_compiled_when_it_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[tuple[str, int]] = []

    def noted(pattern: str, flags: int) -> re.Pattern[str]:
        compiled.append((pattern, flags))
        return known

    known = re.compile("(?P<a>x)", re.IGNORECASE)
    monkeypatch.setattr("ctxschema.core.later.re.compile", noted)
    pattern = later("(?P<a>x)", re.IGNORECASE)
    with pytest.raises(AttributeError) as raised:
        pattern.__wrapped__  # type: ignore[attr-defined] # noqa: B018 - other libraries look for it
    assert (str(raised.value), compiled) == ("__wrapped__", [])
    assert pattern.sub("y", "aXb") == "ayb"
    assert pattern.sub("z", "aXb") == "azb"
    assert compiled == [("(?P<a>x)", re.IGNORECASE)]


def test_what_is_no_pattern_fails_when_it_is_used() -> None:
    pattern = later("(")
    with pytest.raises(re.error):
        pattern.match("x")


def test_a_case_that_nothing_deals_with_is_named() -> None:
    odd: Any = "odd"
    with pytest.raises(AssertionError, match=r"^nothing deals with 'odd'$"):
        assert_never(odd)
