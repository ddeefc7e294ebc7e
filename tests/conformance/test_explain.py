"""What explain says of a definition, against what the real command line and the real Sunstone did with it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from ctxschema import parse_user_input
from ctxschema.consumers.explain import explain, explanation_data
from ctxschema.consumers.table import CONSUMERS, ROWS, TABLE
from ctxschema.grammar.types import TYPES
from ctxschema.testing import definitions, piped_texts
from tests.conftest import Ended, probes

Ctx = Callable[..., Ended]
PROBES = probes("user-input-probes.json")


def data(probe: dict[str, Any], side: str) -> dict[str, Any]:
    typed = [each["typed"] for each in probe[side].get("typed", [])]
    found: dict[str, Any] = explanation_data(parse_user_input(probe["input"]), typed)[side]
    return {"typed": [], **found}


def told(probe: dict[str, Any], side: str) -> dict[str, Any]:
    return {"typed": [], **probe[side]}


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: repr(probe["input"])[:60])
def test_the_command_line(probe: dict[str, Any]) -> None:
    assert data(probe, "cli") == told(probe, "cli")


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: repr(probe["input"])[:60])
def test_sunstone(probe: dict[str, Any]) -> None:
    assert data(probe, "sunstone") == told(probe, "sunstone")


def test_one_object_a_line(ctx: Ctx) -> None:
    single = [probe for probe in PROBES if "\n" not in probe["input"]]
    lines = [probe["input"] for probe in single] + ["", "  ", "O|text|x\u2028y| |\x0b"]
    ended = ctx("explain", "--format", "json", "-", stdin="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert (ended.code, ended.err, [answer["input"] for answer in answers]) == (0, "", lines)
    for probe, answer in zip(single, answers, strict=False):
        assert answer["cli"]["enter"] == probe["cli"]["enter"]
        for name in ("read", "rewritten_as", "untouched"):
            assert answer["sunstone"][name] == probe["sunstone"][name]


def test_the_table_for_people(ctx: Ctx) -> None:
    ended = ctx("explain", "O|number|Fraction| |0.8", "--typed", "5")
    assert (ended.code, ended.err) == (0, "")
    for consumer in CONSUMERS:
        (line,) = [line for line in ended.out.splitlines() if line.strip().startswith(consumer.name)]
        assert " yes " in line or " partly " in line or " no " in line
    assert "asks again, for ever" in ended.out
    assert 'value "5"' in ended.out


def test_every_type_has_a_row_and_every_row_says_something() -> None:
    assert set(TYPES) <= set(ROWS)
    assert len(ROWS) == len(TABLE)
    assert all(reading.makes for row in TABLE for reading in row.readings)


@given(definitions() | piped_texts())
def test_every_definition_has_an_explanation_for_every_consumer(text: str) -> None:
    node = parse_user_input(text)
    assert [each.consumer for each in explain(node)] == list(CONSUMERS)
    json.dumps(explanation_data(node, ["", "x", "1", "YES"]), allow_nan=False)


@pytest.mark.parametrize(
    ("text", "accepts"),
    [
        ("O|boolean|d| |NO", "yes yes yes yes yes yes"),
        ("O|list-multiple|d|a,b|a", "no partly yes yes yes yes"),
        ("M|text|a|b|c|d", "no partly partly yes yes partly"),
        ("O|boolean|d", "partly yes no yes yes yes"),
        ('O|text|say "hi"| |x', "yes yes yes yes no yes"),
        ("O|number|d| |", "yes yes partly partly yes yes"),
        ("0|text|d| |x", "partly partly partly yes yes partly"),
    ],
)
def test_who_takes_what(text: str, accepts: str) -> None:
    assert [each.accepts.value for each in explain(parse_user_input(text))] == accepts.split()
