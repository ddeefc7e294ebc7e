"""``ctxschema drift`` and ``ctxschema diff``."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxschema.catalog import get_appliance
from ctxschema.core import codes
from ctxschema.core.finding import Severity
from ctxschema.generate.compare import compare
from ctxschema.generate.registry import artefacts
from ctxschema.generate.release import release_data
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Is
from ctxschema.model.kinds import BOOLEAN, LIST, NUMBER, NUMBER_FLOAT, PASSWORD, TEXT, Kind
from ctxschema.model.limits import Between, Matches, NoneOf
from ctxschema.model.variable import Deprecation, Variable
from tests.conftest import Ended

Ctx = Callable[..., Ended]
NODE = dict(artefacts(get_appliance("flower-supernode")))
SERVICE = dict(artefacts(get_appliance("flower-service")))


# ---- drift ---------------------------------------------------------------------------------------------


@pytest.fixture
def drifted(ctx: Ctx, tmp_path: Path) -> Callable[..., list[tuple[str, str, str]]]:
    """Change a generated file and return what has drifted: code, variable and what stands at the position."""

    def change(file: str, *changes: tuple[str, str], name: str = "flower-supernode") -> list[tuple[str, str, str]]:
        text = (NODE | SERVICE if name == "flower-service" else NODE)[file]
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / file
        path.write_text(text)
        ended = ctx("drift", name, str(path), "--format", "json")
        assert ended.err == ""
        assert ended.code == (not ended.json["ok"])
        found = []
        for finding in ended.json["findings"]:
            position = finding["position"]
            assert (position["source"], position["line"] > 0) == (str(path), True)
            found.append((finding["code"], finding["variable"], text[position["start"] : position["end"]]))
        return found

    return change


def test_a_variable_that_is_missing(drifted: Any) -> None:
    line = next(line for line in NODE["user-inputs.tmpl"].splitlines() if "FL_MAX_RETRIES = " in line)
    assert drifted("user-inputs.tmpl", (line + "\n", ""), ("FL_MAX_RETRIES,", "")) == [
        (codes.DRIFT_UNUSED.id, "FL_MAX_RETRIES", "USER_INPUTS")
    ]


def test_what_is_hidden_is_missed_in_no_template(ctx: Ctx, tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text(
        "name: notes\nvariables:\n  NOTES_A: {default: x}\n  NOTES_B: {default: z, hidden: true}\n"
    )
    for output in ("vm-template", "marketplace"):
        written = ctx("generate", output, "--from", str(tmp_path / "notes.yaml"), "-o", str(tmp_path / output))
        assert written.code == 0
        compared = ctx("drift", "--from", str(tmp_path / "notes.yaml"), str(tmp_path / output), "--format", "json")
        assert compared.json["findings"] == []


def test_a_name_that_nobody_declares(drifted: Any) -> None:
    found = drifted(
        "user-inputs.tmpl", ('    FL_MAX_RETRIES = "', '    FL_EXTRA = "O|text|x| |",\n    FL_MAX_RETRIES = "')
    )
    assert found == [(codes.DRIFT_UNDECLARED.id, "FL_EXTRA", "FL_EXTRA")]


def test_another_default_type_and_label(drifted: Any) -> None:
    assert drifted("vm-template.tmpl", ("(0.0-1.0)| |0.8", "(0.0-1.0)| |0.9")) == [
        (codes.DRIFT_DEFAULT.id, "FL_GPU_MEMORY_FRACTION", "0.9")
    ]
    assert drifted("marketplace.yaml", ("O|number-float|", "M|text|")) == [
        (codes.DRIFT_DEFINITION.id, "FL_GPU_MEMORY_FRACTION", "M"),
        (codes.DRIFT_DEFINITION.id, "FL_GPU_MEMORY_FRACTION", "text"),
    ]
    assert drifted("oneflow.json", ("exponential,fixed|", "exponential|"), name="flower-service") == [
        (codes.DRIFT_DEFINITION.id, "FL_EDGE_BACKOFF", "exponential")
    ]
    assert drifted("user-inputs.tmpl", ("|Log level|", "|Level|")) == [
        (codes.DRIFT_DEFINITION.id, "FL_LOG_LEVEL", "Level")
    ]


def test_another_order(drifted: Any) -> None:
    assert drifted("vm-template.tmpl", ("FL_ISOLATION,FL_LOG_LEVEL", "FL_LOG_LEVEL,FL_ISOLATION")) == [
        (codes.DRIFT_ORDER.id, "FL_ISOLATION", "FL_ISOLATION")
    ]


def test_context_that_hands_over_something_else(drifted: Any) -> None:
    assert drifted("context.tmpl", ('FL_LOG_LEVEL = "$FL_LOG_LEVEL"', 'FL_LOG_LEVEL = "DEBUG"')) == [
        (codes.DRIFT_CONTEXT.id, "FL_LOG_LEVEL", "DEBUG")
    ]
    assert drifted("context.tmpl", ('"$FL_LOG_LEVEL"', '"$FL_ISOLATION"')) == [
        (codes.DRIFT_CONTEXT.id, "FL_LOG_LEVEL", "$FL_ISOLATION")
    ]
    assert drifted("context.tmpl", ('    FL_LOG_LEVEL = "$FL_LOG_LEVEL",\n', "")) == [
        (codes.DRIFT_CONTEXT.id, "FL_LOG_LEVEL", "FLOWER_VERSION")
    ]
    assert drifted("context.tmpl", ('TOKEN = "YES"', 'TOKEN = "NO"')) == [(codes.DRIFT_CONTEXT.id, "TOKEN", "NO")]
    assert drifted("context.tmpl", ("    TOKEN", '    FL_EXTRA = "$FL_EXTRA",\n    TOKEN')) == [
        (codes.DRIFT_UNDECLARED.id, "FL_EXTRA", "FL_EXTRA")
    ]


def test_a_script_with_other_defaults_and_names(drifted: Any) -> None:
    assert drifted("one-apps.sh", ("FL_MAX_RETRIES:-0", "FL_MAX_RETRIES:-7")) == [
        (codes.DRIFT_DEFAULT.id, "FL_MAX_RETRIES", "7")
    ]
    assert drifted("one-apps.sh", ("'O|boolean'", "'O|text'")) == [
        (codes.DRIFT_DEFINITION.id, "FL_GPU_ENABLED", "'O|text'")
    ]
    found = drifted("one-apps.sh", ("context_defaults() {", "context_defaults() {\n    echo $FL_GONE $FL_GONE"))
    assert found == [(codes.DRIFT_UNDECLARED.id, "FL_GONE", "FL_GONE")]


def test_any_script_and_any_page_is_read(ctx: Ctx, tmp_path: Path) -> None:
    (tmp_path / "boot.sh").write_text('#!/bin/sh\nrun --level "${FL_LOG_LEVEL:-DEBUG}" $FL_OLD "$FL_GPU_AVAILABLE"\n')
    (tmp_path / "README.md").write_text("`FL_GPU_ENABLD` and FL_LOG_LEVEL, all of FL_GPU_*, and FL_NUM_ROUNDS.\n")
    found = ctx("drift", "flower-supernode", str(tmp_path), "--format", "json").json
    errors = {
        (Path(f["position"]["source"]).name, f["variable"]) for f in found["findings"] if f["severity"] == "error"
    }
    assert errors == {("boot.sh", "FL_LOG_LEVEL"), ("boot.sh", "FL_OLD"), ("README.md", "FL_GPU_ENABLD")}
    assert len(found["files"]) == 2


def test_a_script_that_is_named_has_to_use_everything(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "appliance.sh"
    path.write_text("echo $FL_LOG_LEVEL\n")
    found = ctx("drift", "flower-supernode", str(path), "--format", "json").json["findings"]
    (unused,) = [f for f in found if f["code"] == codes.DRIFT_UNUSED.id]
    every = {v.name for v in get_appliance("flower-supernode").variables}
    assert set(unused["value"].split(", ")) == every - {"FL_LOG_LEVEL"}
    assert f"does not use {len(every) - 1} names of {len(every)}: " in unused["message"]


def test_names_that_begin_otherwise_are_one_finding(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "appliance.sh"
    path.write_text(
        "ONE_SERVICE_PARAMS=(\n"
        "  'ONEAPP_FLOWER_VERSION' 'configure' 'Flower version' '9.9.9'\n"
        "  'ONEAPP_FL_ISOLATION' 'configure' 'Isolation' 'subprocess'\n"
        "  'ONEAPP_FL_LOG_LEVEL' 'configure' 'Level' 'INFO'\n)\n"
        "FL_STATE_DIR=/var/lib/flower\nlocal FL_TRIES=3\n"
        'for FL_NODE in a b; do echo "$FL_NODE $FL_STATE_DIR $FL_TRIES"; done\n'
        "echo $ONEAPP_FL_STRANGE $ONEAPP_FL_STRANGER\n"
    )
    found = ctx("drift", "flower-supernode", str(path), "--format", "json").json["findings"]
    (names,) = [f for f in found if f["code"] == codes.DRIFT_NAMES.id]
    assert "the appliance says ONEAPP_FL_..., the declaration FL_...: 3 names" in names["message"]
    assert names["count"] == 3
    (strange,) = [f for f in found if f["code"] == codes.DRIFT_UNDECLARED.id]
    assert strange["value"] == "ONEAPP_FL_STRANGE, ONEAPP_FL_STRANGER"
    (default,) = [f for f in found if f["code"] == codes.DRIFT_DEFAULT.id]
    assert default["value"] == "9.9.9"
    (labels,) = [f for f in found if f["code"] == codes.DRIFT_DEFINITION.id]
    assert labels["count"] == 3
    assert len(found) == 5


def test_the_constants_of_a_ruby_appliance_are_no_variables(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "config.rb"
    path.write_text(
        "require_relative '../lib/helpers'\n"
        "FL_STATE_DIR = '/var/lib/flower'\n"
        "ONEAPP_FL_LOG_LEVEL = env :ONEAPP_FL_LOG_LEVEL, 'DEBUG'\n"
        "ONEAPP_FL_STRANGE = env(:ONEAPP_FL_STRANGE, nil)\n"
    )
    found = ctx("drift", "flower-supernode", str(path), "--format", "json").json["findings"]
    reported = {(finding["code"], finding["variable"]) for finding in found if finding["code"] != codes.DRIFT_UNUSED.id}
    assert reported == {
        (codes.DRIFT_NAMES.id, "FL_LOG_LEVEL"),
        (codes.DRIFT_DEFAULT.id, "FL_LOG_LEVEL"),
        (codes.DRIFT_UNDECLARED.id, "ONEAPP_FL_STRANGE"),
    }


def test_what_is_no_such_file_is_told(ctx: Ctx, tmp_path: Path) -> None:
    assert ctx("drift", "flower-supernode").code == 2
    assert ctx("drift", "flower-supernode", str(tmp_path / "gone")).code == 2
    (tmp_path / "a.yaml").write_text("a: [")
    ended = ctx("drift", "flower-supernode", str(tmp_path / "a.yaml"))
    assert (ended.code, codes.YAML_SYNTAX.id in ended.out) == (1, True)
    (tmp_path / "notes.txt").write_text("# nothing\n")
    assert codes.NOTHING_FOUND.id in ctx("drift", "flower-supernode", str(tmp_path / "notes.txt")).out


def test_drift_as_text_ends_in_a_summary(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "context.tmpl"
    path.write_text(NODE["context.tmpl"])
    assert ctx("drift", "flower-supernode", str(path)) == (0, "flower-supernode: 1 file compared: no findings\n", "")


# ---- diff ----------------------------------------------------------------------------------------------


def variable(kind: Kind[Any] = NUMBER, default: Any = 3, name: str = "V", **more: Any) -> Variable[Any]:
    return Variable(name, kind, label=more.pop("label", "label"), default=default, **more)


def release(*variables: Variable[Any], rules: tuple[Rule, ...] = ()) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(release_data(Appliance("a", "A", "S", variables, rules))))
    return data


def changed(old: Variable[Any], new: Variable[Any]) -> set[tuple[str, str]]:
    return {(finding.code, finding.severity.value) for finding in compare(release(old), release(new))}


def between(low: float | None, high: float | None, **more: Any) -> Variable[Any]:
    return variable(limits=(Between(low, high, **more),))


def shaped(pattern: str) -> Variable[Any]:
    return variable(TEXT, "", limits=(Matches(pattern, "letters", pattern[0], "?"),))


NARROWED, WIDENED = {(codes.NARROWED.id, "error")}, {(codes.WIDENED.id, "info")}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (variable(), variable(), set()),
        (variable(), variable(default=4), {(codes.DEFAULT_CHANGED.id, "warning")}),
        (variable(), variable(kind=TEXT, default="3"), NARROWED),
        (variable(), variable(kind=NUMBER_FLOAT, default=3.0), WIDENED | {(codes.DEFAULT_CHANGED.id, "warning")}),
        (between(1, 9), between(1, 8), NARROWED),
        (between(1, 9), between(2, 9), NARROWED),
        (between(1, 9), between(0, 10), WIDENED),
        (between(1, 9), between(1, None), WIDENED),
        (between(1, None), between(1, 9), NARROWED),
        (between(1, 9), between(1, 9, high_included=False), NARROWED),
        (between(1, 9), variable(), WIDENED),
        (variable(), between(1, 9), NARROWED),
        (variable(limits=(NoneOf((5,), "w"),)), variable(limits=(NoneOf((5, 6), "w"),)), NARROWED),
        (variable(LIST, "a", options=("a", "b")), variable(LIST, "a", options=("a",)), NARROWED),
        (variable(LIST, "a", options=("a", "b")), variable(LIST, "a", options=("a", "b", "c")), WIDENED),
        (shaped("a+"), shaped("b+"), NARROWED),
        (shaped("a+"), shaped("a*"), NARROWED),
        (variable(default=None), variable(default=None, mandatory=True), {(codes.NEWLY_MANDATORY.id, "error")}),
        (variable(), variable(mandatory=True), {(codes.NEWLY_MANDATORY.id, "warning")}),
        (variable(), variable(name="W"), {(codes.RENAMED.id, "error")}),
        (variable(), variable(name="W", label="other"), {(codes.REMOVED.id, "error"), (codes.ADDED.id, "info")}),
        (variable(), variable(deprecated=Deprecation("2")), {(codes.NEWLY_DEPRECATED.id, "info")}),
        (variable(PASSWORD, None), variable(PASSWORD, None), set()),
    ],
)  # fmt: skip
def test_what_a_deployment_would_notice(old: Variable[Any], new: Variable[Any], found: set[tuple[str, str]]) -> None:
    assert changed(old, new) == found


def test_a_replacement_that_was_announced_is_a_new_name() -> None:
    new = variable(name="W", label="quite different")
    (finding,) = compare(release(variable(deprecated=Deprecation("1", "W")), new), release(new))
    assert (finding.code, finding.variable) == (codes.REMOVED.id, "V")
    assert "W replaces it" in finding.message


def test_a_new_variable_that_has_to_be_set_breaks() -> None:
    found = compare(
        release(variable()), release(variable(), variable(default=None, name="W", label="w", mandatory=True))
    )
    assert [(f.code, f.severity) for f in found] == [(codes.NEWLY_MANDATORY.id, Severity.ERROR)]


def test_a_rule_that_refuses_more_breaks() -> None:
    switch = Variable("S", BOOLEAN, label="s", default=False)
    rules = [Rule("r", severity, switch, "m", "r", when=Is(switch, value=True)) for severity in Severity]
    made = [release(switch, rules=(rule,)) for rule in rules]
    error, warning, _ = made
    assert [f.code for f in compare(release(switch), error)] == [codes.NARROWED.id]
    assert [f.code for f in compare(warning, error)] == [codes.NARROWED.id]
    assert [f.code for f in compare(error, release(switch))] == [codes.WIDENED.id]
    assert compare(release(switch), warning) == []


OLD = """
from ctxschema.model import kinds
from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable

ONE = Variable("A", kinds.NUMBER, label="A", default=1)
A = Appliance("mine", "M", "An appliance.", (ONE, Variable("B", kinds.TEXT, label="B", default="")))
"""


def test_releases_are_modules_appliances_and_schemas(ctx: Ctx, tmp_path: Path) -> None:
    old, new, both, schema = (tmp_path / name for name in ("old.py", "new.py", "both.py", "old.json"))
    old.write_text(OLD)
    new.write_text(re.sub(r', Variable\("B".*\)\)\)', ",))", OLD))
    both.write_text(f'{OLD}Z = Appliance("other", "O", "An appliance.", ())\n')
    assert ctx("generate", "json-schema", "--from", str(old), "-o", str(schema)).code == 0
    for earlier in (old, schema, f"{both}:mine"):
        ended = ctx("diff", str(earlier), str(new), "--format", "json")
        assert (ended.code, ended.err, ended.json["breaking"]) == (1, "", True)
        assert [(f["code"], f["variable"]) for f in ended.json["findings"]] == [(codes.REMOVED.id, "B")]
        assert ctx("diff", str(new), str(earlier)).code == 0
    assert ctx("diff", str(schema), str(both)).out.endswith("no findings\n")
    assert ctx("diff", str(both), str(old)).code == 2
    assert ctx("diff", "flower-supernode", "flower-supernode") == (
        0,
        "flower-supernode to flower-supernode: no findings\n",
        "",
    )


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"$defs": {"x-ctxschema": {"examples": [3]}}}', "[" * 100000])
def test_what_is_no_schema_of_ours_is_an_error(ctx: Ctx, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    ended = ctx("diff", str(path), "flower-supernode")
    assert (ended.code, ended.out) == (1, "")
    assert codes.NOT_A_RELEASE.id in ended.err


@pytest.mark.parametrize("word", ["flower-supernod", "nothing", "/no/such.py", "a:b"])
def test_what_is_no_release_is_misuse(ctx: Ctx, word: str) -> None:
    assert ctx("diff", word, "flower-supernode").code == 2
