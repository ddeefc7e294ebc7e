"""Patterns of the numbers within an interval take the texts that the interval itself takes, and no other."""

import math
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ctxschema.core.source import SourceText
from ctxschema.declaration.load import read_declaration
from ctxschema.generate.comparisons import one_sided
from ctxschema.generate.json_values import ValueSchema, interval
from ctxschema.generate.numbers import FINITE, Bound, high_bound, low_bound
from ctxschema.model.conditions import Compare, Linear
from ctxschema.model.kinds import NUMBER, Shape
from ctxschema.model.limits import Between, Limit, NoneOf
from ctxschema.model.variable import Variable
from tests.conftest import ROOT

CASE = ROOT / "tests/cases/generate/numbers.case"


def variables(path: Path) -> tuple[Variable[Any], ...]:
    appliance, findings = read_declaration(SourceText(path.read_text().partition("\n==== ")[0], "numbers.yaml"))
    assert appliance is not None, findings
    return appliance.variables


def ends(limit: Limit) -> list[float]:
    """The numbers at which a limit begins to take what it does not take, or ends to."""
    if isinstance(limit, NoneOf):
        return list(limit.values)
    assert isinstance(limit, Between)
    return [end for end in (limit.low, limit.high) if end is not None]


def near(end: float, *, whole: bool) -> set[str]:
    """Texts of numbers near an end, in several forms."""
    if whole:
        numbers = {str(int(end) + step) for step in (-1000, -100, -11, -10, -9, -2, -1, 0, 1, 2, 9, 10, 11, 100, 1000)}
    else:
        around = (
            end,
            math.nextafter(end, math.inf),
            math.nextafter(end, -math.inf),
            end - 1,
            end + 1,
            end * 10,
            end / 10,
        )
        numbers = {f"{number:.{places}f}" for number in (*around, -end, 0.0) for places in (0, 1, 2, 12, 16, 40)}
    texts = numbers | {f"{'-' * text.startswith('-')}00{text.removeprefix('-')}" for text in numbers}
    return texts | {f"{text}000" for text in texts if "." in text} | {"0", "-0", "1", "-1"}


INTERVALS = [
    (variable, limit) for variable in variables(CASE) for limit in variable.limits if isinstance(limit, Between)
]


@pytest.mark.parametrize(("variable", "limit"), INTERVALS, ids=[variable.name for variable, _ in INTERVALS])
def test_a_pattern_takes_what_the_interval_takes(variable: Variable[Any], limit: Between) -> None:
    whole = variable.kind.shape is Shape.INTEGER
    patterns = [re.compile(pattern) for pattern in interval(limit, whole=whole)]
    assert len(patterns) == len(ends(limit))
    seen = set()
    for text in {text for end in ends(limit) for text in near(end, whole=whole)}:
        if re.fullmatch(variable.kind.pattern, text):
            within = limit.problem(int(text) if whole else float(text)) is None
            assert all(pattern.search(text) for pattern in patterns) == within, text
            seen.add(within)
    assert seen == {True, False}


@pytest.mark.parametrize(
    "variable",
    [each for each in variables(CASE) if each.name in {"I_TAKEN", "F_TAKEN", "I_TWICE", "F_LOW_OUT"}],
    ids=lambda variable: str(variable.name),
)
def test_the_schema_takes_what_all_limits_together_take(variable: Variable[Any]) -> None:
    schema = jsonschema.Draft202012Validator(ValueSchema(variable).schema())
    whole = variable.kind.shape is Shape.INTEGER
    for text in {text for limit in variable.limits for end in ends(limit) for text in near(end, whole=whole)}:
        if re.fullmatch(variable.kind.pattern, text):
            number = int(text) if whole else float(text)
            taken = variable.problem(number) is None
            assert schema.is_valid(text) == taken, text
            assert schema.is_valid(number) == taken, number


@pytest.mark.parametrize("number", [0.0, 0.1, 0.5, 1.0, 3.0, 9.75, 1e15, 5e-324, 2.0**-1022, 1.5 * 2.0**-1030])
def test_a_bound_lies_between_two_floats(number: float) -> None:
    above = math.nextafter(number, math.inf)
    least, more = (low_bound(number, included=included, whole=False) for included in (True, False))
    assert more == low_bound(above, included=True, whole=False)
    for bound, first in ((least, number), (more, above)):
        assert math.nextafter(first, -math.inf) <= bound.value <= first
        assert (float(bound.value) == first) == bound.included  # the midpoint itself is rounded to one of the two
    assert high_bound(-number, included=True, whole=False) == Bound(-least.value, least.included)
    assert low_bound(7, included=False, whole=True) == Bound(Fraction(7), included=False)


def test_beyond_the_largest_float_there_is_infinity() -> None:
    largest = sys.float_info.max
    assert low_bound(largest, included=False, whole=False).value == FINITE.value
    assert low_bound(-largest, included=True, whole=False) == Bound(-FINITE.value, FINITE.included)
    assert high_bound(largest, included=True, whole=False) == FINITE


COMPARED = Variable("A", NUMBER, label="a", default=0)
COMPARISONS = [
    Compare(*terms) for sign in ("<", "<=", "=", ">=", ">") for terms in ((COMPARED, sign, 3), (3, sign, COMPARED))
]


@pytest.mark.parametrize("condition", COMPARISONS, ids=lambda condition: str(condition.words))
def test_a_comparison_with_a_constant_is_a_limit(condition: Compare) -> None:
    limit = one_sided(condition)
    assert limit is not None
    for number in (2, 3, 4):
        assert (limit.problem(number) is None) == condition.holds({COMPARED: number}), number


@pytest.mark.parametrize("terms", [(COMPARED, "<", COMPARED), (3, "<", Linear(COMPARED)), (Linear(COMPARED), "<", 3)])
def test_no_other_comparison_is_a_limit(terms: Any) -> None:
    assert one_sided(Compare(*terms)) is None


def test_the_largest_float_is_finite() -> None:
    assert float(FINITE.value - 1) == 1.7976931348623157e308
    assert not FINITE.included
    with pytest.raises(OverflowError):
        float(FINITE.value)
