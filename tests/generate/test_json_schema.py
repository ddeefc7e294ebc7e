"""The JSON Schema against the verdict of ``validate``."""

import json
import random
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.context.load import load_context
from ctxschema.context.validate import Result, validate
from ctxschema.core.finding import Severity
from ctxschema.generate.json_schema import NOT_EXPRESSED
from ctxschema.generate.registry import OUTPUTS
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import AllOf, Compare, Is
from ctxschema.model.kinds import BOOLEAN, LIST_MULTIPLE, NUMBER, NUMBER_FLOAT, RANGE, TEXT
from ctxschema.model.limits import Between, Matches, NoneOf
from ctxschema.model.variable import Variable
from ctxschema.testing import contexts
from tests.generate.contexts import JSON_PIECES, context

(OUTPUT,) = [output for output in OUTPUTS if output.name == "json-schema"]
SCHEMAS = {name: json.loads(OUTPUT.text(get_appliance(name))) for name in APPLIANCES}
EXPONENT = re.compile(r"-?[0-9.]+[eE][+-]?[0-9]+\Z")


def accepted(schema: dict[str, Any], values: dict[str, Any]) -> bool:
    return bool(jsonschema.Draft202012Validator(schema).is_valid(values))


def left_to_others(schema: dict[str, Any], result: Result, values: dict[str, Any]) -> bool:
    """Say whether every error is of a kind that the schema itself says it leaves to others."""
    listed = schema["$defs"][NOT_EXPRESSED]["examples"]
    rules = {entry["rule"] for entry in listed if "rule" in entry}
    limits = {entry["variable"]: entry["words"] for entry in listed if "variable" in entry}
    errors = [f for f in result.findings if f.severity is Severity.ERROR and f.rule not in rules]
    excused = {
        error.variable for error in errors if excuse(limits.get(error.variable or ""), values, error.variable or "")
    }
    for error in errors:
        # Whether it has an effect may hang on a value that the schema takes for right.
        effective = result.appliance.by_name[error.variable or ""].effective
        if (
            error.variable not in excused | {None}
            and not {v.name for v in (effective.variables if effective else ())} & excused
        ):
            return False
    return True


def excuse(words: str | None, values: dict[str, Any], name: str) -> bool:
    return bool(words) and ("exponent" not in str(words) or bool(EXPONENT.match(str(values.get(name)))))


def compare(appliance: Appliance, schema: dict[str, Any], values: dict[str, Any]) -> None:
    result = validate(appliance, load_context(values))
    if accepted(schema, values):
        assert result.ok or left_to_others(schema, result, values), (values, result.findings)
    else:
        assert not result.ok, (values, next(jsonschema.Draft202012Validator(schema).iter_errors(values)).message)


@pytest.mark.parametrize("name", APPLIANCES)
def test_the_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    assert accepted(SCHEMAS[name], {})


@given(st.sampled_from(APPLIANCES), st.integers(0, 2**32))
def test_a_random_context_gets_the_verdict_of_validate(name: str, seed: int) -> None:
    values = context(random.Random(seed), get_appliance(name))
    encodable = {key: value for key, value in values.items() if not re.search("[\ud800-\udfff]", value)}
    compare(get_appliance(name), SCHEMAS[name], encodable)


@settings(max_examples=8)  # texts of long patterns are slow to draw
@given(st.data(), st.sampled_from(APPLIANCES))
def test_a_context_within_the_limits_gets_the_verdict_of_validate(data: st.DataObject, name: str) -> None:
    compare(get_appliance(name), SCHEMAS[name], data.draw(contexts(get_appliance(name))))


TYPED = ["FL_NUM_ROUNDS", "FL_GPU_ENABLED", "FL_GPU_MEMORY_FRACTION", "FL_METRICS_PORT", "FL_OTHER"]
NUMBERS = st.integers(-3, 70000) | st.floats(-1, 2).filter(lambda number: not number.is_integer())


@given(st.dictionaries(st.sampled_from(TYPED), st.none() | st.booleans() | NUMBERS))
def test_numbers_and_booleans_get_the_verdict_of_validate(values: dict[str, Any]) -> None:
    compare(get_appliance("flower-service"), SCHEMAS["flower-service"], values)


A = Variable("A", BOOLEAN, label="a", default=False)
B = Variable("B", NUMBER, label="b", default=None, mandatory=True, limits=(Between(-5, 250), NoneOf((7, 11), "taken")))
C = Variable(
    "C", NUMBER_FLOAT, label="c", default=0.5, effective=Is(A, True),
    limits=(Between(-1.25, 9.75, low_included=False), NoneOf((0, 7), "taken")),
)  # fmt: skip
D = Variable("D", LIST_MULTIPLE, label="d", default=("x",), options=("x", "y.z", "1"), effective=Compare(B, ">=", 100))
E = Variable("E", TEXT, label="e", default=None, limits=(Matches("[a-c]{2,3}", "letters", "ab", "x", longest=2),))
F = Variable("F", RANGE, label="f", default=3, limits=(Between(1, 5),))
G = Variable("G", TEXT, label="g", default="", mandatory=True)
RULES = (
    Rule("a-b", Severity.ERROR, A, "message", "repair", when=AllOf((Is(A, True), Compare(B, "<", 0)))),
    Rule("c", Severity.ERROR, C, "message", "repair", when=Is(E, "ab"), must=Compare(1.5, "<", C)),
)
OWN = Appliance("own", "Own", "An appliance.", (A, B, C, D, E, F, G), RULES)


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.sampled_from(JSON_PIECES)))
def test_an_appliance_with_every_kind_of_limit_gets_the_verdict_of_validate(values: dict[str, Any]) -> None:
    text = {
        name
        for name, value in values.items()
        if isinstance(value, (int, float)) and OWN.by_name[name].kind in {TEXT, LIST_MULTIPLE}
    }
    compare(OWN, json.loads(OUTPUT.text(OWN)), {name: value for name, value in values.items() if name not in text})


def test_what_it_cannot_say_is_listed() -> None:
    listed = SCHEMAS["flower-service"]["$defs"][NOT_EXPRESSED]["examples"]
    rules = {entry["rule"] for entry in listed if "rule" in entry}
    assert {"krum-clients", "bulyan-clients", "keepalive-order"} < rules
    assert not {"use-case-framework", "cert-and-key"} & rules
    limits = {entry["variable"] for entry in listed if "variable" in entry}
    assert {"FL_NODE_CONFIG", "FL_SSL_CERTFILE", "FL_SSL_KEYFILE", "FL_SSL_CA_CERTFILE"} < limits


def test_a_secret_has_no_default_in_it() -> None:
    assert SCHEMAS["flower-service"]["properties"]["FL_SSL_KEYFILE"].get("default") is None
    assert SCHEMAS["flower-service"]["properties"]["FL_SSL_KEYFILE"]["writeOnly"] is True
