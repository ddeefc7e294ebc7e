"""What the agent makes of the outcomes of its steps: the report, the log, and the masks over secrets."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from ctxschema import Appliance, load_context
from ctxschema.boot import agent
from ctxschema.boot.actions import ACTIONS
from ctxschema.boot.agent import Report, StepReport, boot, own_fault
from ctxschema.boot.state import Options, State, StepOutcome
from ctxschema.context.values import Values
from ctxschema.core import codes
from ctxschema.core.errors import CtxschemaError
from ctxschema.core.finding import Severity
from ctxschema.core.secret import Secret
from ctxschema.gpu.decision import fall_back
from ctxschema.machine.log import Log
from ctxschema.machine.system import Deadline, Outcome, System
from ctxschema.model import appliance
from ctxschema.model.container import Container, Image
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.kinds import BOOLEAN, PASSWORD
from ctxschema.model.step import Step, StepKind
from ctxschema.model.variable import Variable

WORD = Variable("OWN_WORD", PASSWORD, label="Word", default=None, aliases=("OLD_WORD",))
WITH_GPU = Variable("OWN_GPU", BOOLEAN, label="GPU", default=False)
BESIDE = Container(Image("example/beside"), name="beside")


def step(kind: StepKind, severity: Severity = Severity.ERROR, seconds: float | None = 30.0) -> Step:
    return Step(
        kind.value, kind.value.title(), "What.", "Why.", ("do it",), severity, "Mend it.", seconds=seconds, kind=kind
    )


appliance.CHECKED_BEFORE, checked = True, appliance.CHECKED_BEFORE  # four steps are enough for what is seen here
OWN = Appliance(
    "own",
    "Own",
    "One.",
    (WORD, WITH_GPU),
    prefixes=("OWN_",),
    container=Container(Image("example/own"), name="its-own-name", beside=(BESIDE,)),
    gpu=GpuRequest(WITH_GPU),
    steps=(
        step(StepKind.IMAGE),
        step(StepKind.READ),
        step(StepKind.GPU, Severity.WARNING),
        step(StepKind.ENGINE, seconds=None),
    ),
)
FEWER = evolve(OWN, steps=(OWN.steps[1], OWN.steps[3]))
appliance.CHECKED_BEFORE = checked
Act = Callable[[State, Deadline], StepOutcome]


class Boot:
    """A boot whose steps do what a test says, on a clock that stands still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 500.0
        self.asked: list[tuple[str, float]] = []
        self.reports: list[Report] = []
        self.limits: list[float | None] = []
        self.still: list[Any] = []
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "time", lambda: 1234.56789)
        monkeypatch.setattr(System, "run", self.run)
        monkeypatch.setattr(agent, "in_time", self.in_time)
        self.monkeypatch = monkeypatch
        for kind in (StepKind.READ, StepKind.GPU, StepKind.ENGINE):
            self.does(kind, lambda state, _deadline: StepOutcome(state, "it went well"))

    def run(self, arguments: list[str], seconds: float) -> Outcome:
        self.asked.append((" ".join(arguments), seconds))
        return Outcome(0, answer=f"{arguments[-1]}\n")

    def in_time(self, work: Callable[[], Any], seconds: float | None, still: Any = None) -> Any:
        self.limits.append(seconds)
        self.still.append(still)
        return work()

    def does(self, kind: StepKind, act: Act) -> None:
        self.monkeypatch.setitem(ACTIONS, kind, act)

    def __call__(self, booted: Appliance = OWN) -> Report:
        system = System("/nowhere")
        return boot(booted, Options(), system, Log(system, syslog=False), self.reports.append)


@pytest.fixture
def booting(monkeypatch: pytest.MonkeyPatch) -> Boot:
    return Boot(monkeypatch)


def failing(said: str, **more: Any) -> Act:
    return lambda state, _deadline: StepOutcome(state, said, failed=True, **more)


def lines(log: pytest.CaptureFixture[str]) -> list[str]:
    return [line.removeprefix("ctxschema-agent: ") for line in log.readouterr().err.splitlines()]


def test_the_report_of_a_boot_in_full(booting: Boot, capsys: pytest.CaptureFixture[str]) -> None:
    def read(state: State, _deadline: Deadline) -> StepOutcome:
        booting.now += 1.23456
        return StepOutcome(state, "it was read", (codes.KIND.at("odd", variable="OWN_GPU"),))

    booting.does(StepKind.READ, read)
    booting.does(StepKind.GPU, lambda state, _deadline: StepOutcome(state, "not asked for", skipped=True))
    report = booting().as_dict()
    finding = codes.KIND.at("odd", variable="OWN_GPU").as_dict()
    assert report.pop("steps") == [
        {
            "number": 1,
            "id": "image",
            "title": "Image",
            "runner": "image",
            "status": "image",
            "severity": "error",
            "deadline": 30.0,
            "seconds": 0.0,
            "message": "done by the machine's image",
            "findings": [],
        },
        {
            "number": 2,
            "id": "read",
            "title": "Read",
            "runner": "agent",
            "status": "done",
            "severity": "error",
            "deadline": 30.0,
            "seconds": 1.235,
            "message": "it was read",
            "findings": [finding],
        },
        {
            "number": 3,
            "id": "gpu",
            "title": "Gpu",
            "runner": "agent",
            "status": "skipped",
            "severity": "warning",
            "deadline": 30.0,
            "seconds": 0.0,
            "message": "not asked for",
            "findings": [],
        },
        {
            "number": 4,
            "id": "engine",
            "title": "Engine",
            "runner": "agent",
            "status": "done",
            "severity": "error",
            "deadline": None,
            "seconds": 0.0,
            "message": "it went well",
            "findings": [],
        },
    ]
    assert report == {
        "appliance": "own",
        "ok": True,
        "began": 1234.568,
        "seconds": 1.235,
        "argv": [],
        "env": {},
        "gpu": {"requested": False, "available": False, "flags": [], "warning": None, "reason": None, "gpus": []},
        "onegate": {},
        "findings": [finding],
    }
    assert lines(capsys) == [
        "error: CTX071: odd" + f" ({codes.KIND.repair})" * bool(codes.KIND.repair),
        "step 2/4 Read: done: it was read (1.23 s)",
        "step 3/4 Gpu: skipped: not asked for (0.00 s)",
        "step 4/4 Engine: done: it went well (0.00 s)",
    ]
    assert [(len(each.steps), round(each.seconds, 9), each.began) for each in booting.reports] == [
        (number, 1.23456, 1234.56789) for number in (2, 3, 4, 4)
    ]
    assert booting.limits == [31.0, 31.0, None]
    assert booting.asked == []


def test_an_error_ends_a_boot_and_removes_what_ran_before(booting: Boot, capsys: pytest.CaptureFixture[str]) -> None:
    booting.does(StepKind.READ, failing("it is broken"))
    report = booting()
    assert not report.ok
    assert [(each.status, each.message, each.number) for each in report.steps] == [
        ("image", "done by the machine's image", 1),
        ("failed", "it is broken", 2),
        ("not reached", "the boot stopped before it", 3),
        ("not reached", "the boot stopped before it", 4),
    ]
    (finding,) = report.findings
    assert (finding.code, finding.severity, finding.message, finding.repair) == (
        "CTX096", Severity.ERROR, "Read: it is broken", "Mend it.",
    )  # fmt: skip
    assert booting.asked == [("docker rm -f its-own-name", 15.0), ("docker rm -f beside", 15.0)]
    assert booting.limits == [31.0, 21.0]
    assert lines(capsys) == [
        "error: CTX096: Read: it is broken (Mend it.)",
        "error: step 2/4 Read: failed: it is broken (0.00 s)",
        "the container its-own-name of an earlier boot is removed, for this one does not start it anew",
        "the container beside of an earlier boot is removed, for this one does not start it anew",
    ]


def test_what_has_been_started_is_left_when_a_later_step_fails(booting: Boot) -> None:
    def start(state: State, _deadline: Deadline) -> StepOutcome:
        return StepOutcome(evolve(state, container=state.plan()), "it was started")

    booting.does(StepKind.READ, start)
    booting.does(StepKind.ENGINE, failing("it fell over"))
    report = booting()
    assert not report.ok
    assert booting.asked == []
    assert report.as_dict()["argv"][-1] == "example/own:latest"


def test_a_warning_does_not_end_a_boot(booting: Boot, capsys: pytest.CaptureFixture[str]) -> None:
    booting.does(StepKind.GPU, failing("there is none", finding=codes.GPU_FALLBACK.at("no GPU", repair="add one")))
    report = booting()
    assert report.ok
    assert [each.status for each in report.steps] == ["image", "done", "failed", "done"]
    assert [(each.message, each.severity) for each in report.findings] == [("no GPU", Severity.WARNING)]
    assert lines(capsys)[1:3] == [
        "warning: CTX080: no GPU (add one)",
        "warning: step 3/4 Gpu: failed: there is none (0.00 s)",
    ]


def test_the_finding_of_a_failure_has_the_severity_of_its_step(booting: Boot) -> None:
    booting.does(StepKind.ENGINE, failing("no", finding=codes.GPU_FALLBACK.at("no GPU")))
    assert [each.severity for each in booting().findings] == [Severity.ERROR]
    booting.does(StepKind.ENGINE, failing("no", findings=(codes.KIND.at("odd"),)))
    assert [each.message for each in booting().findings] == ["odd"]  # an error says already why
    booting.does(StepKind.ENGINE, failing("no", findings=(codes.GPU_FALLBACK.at("odd"),)))
    assert [each.message for each in booting().findings] == ["Engine: no", "odd"]


def test_a_line_that_says_what_a_finding_says_is_not_written_twice(
    booting: Boot, capsys: pytest.CaptureFixture[str]
) -> None:
    booting.does(StepKind.ENGINE, failing("sadly, no GPU, see above", finding=codes.GPU_FALLBACK.at("no GPU")))
    booting()
    assert [line for line in lines(capsys) if "no GPU" in line] == [
        "error: step 4/4 Engine: failed: sadly, no GPU, see above (0.00 s)"
    ]


def test_a_step_that_takes_long_says_that_it_is_at_work(booting: Boot, capsys: pytest.CaptureFixture[str]) -> None:
    booting()
    capsys.readouterr()
    for still in booting.still:
        still(20.0)
    assert lines(capsys) == [
        "step 2/4 Read: at work for 20 s of at most 30 s",
        "step 3/4 Gpu: at work for 20 s of at most 30 s",
        "step 4/4 Engine: at work for 20 s",
    ]


def test_a_step_knows_how_much_time_it_has(booting: Boot) -> None:
    left: list[float] = []

    def asks(state: State, deadline: Deadline) -> StepOutcome:
        left.append(deadline.left(100.0))
        return StepOutcome(state, "")

    for kind in (StepKind.READ, StepKind.ENGINE):
        booting.does(kind, asks)
    booting()
    assert left == [30.0, 100.0]


def test_a_step_that_does_not_end_in_time(booting: Boot, monkeypatch: pytest.MonkeyPatch) -> None:
    def in_time(work: Callable[[], Any], seconds: float | None, *_still: Any) -> Any:
        if seconds == 31.0:
            raise TimeoutError
        return work()

    monkeypatch.setattr(agent, "in_time", in_time)
    report = booting(FEWER)
    assert report.steps[0].message == "it did not end within 30 seconds"
    assert [each.code for each in report.findings] == ["CTX096"]


@pytest.mark.parametrize(("kind", "code"), [(StepKind.GPU, "CTX080"), (StepKind.ENGINE, "CTX096")])
def test_a_fault_of_the_agents_own_in_the_step_that_decides_about_the_gpu(
    booting: Boot, kind: StepKind, code: str
) -> None:
    def read(state: State, _deadline: Deadline) -> StepOutcome:
        return StepOutcome(evolve(state, decision=fall_back(OWN.gpu, "it did not end")), "")

    def breaks(_state: State, _deadline: Deadline) -> StepOutcome:
        raise RuntimeError("s3cret")

    booting.does(StepKind.READ, read)
    booting.does(kind, breaks)
    report = booting()
    (finding,) = report.findings
    assert (finding.code, "s3cret" in str(report.as_dict())) == (code, False)
    assert "a fault of the agent's own: RuntimeError at test_report.py:" in str(report.as_dict())


def test_a_fault_where_nobody_asked_for_a_gpu_is_said_as_any_other(booting: Boot) -> None:
    def breaks(_state: State, _deadline: Deadline) -> StepOutcome:
        raise RuntimeError

    booting.does(StepKind.GPU, breaks)
    (finding,) = booting().findings
    assert (finding.code, finding.severity) == ("CTX096", Severity.WARNING)


def test_all_of_the_containers_are_removed_within_twenty_seconds(booting: Boot) -> None:
    run = booting.run

    def slow(_system: System, arguments: list[str], seconds: float) -> Outcome:
        booting.now += 12
        return run(arguments, seconds)

    booting.monkeypatch.setattr(System, "run", slow)
    booting.does(StepKind.READ, failing("no"))
    booting()
    assert booting.asked == [("docker rm -f its-own-name", 15.0), ("docker rm -f beside", 8.0)]


def test_an_error_of_the_package_brings_its_findings(booting: Boot) -> None:
    def breaks(_state: State, _deadline: Deadline) -> StepOutcome:
        raise CtxschemaError("it is wrong", [codes.KIND.at("odd")])

    booting.does(StepKind.ENGINE, breaks)
    report = booting()
    assert (report.steps[3].message, report.steps[3].status) == ("it is wrong", "failed")
    assert [each.message for each in report.findings] == ["odd"]


def test_no_secret_shows_in_what_a_step_says(booting: Boot, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = {"OWN_WORD": " w0rd-s3cret ", "OLD_WORD": "old-s3cret", "ONEGATE_TOKEN": "t0ken", "TOKENTXT": "txt-t0ken"}
    key = base64.b64encode(b"the key").decode()
    said = f"{' and '.join(text.strip() for text in secrets.values())} and {key}"

    def read(state: State, _deadline: Deadline) -> StepOutcome:
        state = evolve(state, raw=load_context({**secrets, "OWN_GPU": ""}), certificates={"server.key": Secret(key)})
        finding = codes.GPU_FALLBACK.at(f"finding: {said}", repair=f"repair: {said}")
        return StepOutcome(state, f"summary: {said}", (finding, codes.GPU_FALLBACK.at("plain")))

    booting.does(StepKind.READ, read)
    booting.does(StepKind.ENGINE, failing(said))
    report = booting()
    err = capsys.readouterr().err
    for secret in (*(text.strip() for text in secrets.values()), key):
        assert secret not in str(report.as_dict()) + err
    stars = " and ".join(["********"] * 5)
    assert report.steps[1].message == f"summary: {stars}"
    assert report.steps[3].message == stars
    first, second, _ = report.findings
    assert (first.message, first.repair) == (f"finding: {stars}", f"repair: {stars}")
    assert (second.message, second.repair) == ("plain", codes.GPU_FALLBACK.repair or None)


def test_what_the_agents_own_fault_is_called() -> None:
    assert own_fault(MemoryError()) == "there is not enough memory"
    assert own_fault(ImportError("no")) == "Python cannot load a part of itself; is there enough memory?"
    assert own_fault(ValueError("s3cret")) == "a fault of the agent's own: ValueError at nowhere"

    def inner() -> None:
        raise KeyError("s3cret")

    with pytest.raises(KeyError) as raised:
        inner()
    line = inner.__code__.co_firstlineno + 1
    assert own_fault(raised.value) == f"a fault of the agent's own: KeyError at test_report.py:{line}"


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (TimeoutError(), "Docker did not answer in time"),
        (MemoryError(), "there is not enough memory"),
    ],
)
def test_what_cannot_be_removed_is_a_warning_in_the_log(
    booting: Boot, error: BaseException, why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_time(work: Callable[[], Any], seconds: float | None, *_still: Any) -> Any:
        if seconds == 21.0:
            raise error
        return work()

    monkeypatch.setattr(agent, "in_time", in_time)
    booting.does(StepKind.READ, failing("no"))
    booting()
    assert lines(capsys)[-1] == f"warning: a container of an earlier boot may run on: {why}"


@pytest.mark.usefixtures("booting")
def test_a_boot_needs_nobody_who_takes_its_reports() -> None:
    system = System("/nowhere")
    assert boot(OWN, Options(), system, Log(system, syslog=False)).ok


def test_a_step_that_is_no_failure_is_ok_and_its_values_are_shown_to_nobody() -> None:
    state = State(OWN, Options(), System(), Log(System()), values=Values({"OWN_WORD": "w0rd"}, {}))
    each = StepReport(1, OWN.steps[1], "not reached", "")
    assert Report(OWN, (each,), state).ok
    assert "w0rd" not in repr(Report(OWN, (each,), state))
    assert not Report(OWN, (evolve(each, status="failed"),), state).ok
    assert Report(OWN, (evolve(each, status="failed", step=OWN.steps[2]),), state).ok
