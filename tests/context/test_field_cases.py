"""Problems that users had with values; each gets the correct finding."""

import pytest

from ctxschema import get_appliance, validate
from ctxschema.boot.plan import dry_run, gpu_facts
from ctxschema.context.load import read_context
from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.machine.system import System
from tests.conftest import recorded

CASES = {case["id"]: case for case in recorded("field-cases.json")["cases"]}
NODE = get_appliance("flower-supernode")
WARNINGS = {
    "field-61": (codes.LISTENING_ADDRESS, "FL_SUPERLINK_ADDRESS"),
    "field-66": (codes.LIMIT, "FL_NODE_CONFIG"),
    "field-67": (codes.CONTEXT_EMPTY, None),
}


def said(text: str) -> list[tuple[str, str | None]]:
    return [
        (each.code, each.variable) for each in validate(NODE, read_context(SourceText(text, "context.sh"))).findings
    ]


@pytest.mark.parametrize("case", WARNINGS)
def test_what_people_ran_into_is_said(case: str) -> None:
    code, variable = WARNINGS[case]
    assert (code.id, variable) in said(CASES[case]["input"])


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]"])
def test_an_address_to_listen_on_is_none_to_connect_to(host: str) -> None:
    assert said(f"FL_SUPERLINK_ADDRESS='{host}:9092'\n") == [(codes.LISTENING_ADDRESS.id, "FL_SUPERLINK_ADDRESS")]
    assert said("FL_SUPERLINK_ADDRESS='10.0.0.1:9092'\n") == []
    listening = read_context(SourceText(f"FL_FLEET_API_ADDRESS='{host}:9092'\n", "context.sh"))
    link = validate(get_appliance("flower-superlink"), listening)
    assert codes.LISTENING_ADDRESS.id not in [finding.code for finding in link.findings]


@pytest.mark.parametrize("name", ["FL_LOG_LEVEL", "ONEAPP_FL_LOG_LEVEL", "LOG_LEVEL"])
def test_a_context_with_one_name_of_ours_is_ours(name: str) -> None:
    assert codes.CONTEXT_EMPTY.id not in [code for code, _ in said(f"VMID='1'\n{name}='INFO'\n")]


def test_two_devices_are_asked_for_in_the_order_of_the_context() -> None:
    planned = dry_run(NODE, read_context(SourceText(CASES["field-65"]["input"], "x")), gpu_facts("yes", System()))
    words = planned.argv
    assert words[words.index("--gpus") + 1] == "all"
    assert "CUDA_VISIBLE_DEVICES=1,0" in words
