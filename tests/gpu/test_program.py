"""The details of a boot, the report of the checks, and the program that prints it."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from ctxschema.core.errors import DeclarationError
from ctxschema.gpu import details
from ctxschema.gpu.__main__ import main
from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.details import boot_findings, gpu_details
from ctxschema.gpu.machine import Machine, UnreadableError
from ctxschema.gpu.registry import ALL_CHECKS, CHECKS, PROBES, SCRIPTS
from ctxschema.gpu.report import CheckResult, Report, Result
from ctxschema.gpu.run import make_check, run_checks
from ctxschema.gpu.script import gpu_script
from ctxschema.machine.system import System
from ctxschema.model.check import Answer, Check, Layer, Status
from tests.conftest import ROOT
from tests.gpu.fake import Fake, printed

# ---- in detail --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, 1, 2])
def test_how_the_script_may_end(fake: Fake, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.file("gpu.sh")
    (fake.root / "gpu.sh").chmod(0o755)
    fake.answers = {"env": printed('{"checks": []}', code)}
    left: list[float] = []

    def instead(_machine: Machine, seconds: float, **_more: Any) -> tuple[()]:
        left.append(seconds)
        return ()

    monkeypatch.setattr(details, "boot_findings", instead)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    assert gpu_details(fake.machine(), 9.0, "/gpu.sh") == ()
    assert left == ([9.0] if code == 2 else [])


@pytest.mark.parametrize(("containers", "more"), [(False, " --no-container"), (True, "")])
@pytest.mark.parametrize(("seconds", "most"), [(30.0, 10), (1.0, 1), (10.9, 3)])
def test_how_the_script_is_called(fake: Fake, more: str, seconds: float, most: int, *, containers: bool) -> None:
    fake.file("opt/own/gpu.sh")
    (fake.root / "opt/own/gpu.sh").chmod(0o755)
    report = {"checks": [{"id": "x", "results": [{"status": "fail", "message": "m", "fix": 7}]}]}
    fake.answers = {"env": printed(json.dumps(report), 1)}
    (finding,) = gpu_details(fake.machine(), seconds, "/opt/own/gpu.sh", containers=containers)
    assert (finding.code, finding.message, finding.repair) == ("CTX110", "x: m", "7")
    assert fake.asked == [
        (f"env CTX_ROOT={fake.root} {fake.root}/opt/own/gpu.sh --json --timeout={most}{more}", seconds)
    ]


@pytest.mark.parametrize("folder", ["one", "one/", "X"])
def test_the_script_is_told_below_which_folder_the_machine_is(fake: Fake, folder: str) -> None:
    fake.file(f"{folder}/gpu.sh")
    (fake.root / folder / "gpu.sh").chmod(0o755)
    fake.answers = {"env": printed('{"checks": []}')}
    assert gpu_details(Machine(System(f"{fake.root}/{folder}")), 9.0, "/gpu.sh") == ()
    ((asked, _),) = fake.asked
    assert asked.split()[1] == f"CTX_ROOT={fake.root}/{folder.rstrip('/')}"


def test_no_container_is_started_unless_it_may_be(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make(check: Check, _machine: Machine) -> CheckResult:
        made.append(check.id)
        return result(GOOD)

    monkeypatch.setattr(details, "make_check", make)
    for containers in (False, True):
        wanted = [check.id for check in CHECKS[Layer.VM] if containers or not check.needs_container]
        gpu_details(fake.machine(), 10, "", containers=containers)
        boot_findings(fake.machine(), 10, containers=containers)
        assert made == wanted * 2
        made.clear()
    gpu_details(fake.machine(), 10, "")
    boot_findings(fake.machine(), 10)
    assert made == [check.id for check in CHECKS[Layer.VM] if not check.needs_container] * 2


def test_checks_for_which_no_time_is_left_are_named(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    (finding,) = boot_findings(fake.machine(), -5.0)
    names = ", ".join(check.id for check in CHECKS[Layer.VM] if not check.needs_container)
    assert (finding.code, finding.message) == ("CTX111", f"no time was left for these GPU checks: {names}")
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    machine = fake.machine()
    boot_findings(machine, 7.0)
    assert machine.until == 107.0
    (finding,) = boot_findings(machine, -7.0)
    assert (machine.until, finding.code) == (100.0, "CTX111")


# ---- the report and the program ---------------------------------------------------------------------

GOOD, BAD = Answer("good", Status.PASS, "it is {what}"), Answer("bad", Status.FAIL, "bad", "mend {what}")
WARNS, SKIPS = Answer("warns", Status.WARN, "odd\u00e9\x1b"), Answer("skips", Status.SKIP, "skipped")
CHECK = Check("check", Layer.VM, "Well?", "all", "all is well", (GOOD, BAD, WARNS, SKIPS))


def result(*answers: Answer) -> CheckResult:
    return CheckResult(CHECK, tuple(Result(answer, {"what": "it"}) for answer in answers))


def test_a_report_as_text_and_as_data() -> None:
    report = Report(Layer.VM, (result(GOOD), result(BAD, GOOD, BAD), result(WARNS), result(SKIPS)))
    lines = list(report.lines())
    assert lines == [
        "PASS  check: it is it",
        "FAIL  check: bad",
        "      FIX: mend it",
        "PASS  check: it is it",
        "FAIL  check: bad",
        "      FIX: mend it",
        "WARN  check: odd?",
        "SKIP  check: skipped",
        "FAIL: 1 passed, 1 failed, 1 warned, 1 skipped",
    ]
    assert list(report.lines(quiet=True)) == [line for line in lines if not line.startswith(("PASS", "SKIP"))]
    assert (report.ok, report.counts) == (False, {"pass": 1, "fail": 1, "warn": 1, "skip": 1} | report.counts)
    assert report.as_dict()["verdict"] == "fail"
    assert report.as_dict()["checks"][1] == {
        "id": "check",
        "question": "Well?",
        "status": "fail",
        "message": "bad; bad",
        "fix": "mend it",
        "results": [each.as_dict() for each in result(BAD, GOOD, BAD).results],
    }
    assert result(BAD).results[0].as_dict() == {"answer": "bad", "status": "fail", "message": "bad", "fix": "mend it"}
    assert result(GOOD).as_dict()["fix"] is None
    well = Report(Layer.HOST, (result(GOOD, WARNS), result(SKIPS)))
    assert (well.ok, well.as_dict()["verdict"], well.as_dict()["layer"]) == (True, "pass", "host")
    assert list(well.lines(quiet=True)) == ["WARN  check: odd?"]
    assert list(well.lines())[-1] == "PASS: 0 passed, 0 failed, 1 warned, 1 skipped"


def test_a_check_that_cannot_read_what_it_needs_says_so(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_machine: Machine) -> Any:
        raise UnreadableError("/a/path")
        yield

    (check,) = [each for each in ALL_CHECKS if each.id == "vfio-udev"]
    monkeypatch.setitem(PROBES, "vfio-udev", refuses)
    (found,) = make_check(check, fake.machine()).results
    assert (found.answer.name, found.message) == ("unreadable", "/a/path cannot be read, so this cannot be told")


def test_which_checks_are_made_and_what_they_are_told(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, Machine]] = []

    def make(check: Check, machine: Machine) -> CheckResult:
        seen.append((check.id, machine))
        return result(GOOD)

    monkeypatch.setattr("ctxschema.gpu.run.make_check", make)
    system = System(str(fake.root))
    run_checks(Layer.VM, system)
    assert [name for name, _ in seen] == [check.id for check in CHECKS[Layer.VM]]
    plain = seen[0][1]
    assert (plain.system, plain.image, plain.pull, plain.most, plain.onehost) == (system, None, False, None, None)
    seen.clear()
    run_checks(Layer.VM, system, image="i", pull=True, most=3.0, onehost="o", containers=False)
    told = seen[0][1]
    assert (told.image, told.pull, told.most, told.onehost) == ("i", True, 3.0, "o")
    assert [name for name, _ in seen] == [check.id for check in CHECKS[Layer.VM] if not check.needs_container]


class Asked:
    """The program, with checks that a test makes up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: list[Any] = []
        self.report = Report(Layer.VM, (result(GOOD),))
        monkeypatch.setattr("ctxschema.gpu.__main__.run_checks", self.checks)
        self.monkeypatch = monkeypatch

    def checks(self, layer: Layer, system: System, **more: Any) -> Report:
        self.given.append((layer, system.root, more))
        return self.report

    def __call__(self, *words: str) -> int:
        self.monkeypatch.setattr(sys, "argv", ["x", *words])
        return main()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


def test_the_program_prints_a_report(program: Asked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program("vm") == 0
    assert capsys.readouterr().out == "PASS  check: it is it\nPASS: 1 passed, 0 failed, 0 warned, 0 skipped\n"
    assert program("host", "--format", "json") == 0
    assert capsys.readouterr().out == json.dumps(program.report.as_dict(), indent=2) + "\n"
    (tmp_path / "host.xml").write_text("<HOST>")
    words = [
        "--root",
        str(tmp_path),
        "--image",
        "i",
        "--pull",
        "--timeout",
        "7",
        "--onehost",
        str(tmp_path / "host.xml"),
    ]
    assert program("host", *words) == 0
    nothing = {"image": None, "pull": False, "most": None, "onehost": None}
    assert program.given == [
        (Layer.VM, "/", nothing),
        (Layer.HOST, "/", nothing),
        (Layer.HOST, str(tmp_path), {"image": "i", "pull": True, "most": 7, "onehost": "<HOST>"}),
    ]
    program.report = Report(Layer.VM, (result(BAD),))
    assert program("vm") == 1


@pytest.mark.parametrize("words", [[], ["x"], ["vm", "--root", "/nowhere/at/all"], ["vm", "--timeout", "soon"]])
def test_the_program_refuses_other_words(program: Asked, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        program(*words)
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("usage: python -m ctxschema.gpu ")
    assert "/nowhere" not in str(words) or "/nowhere/at/all is no folder" in err


def test_the_help_of_the_program(program: Asked, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program("--help")
    text = " ".join(capsys.readouterr().out.split())
    for part in (
        "runs the checks; it needs attrs",
        "--root ROOT a folder that stands for /",
        "--format {text,json}",
        "--image IMAGE the image for the container check",
        "--pull download the image if it is not there",
        "--timeout TIMEOUT the longest that any program may take, in seconds",
        "--onehost ONEHOST what onehost show -x prints of this host",
    ):
        assert part in text


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), BrokenPipeError(32, "Broken pipe")])
def test_a_report_that_cannot_be_printed(
    program: Asked, error: OSError, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise error

    monkeypatch.setattr(sys, "stdout", Full())
    assert program("vm") == 1
    said_of_it = "Error: standard output cannot be written: No space left on device\n"
    assert capsys.readouterr().err == ("" if isinstance(error, BrokenPipeError) else said_of_it)
    monkeypatch.setattr(sys, "stdout", None)
    assert program("vm") == 1


def test_a_script_that_answers_what_its_check_does_not_declare_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = CHECKS[Layer.HOST]
    monkeypatch.setitem(CHECKS, Layer.HOST, (evolve(first, answers=first.answers[1:]), *others))
    gone = first.answers[0].name
    with pytest.raises(DeclarationError, match=f"^{first.id}: its script answers {gone}, which is not declared$"):
        gpu_script(Layer.HOST)


def test_what_cannot_be_read_is_said_alike_by_every_check() -> None:
    known = {answer for check in ALL_CHECKS for answer in check.answers if answer.name == "unreadable"}
    assert known == {unreadable()}


@pytest.mark.parametrize("layer", list(Layer), ids=lambda layer: layer.value)
def test_the_script_is_the_one_that_is_committed(layer: Layer) -> None:
    assert gpu_script(layer) == (ROOT / "schemas/gpu" / SCRIPTS[layer]).read_text()
