"""How much time the steps give to what they ask, and what they leave for the next."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from ctxschema import Appliance, GpuFacts, load_context
from ctxschema.boot import actions
from ctxschema.boot.state import Options, State
from ctxschema.context.values import Values
from ctxschema.core import codes
from ctxschema.gpu.decision import fall_back
from ctxschema.gpu.smi import Gpu
from ctxschema.machine.log import Log
from ctxschema.machine.system import Deadline, Outcome, System
from ctxschema.model.container import Container, Image
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.kinds import BOOLEAN
from ctxschema.model.variable import Variable

WITH_GPU = Variable("OWN_GPU", BOOLEAN, label="GPU", default=False)
REQUEST = GpuRequest(WITH_GPU, script="/opt/own/validate-gpu.sh")
OWN = Appliance("own", "Own", "One.", (WITH_GPU,), container=Container(Image("example/own")), gpu=REQUEST)
GPU = Gpu("0", "GPU-1", "NVIDIA H200", "143771", "580")


def state(**more: Any) -> State:
    system = System("/nowhere", sleep=lambda _seconds: None)
    made = State(OWN, Options(), system, Log(system, syslog=False), load_context({"OWN_GPU": "YES"}))
    return evolve(made, values=Values({"OWN_GPU": True}, {}, REQUEST), **more)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the detection of a GPU was given, on a clock that stands still; there is no GPU."""
    seen: list[Any] = []

    def facts(machine: Any) -> GpuFacts:
        seen.append((machine.most, machine.attempts))
        return GpuFacts(reason="there is none")

    def details(machine: Any, seconds: float, script: str, *, containers: bool = False) -> tuple[Any, ...]:
        seen.append((machine.most, seconds, script, containers))
        return (codes.GPU_CHECK.at("a detail"),)

    monkeypatch.setattr("ctxschema.machine.system.time.monotonic", lambda: 100.0)
    monkeypatch.setattr(actions, "gpu_facts", facts)
    monkeypatch.setattr("ctxschema.gpu.details.gpu_details", details)
    return seen


def test_the_detection_of_a_gpu_leaves_time_for_the_details(asked: list[Any]) -> None:
    outcome = actions.detect(state(decision=fall_back(REQUEST, "not yet")), Deadline.after(60))
    assert asked == [(12.0, 2), (12.0, 10.0, "/opt/own/validate-gpu.sh", False)]
    assert outcome.failed
    assert outcome.summary == "NO: GPU requested but not available, falling back to CPU: there is none"
    assert outcome.finding is not None
    assert outcome.finding.code == codes.GPU_FALLBACK.id
    assert [each.message for each in outcome.findings] == ["a detail"]
    assert outcome.state.decision.reason == "there is none"


def test_with_little_time_the_details_get_what_is_left(asked: list[Any]) -> None:
    actions.detect(state(decision=fall_back(REQUEST, "not yet")), Deadline.after(5))
    assert asked == [(1.0, 2), (1.0, 5.0, "/opt/own/validate-gpu.sh", False)]


def test_a_gpu_that_is_there_is_not_looked_into(asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    there = GpuFacts(driver_loaded=True, nvidia_smi=True, gpus=(GPU,))
    monkeypatch.setattr(actions, "gpu_facts", lambda _machine: there)
    outcome = actions.detect(state(decision=fall_back(REQUEST, "not yet")), Deadline.after(60))
    assert asked == []
    assert (outcome.failed, outcome.findings, outcome.state.gpus) == (False, (), (GPU,))
    assert outcome.state.decision.use_gpu


def test_nobody_is_asked_where_nobody_asks_for_a_gpu(asked: list[Any]) -> None:
    outcome = actions.detect(state(), Deadline.after(60))
    assert (outcome.skipped, outcome.failed, outcome.summary) == (True, False, "OWN_GPU is not YES")
    assert asked == []


def test_until_it_is_decided_the_container_gets_no_gpu() -> None:
    outcome = actions.judge(state(), Deadline())
    decision = outcome.state.decision
    assert (decision.requested, decision.use_gpu) == (True, False)
    assert decision.reason == "the detection of the GPU did not end"
    outcome = actions.judge(evolve(state(), raw=load_context({"OWN_GPU": "NO"})), Deadline())
    assert (outcome.state.decision.requested, outcome.state.decision.warning) == (False, None)


def test_a_context_that_is_named_is_the_one_that_counts(tmp_path: Any) -> None:
    (tmp_path / "named").write_text("OWN_GPU='YES'\n")
    outcome = actions.load(state(options=Options(str(tmp_path / "named"))), Deadline())
    assert (outcome.failed, outcome.summary) == (False, f"1 names from {tmp_path}/named")
    (tmp_path / "named").write_text("?\n")
    outcome = actions.load(state(options=Options(str(tmp_path / "named"))), Deadline())
    assert (outcome.failed, outcome.summary) == (True, f"{tmp_path}/named cannot be trusted")
    assert [each.code for each in outcome.findings] == ["CTX060"]
    assert outcome.state.raw.broken


def test_the_engine_is_waited_for_as_long_as_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def run(_system: System, arguments: list[str], seconds: float) -> Outcome:
        asked.append((arguments, seconds))
        return Outcome(0, "28.5.2\n", answer="28.5.2\n")

    monkeypatch.setattr("ctxschema.machine.system.time.monotonic", lambda: 100.0)
    monkeypatch.setattr(System, "run", run)
    outcome = actions.wait_for_engine(state(), Deadline.after(3))
    assert (outcome.failed, outcome.summary) == (False, "Docker answers")
    assert asked == [(["docker", "version", "--format", "{{.Server.Version}}"], 3.0)]
    monkeypatch.setattr(System, "run", lambda *_arguments: Outcome(None, missing=True))
    outcome = actions.wait_for_engine(state(), Deadline.after(3))
    assert (outcome.failed, outcome.summary) == (True, "the docker program is not there; install Docker")
