"""What a running front-end did with generated outputs, and what the checks report about it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxschema import get_appliance, load_context, validate
from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.generate.names import Names
from ctxschema.lint.linter import lint_text
from ctxschema.lint.published import early_findings
from ctxschema.model.service import Publish
from tests.conftest import Ended, recorded

Ctx = Callable[..., Ended]
FRONT_END = recorded("front-end.json")
REASONS = {code.id: code.reason for code in codes.TABLE}


@pytest.mark.parametrize("record", FRONT_END["published"], ids=lambda record: record["data"])
def test_what_opens_the_gate_is_found_and_published_last(record: dict[str, Any]) -> None:
    script = f'onegate vm update --data "{record["data"]}"\ndocker run -d shop\n'
    assert bool(list(early_findings(SourceText(script)))) == record["ready"]
    name, _, value = record["data"].partition("=")
    # What may open it is held back by its name, whatever its value turns out to be.
    assert Publish(name, value).opens_gate or not record["ready"]


@pytest.mark.parametrize("record", FRONT_END["template_id"], ids=lambda record: str(record["given"]))
def test_a_number_that_only_hangs_is_an_error(record: dict[str, Any]) -> None:
    service = {"name": "s", "roles": [{"name": "node", "type": "vm", "cardinality": 1, "template_id": record["given"]}]}
    (finding,) = lint_text(SourceText(json.dumps(service), "service.json"))
    assert (finding.code, finding.severity.value, finding.variable) == ("CTX251", "error", "node")
    assert record["ends_in"] in REASONS[finding.code]


@pytest.mark.parametrize("record", FRONT_END["text64"], ids=lambda record: record["ruby"])
def test_explain_says_what_text64_hangs_on(record: dict[str, Any], ctx: Ctx) -> None:
    data = ctx("explain", "O|text64|d| |", "--typed", record["typed"], "--format", "json").json
    (finding,) = data["typed"][0]["findings"]
    reason = REASONS[finding["code"]]
    assert record["error"] in reason
    assert f"Ruby {record['ruby']}" in reason
    assert data["consumers"][0]["accepts"] == "partly"


@pytest.mark.parametrize("record", FRONT_END["extra_variables"], ids=lambda record: record["names"])
def test_what_reaches_a_machine_twice_is_no_finding(record: dict[str, Any]) -> None:
    node = get_appliance("flower-supernode")
    inputs = Names(record["names"]).inputs(node)
    told = {name: inputs[name].default_text for name in record["reach_the_machine"]}
    own = {variable.name: variable.default_text for variable in inputs.values()}
    assert validate(node, load_context({**told, **own})).findings == ()


@pytest.mark.parametrize(
    "record", [each for each in recorded("typed-values.json") if "boot_rc" in each], ids=lambda record: record["case"]
)
def test_validate_and_its_boot_end_as_they_were_seen_to(record: dict[str, Any], ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "context.sh"
    values = "".join(f"{name}='{value}'\n" for name, value in sorted(record["context"].items()))
    path.write_text(values)
    words = ["validate", "flower-supernode", "--context", str(path)]
    assert ctx(*words).code == record["validate"]["rc"]
    judged = ctx(*words, "--boot", "--format", "json")
    assert (judged.code, judged.json["boots"]) == (record["boot_rc"], record["boot_rc"] == 0)
