"""An appliance, written and read again, is the same appliance."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.core.finding import Severity
from ctxschema.core.secret import Secret
from ctxschema.core.source import SourceText
from ctxschema.declaration.conditions import condition_data, condition_of, limit_data, limit_of
from ctxschema.declaration.load import read_declaration
from ctxschema.declaration.python_form import declaration_python
from ctxschema.declaration.schema import appliance_schema
from ctxschema.declaration.unstructure import appliance_data
from ctxschema.declaration.yaml_form import declaration_yaml
from ctxschema.model import kinds
from ctxschema.model.appliance import Appliance, Infrastructure, Rule
from ctxschema.model.conditions import AllOf, AnyOf, Compare, CompareRelease, Is, IsOneOf, IsSet, Linear, Not, Repeats
from ctxschema.model.gpu_request import GpuUsed
from ctxschema.model.limits import Between, Matches, NoneOf
from ctxschema.model.shapes import SHAPES
from ctxschema.model.variable import Deprecation, Variable
from tests.conftest import ROOT, Ended

FLAG = Variable("A_FLAG", kinds.BOOLEAN, label="Flag", default=False)
COUNT = Variable("A_COUNT", kinds.NUMBER, label="Count", default=3, limits=(Between(1, 10), NoneOf((5,), "taken")))
SHARE = Variable(
    "A_SHARE", kinds.NUMBER_FLOAT, label="Share", default=0.5, limits=(Between(0.0, 1.0, low_included=False),)
)
WORD = Variable("A_WORD", kinds.LIST, label="Word", default="NO", options=("NO", "on", "1.10"))
TEXT = Variable("A_TEXT", kinds.TEXT, label="Text", default="yes")
SECRET = Variable("A_SECRET", kinds.PASSWORD, label="Secret", default=Secret(""))
VARIABLES: tuple[Variable[Any], ...] = (FLAG, COUNT, SHARE, WORD, TEXT, SECRET)
BY_NAME = {variable.name: variable for variable in VARIABLES}

plain_text = st.text("abYyNnoO ',:#{}[]&*!|>%@`-?~01.é\n\t", min_size=1, max_size=30).map(str.strip).filter(bool)
simple = st.one_of(
    st.builds(Is, st.just(FLAG), st.booleans()),
    st.builds(Is, st.just(WORD), st.sampled_from(WORD.options)),
    st.builds(Is, st.just(COUNT), st.integers(1, 9)),
    st.builds(Is, st.just(TEXT), plain_text),
    st.builds(IsOneOf, st.just(WORD), st.lists(st.sampled_from(WORD.options), min_size=1).map(tuple)),
    st.builds(IsSet, st.just(SECRET)),
    st.builds(Repeats, st.just(TEXT)),
    st.just(GpuUsed()),
    st.builds(CompareRelease, st.just(TEXT), st.sampled_from(["<", ">="]), st.sampled_from(["1.40", "2"])),
    st.builds(
        Compare,
        st.just(COUNT) | st.just(SHARE),
        st.sampled_from(["<", "<=", "=", ">=", ">"]),
        st.integers(-5, 5)
        | st.floats(-2, 2)
        | st.builds(Linear, st.just(COUNT), st.integers(-3, 3), st.integers(-3, 3)),
    ),
)
conditions = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", APPLIANCES)
def test_every_appliance_of_the_catalog_comes_back_from_yaml(name: str) -> None:
    appliance = get_appliance(name)
    text = declaration_yaml(appliance)
    read, findings = read_declaration(SourceText(text, name="appliance.yaml"))
    assert findings == []
    assert read is not None
    assert appliance_data(read) == appliance_data(appliance)
    assert declaration_yaml(read) == text


@pytest.mark.parametrize("name", APPLIANCES)
def test_and_from_json(name: str) -> None:
    appliance = get_appliance(name)
    text = json.dumps(appliance_data(appliance))
    read, findings = read_declaration(SourceText(text, name="appliance.json"))
    assert (findings, read and appliance_data(read)) == ([], appliance_data(appliance))


@pytest.mark.parametrize("name", APPLIANCES)
def test_and_from_the_python_form(name: str, tmp_path: Path, ctx: Callable[..., Ended]) -> None:
    module = tmp_path / "declared.py"
    assert ctx("generate", "declaration", name, "--format", "python", "-o", str(module)).code == 0
    again = ctx("generate", "declaration", "--from", str(module))
    assert again.out == declaration_yaml(get_appliance(name))


@pytest.mark.parametrize("name", APPLIANCES)
def test_the_catalog_follows_the_schema(name: str) -> None:
    """As any other reader of YAML sees it: one of version 1.2, to which YES is text."""
    schema = appliance_schema()
    Draft202012Validator.check_schema(schema)
    data = json.loads(json.dumps(appliance_data(get_appliance(name))))
    assert list(Draft202012Validator(schema).iter_errors(data)) == []


def test_the_committed_schema_is_the_one_that_is_made() -> None:
    spec = importlib.util.find_spec("ctxschema.declaration.schema")
    assert spec is not None
    assert spec.loader is not None
    anew = importlib.util.module_from_spec(spec)  # with nothing in it that an earlier test left
    spec.loader.exec_module(anew)
    committed = (ROOT / "schemas/appliance.schema.json").read_text(encoding="utf-8")
    assert committed == json.dumps(anew.appliance_schema(), indent=2, ensure_ascii=False) + "\n"


@given(conditions)
def test_a_condition_comes_back(condition: Any) -> None:
    text = yaml.safe_dump(json.loads(json.dumps(condition_data(condition))), sort_keys=False)
    assert condition_of(yaml.safe_load(text), BY_NAME.__getitem__) == condition


labels = st.text("abc ÄNO01.", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(
    label=labels,
    help_text=plain_text | st.just(""),
    default=st.sampled_from(["", "NO", "on", "1.10", "0x1", "a: b", "null", "~", "1:30", "- x", "é"]),
    effective=st.none() | conditions.filter(lambda each: "GpuUsed" not in repr(each)),
    message=labels,
    value=labels,
)
def test_a_declaration_comes_back(  # noqa: PLR0917
    label: str, help_text: str, default: str, effective: Any, message: str, value: str
) -> None:
    last = Variable(
        "A_LAST",
        kinds.TEXT,
        label=label,
        default=default,
        help=help_text,
        effective=effective,
        limits=(Matches(".*", "anything", "x", "y"),),
        deprecated=Deprecation("2", "A_TEXT"),
    )
    rule = Rule("only", Severity.WARNING, COUNT, message, message, when=effective or Is(FLAG, True))
    appliance = Appliance(
        "made",
        label,
        label,
        (*VARIABLES, last),
        rules=(rule,),
        infrastructure=(Infrastructure("TOKEN", value, message),),
        group_titles={"": "Other"},
    )
    text = declaration_yaml(appliance)
    read, findings = read_declaration(SourceText(text, name="made.yaml"))
    assert findings == []
    assert read is not None
    assert appliance_data(read) == appliance_data(appliance)
    code = declaration_python(appliance)
    space: dict[str, Any] = {}
    exec(compile(code, "declared", "exec"), space)
    assert appliance_data(space["APPLIANCE"]) == appliance_data(appliance)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shared_shape_is_written_and_read_by_its_name(name: str) -> None:
    assert limit_data(SHAPES[name]) == {"is": name}
    assert limit_of({"is": name}) is SHAPES[name]


@pytest.mark.parametrize("appliance", APPLIANCES)
def test_no_line_of_a_declaration_is_a_page_long(appliance: str) -> None:
    made = get_appliance(appliance)
    lines = [*declaration_yaml(made).splitlines(), *declaration_python(made).splitlines()]
    assert max(map(len, lines)) < 400


@pytest.mark.parametrize(
    ("text", "fits"),
    [("db.example.org", True), ("10.0.0.1", True), ("::1", True), ("db", True), ("a b", False), ("10.0.0.256", False)],
)
def test_a_host_is_a_name_or_an_address(text: str, fits: bool) -> None:  # noqa: FBT001
    assert (SHAPES["host"].problem(text) is None) == fits
