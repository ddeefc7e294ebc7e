"""CONTEXT may set a variable under an alias, as an already published appliance does."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import Appliance, Severity, get_appliance, load_context, validate
from ctxschema.core import codes
from ctxschema.core.errors import DeclarationError
from ctxschema.core.secret import Secret
from ctxschema.model.appliance import Infrastructure
from ctxschema.model.kinds import BOOLEAN, NUMBER, PASSWORD, TEXT
from ctxschema.model.variable import Variable
from tests.conftest import ROOT, Ended
from tests.machine import Machine

PORT = Variable("APP_PORT", NUMBER, label="Port", default=80, aliases=("OLD_PORT", "OLDER_PORT"))
FLAG = Variable("APP_FLAG", BOOLEAN, label="Flag", default=False, aliases=("OLD_FLAG",))
TOKEN = Variable("APP_TOKEN", PASSWORD, label="Token", default=Secret(""), aliases=("OLD_TOKEN",))
NAME = Variable("APP_NAME", TEXT, label="Name", default=None, mandatory=True, aliases=("OLD_NAME",))
APP = Appliance("app", "App", "An app.", (PORT, FLAG, TOKEN, NAME), prefixes=("APP_", "OLD_"))
NODE = get_appliance("flower-supernode")


def judged(**context: str) -> tuple[dict[str, object], list[tuple[str, Severity]]]:
    result = validate(APP, load_context({"APP_NAME": "n", **context}))
    return dict(result.values), [(finding.code, finding.severity) for finding in result.findings]


def test_what_stands_under_an_alias_is_the_value() -> None:
    values, findings = judged(OLD_PORT="8080", OLD_FLAG="YES")
    assert (values["APP_PORT"], values["APP_FLAG"], findings) == (8080, True, [])
    assert validate(APP, load_context({"OLD_NAME": "x"})).ok  # which has to be given, and was
    result = validate(APP, load_context({"OLD_PORT": "8080", "APP_NAME": "n"}))
    assert result.values.is_set(PORT)


def test_an_empty_value_under_one_name_leaves_the_other() -> None:
    assert judged(APP_PORT="", OLD_PORT="8080")[0]["APP_PORT"] == 8080
    assert judged(APP_PORT="", OLD_PORT="", OLDER_PORT="1")[0]["APP_PORT"] == 1
    assert judged(APP_PORT="", OLD_PORT="")[0]["APP_PORT"] == 80


def test_a_wrong_value_under_an_alias_is_found_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "context.sh"
    path.write_text("APP_NAME='n'\nOLD_PORT='many'\n")
    (finding,) = validate(APP, load_context(str(path))).findings
    assert (finding.code, finding.variable) == (codes.KIND.id, "APP_PORT")
    assert finding.position is not None
    assert finding.position.as_dict()["line"] == 2


def test_two_names_that_differ_are_a_finding_and_the_own_name_counts() -> None:
    values, findings = judged(APP_PORT="1", OLD_PORT="2", OLDER_PORT="1")
    assert (values["APP_PORT"], findings) == (1, [(codes.ALIASES_DIFFER.id, Severity.WARNING)])
    assert judged(APP_FLAG="yes", OLD_FLAG="YES") == (judged(APP_FLAG="YES")[0], [])
    assert judged(OLD_PORT="3", OLDER_PORT="4")[1] == [(codes.ALIASES_DIFFER.id, Severity.WARNING)]


def test_no_secret_is_told_where_two_names_differ() -> None:
    result = validate(APP, load_context({"APP_NAME": "n", "APP_TOKEN": "hunter2", "OLD_TOKEN": "hunter3"}))
    (finding,) = result.findings
    assert finding.code == codes.ALIASES_DIFFER.id
    assert "hunter" not in json.dumps(finding.as_dict())


@given(st.dictionaries(st.sampled_from(["APP_PORT", "OLD_PORT", "OLDER_PORT"]), st.sampled_from(["", "1", "2", "x"])))
def test_the_first_name_that_says_something_counts(context: dict[str, str]) -> None:
    said = [context[name] for name in PORT.names if context.get(name)]
    values, findings = judged(**context)
    first = said[0] if said else "80"
    assert values.get("APP_PORT") == (None if first == "x" else int(first))
    differ = [code for code, _ in findings if code == codes.ALIASES_DIFFER.id]
    assert len(differ) == sum(text != first for text in said[1:])


@pytest.mark.parametrize(
    ("variables", "infrastructure", "fault"),
    [
        (
            (PORT, Variable("B", TEXT, label="L", default="", aliases=("OLD_PORT",))),
            (),
            "two variables have the alias OLD_PORT",
        ),
        ((PORT, Variable("OLD_PORT", TEXT, label="L", default="")), (), "OLD_PORT is both a variable and an alias"),
        ((PORT,), (Infrastructure("OLD_PORT", "", ""),), "OLD_PORT is both infrastructure and an alias"),
        ((Variable("A", TEXT, label="L", default="", aliases=("lower",)),), (), "lower is no name"),
    ],
)
def test_an_alias_stands_for_one_variable(
    variables: tuple[Variable[str], ...], infrastructure: tuple[Infrastructure, ...], fault: str
) -> None:
    with pytest.raises(DeclarationError) as refused:
        Appliance("app", "App", "An app.", variables, infrastructure=infrastructure)
    assert fault in str(refused.value)


def test_the_names_of_the_published_flower_appliances() -> None:
    """The table of docs/facts/flower-shipped.md: its names, and ours."""
    text = (ROOT / "docs/facts/flower-shipped.md").read_text()
    rows = re.findall(r"^\| `(ONEAPP_\w+)` \| `(\w+)` \|", text, re.MULTILINE)
    assert rows
    aliases = get_appliance("flower-service").by_alias
    assert {alias: variable.name for alias, variable in aliases.items()} == dict(rows)


def test_a_published_context_boots_the_machine(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(
        ONEAPP_FL_SUPERLINK_ADDRESS="10.9.9.9:9092", ONEAPP_FL_LOG_LEVEL="DEBUG", ONEAPP_FL_TLS_ENABLED="NO"
    )
    report = machine.boot()
    assert report.ok, report.findings
    assert {"10.9.9.9:9092", "FLWR_LOG_LEVEL=DEBUG"} <= set(machine.argv())


def test_the_command_line_finds_a_variable_by_its_alias(ctx: Callable[..., Ended]) -> None:
    ended = ctx("show", "flower-supernode", "ONEAPP_FL_FRAMEWORK")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "ML_FRAMEWORK")
    assert "ONEAPP_FL_FRAMEWORK" in ended.out
    assert ctx("show", "flower-supernode", "ML_FRAMEWORK", "--format", "json").json["aliases"] == [
        "ONEAPP_FL_FRAMEWORK"
    ]


def test_a_template_with_published_names_has_not_drifted(ctx: Callable[..., Ended], tmp_path: Path) -> None:
    template = tmp_path / "vm.tmpl"
    template.write_text(
        ctx("generate", "vm-template", "flower-supernode").out.replace("ML_FRAMEWORK", "ONEAPP_FL_FRAMEWORK")
    )
    ended = ctx("drift", "flower-supernode", str(template))
    assert ended.code == 0, ended.out
