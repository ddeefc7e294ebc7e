"""What params with another separator probably mean."""

import pytest

from ctxschema.grammar.meant import bounds_meant, options_meant
from ctxschema.grammar.types import TYPES


@pytest.mark.parametrize(
    ("params", "default", "meant"),
    [
        ("a;b", "a", "a,b"),
        (" a ; b ; a ", "b", "a,b"),
        ("a b", "b", "a,b"),
        ("a b; c d", "c d", "a b,c d"),
        ("a", "a", None),  # one option is separated from nothing
        ("a;b", "c", None),
        ("a,b;c", "c", None),
        ("", "", None),
    ],
)
def test_options(params: str, default: str, meant: str | None) -> None:
    assert options_meant(params, default) == meant


@pytest.mark.parametrize(
    ("params", "kind", "meant"),
    [
        ("1-5", "range", "1..5"),
        (" 1 to 5 ", "range", "1..5"),
        ("-5:-1", "range", "-5..-1"),
        ("0.5;1.5", "range-float", "0.5..1.5"),
        ("0.5;1.5", "range", None),
        ("5-1", "range", None),
        ("5-5", "range", None),
        ("1-5-9", "range", None),
        ("", "range", None),
        ("1-5" + " " * 1000, "range", None),
    ],
)
def test_bounds(params: str, kind: str, meant: str | None) -> None:
    assert bounds_meant(params, TYPES[kind]) == meant
