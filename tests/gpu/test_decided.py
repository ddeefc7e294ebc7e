"""All that a decision about the GPU says, for a few machines: numbers, notices, and the form that programs read."""

import pytest

from ctxschema import Appliance, decide_gpu, load_context, validate
from ctxschema.gpu.decision import FALLBACK_WARNING, NOT_REQUESTED, NOTHING_WITHOUT, GpuDecision, device_ids, fall_back
from ctxschema.gpu.facts import GpuFacts
from ctxschema.gpu.machine import Machine, exit_code
from ctxschema.gpu.smi import Gpu
from ctxschema.machine.system import Outcome, System
from ctxschema.model.conditions import Is
from ctxschema.model.container import Container, Image
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.kinds import BOOLEAN, NUMBER, TEXT
from ctxschema.model.limits import Between, Matches
from ctxschema.model.variable import Variable

ASKED = Variable("OWN_GPU", BOOLEAN, label="GPU", default=False)
CHOSEN = Variable(
    "OWN_GPUS", TEXT, label="GPUs", default="all", limits=(Matches("all|ALL|[0-9]+(,[0-9]+)*", "GPUs", "0,1", "x"),)
)
SHARE = Variable("OWN_SHARE", NUMBER, label="Share", default=5, limits=(Between(1, 10),), effective=Is(ASKED, True))
REQUEST = GpuRequest(ASKED, CHOSEN, settings=(SHARE,), published_as="OWN_GPU_AVAILABLE")
BOX = Container(Image("example/own"))
OWN = Appliance("own", "Own", "Own.", (ASKED, CHOSEN, SHARE), container=BOX, gpu=REQUEST, prefixes=("OWN_",))
TWO = tuple(Gpu(str(number), f"GPU-{number}", f"model {number}", "143771", "580") for number in range(2))
NOTHING = "no GPU is there"


def decide(gpus: tuple[Gpu, ...] = TWO, **context: str) -> GpuDecision:
    told = {"OWN_GPU": "YES", **context}
    facts = GpuFacts(driver_loaded=True, nvidia_smi=True, gpus=gpus, reason=NOTHING)
    return decide_gpu(validate(OWN, load_context(told)).values, facts)


def used(count: int | None, devices: str = "", notice: str | None = None) -> GpuDecision:
    environment = {"CUDA_VISIBLE_DEVICES": devices} if devices else {}
    return GpuDecision(
        requested=True, use_gpu=True, environment=environment, notice=notice, request=REQUEST, count=count
    )


@pytest.mark.parametrize(
    ("gpus", "context", "expected"),
    [
        (TWO, {}, used(2)),
        (TWO, {"OWN_GPUS": "ALL"}, used(2)),
        ((), {}, used(None)),
        ((), {"OWN_GPUS": "3"}, used(1, "3")),
        (TWO, {"OWN_GPUS": "1"}, used(1, "1")),
        (TWO, {"OWN_GPUS": "1,0,01"}, used(2, "1,0")),
        (
            TWO,
            {"OWN_GPUS": "0,7,9"},
            used(1, "0", "no GPU has the number 7 or 9; the machine has 0 (model 0), 1 (model 1)"),
        ),
        (
            TWO,
            {"OWN_GPUS": "7"},
            fall_back(REQUEST, "no GPU has the number 7; the machine has 0 (model 0), 1 (model 1)"),
        ),
        (TWO, {"OWN_GPUS": "x"}, fall_back(REQUEST, "OWN_GPUS is wrong")),
        (TWO, {"OWN_SHARE": "11"}, fall_back(REQUEST, "OWN_SHARE is wrong")),
        (TWO, {"OWN_GPU": "NO"}, GpuDecision(requested=False, use_gpu=False, request=REQUEST)),
        (TWO, {"OWN_GPU": "NO", "OWN_SHARE": "11"}, GpuDecision(requested=False, use_gpu=False, request=REQUEST)),
    ],
)
def test_what_is_decided(gpus: tuple[Gpu, ...], context: dict[str, str], expected: GpuDecision) -> None:
    assert decide(gpus, **context) == expected


def test_a_machine_without_a_gpu_says_why() -> None:
    values = validate(OWN, load_context({"OWN_GPU": "YES"})).values
    for facts in (
        GpuFacts(nvidia_smi=True, reason=NOTHING),
        GpuFacts(driver_loaded=True, reason=NOTHING),
        GpuFacts(driver_loaded=True, nvidia_smi=True, cuda=False, reason=NOTHING),
        GpuFacts(driver_loaded=True, nvidia_smi=True, docker_route=False, reason=NOTHING),
    ):
        assert decide_gpu(values, facts) == GpuDecision(
            requested=True, use_gpu=False, warning=FALLBACK_WARNING, reason=NOTHING, request=REQUEST
        )


def test_the_form_that_programs_read() -> None:
    assert decide(OWN_GPUS="1").as_dict() == {
        "requested": True,
        "available": True,
        "flags": ["--gpus", "all", "-e", "CUDA_VISIBLE_DEVICES=1"],
        "warning": None,
        "reason": None,
    }
    assert fall_back(REQUEST, NOTHING).as_dict() == {
        "requested": True,
        "available": False,
        "flags": [],
        "warning": "GPU requested but not available, falling back to CPU",
        "reason": "no GPU is there",
    }


def test_what_an_appliance_and_its_service_learn() -> None:
    assert decide().facts == {"gpu": "YES", "gpu_count": "2"}
    assert decide(()).facts == {"gpu": "YES"}
    assert fall_back(REQUEST, NOTHING).facts == {"gpu": "NO"}
    assert decide().onegate == {"OWN_GPU_AVAILABLE": "YES"}
    assert fall_back(REQUEST, NOTHING).onegate == {"OWN_GPU_AVAILABLE": "NO"}
    assert (NOT_REQUESTED.onegate, GpuDecision(requested=True, use_gpu=True, request=GpuRequest()).onegate) == ({}, {})


def test_only_what_cannot_do_without_stops_a_boot() -> None:
    required = GpuRequest(required=True)
    without = fall_back(required, NOTHING)
    assert (without.warning, without.stops_boot) == (NOTHING_WITHOUT, True)
    assert (fall_back(REQUEST, NOTHING).stops_boot, fall_back(None, NOTHING).stops_boot) == (False, False)
    assert not GpuDecision(requested=True, use_gpu=True, request=required).stops_boot


@pytest.mark.parametrize(
    ("text", "numbers"), [("", []), ("all", []), ("All", []), ("0", ["0"]), ("2,0,2,02", ["2", "0"])]
)
def test_the_numbers_of_devices(text: str, numbers: list[str]) -> None:
    assert device_ids(text) == numbers


def test_instances_of_mig_are_counted_from_zero() -> None:
    sliced = (Gpu("1", "GPU-1", "model 1", "143771", "580", mig_mode="Enabled"), *TWO)
    assert GpuFacts(gpus=sliced, devices=2).numbers == {"0": "an instance of MIG", "1": "an instance of MIG"}
    assert GpuFacts(gpus=sliced).numbers == {"1": "model 1", "0": "model 0"}
    assert GpuFacts(gpus=TWO, devices=1).numbers == {"0": "model 0", "1": "model 1"}


@pytest.mark.parametrize(("code", "text"), [(0, "0"), (1, "1"), (-9, "137"), (None, "None")])
def test_the_code_with_which_a_program_ended(code: int | None, text: str) -> None:
    assert exit_code(Outcome(code)) == text


def test_a_program_that_hung_is_asked_again_only_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def run(_system: System, _arguments: list[str], seconds: float) -> Outcome:
        asked.append(seconds)
        return Outcome(None, timed_out=True)

    monkeypatch.setattr(System, "run", run)
    machine = Machine(System())
    for seconds in (2.0, 2.0, 1.0, 3.0):
        assert machine.run(["nvidia-smi", "-L"], seconds).timed_out
    assert machine.run(["nvidia-smi", "-L"], 3.0, again=True).timed_out
    assert asked == [2.0, 3.0, 3.0]
    asked.clear()
    assert machine.run(["nvidia-smi", "-q"], 1.0, again=True).timed_out
    assert machine.run(["nvidia-smi", "-q"], 2.5).timed_out  # it hung for three seconds before, whatever it was asked
    assert asked == [1.0]
    asked.clear()
    machine = Machine(System())
    for seconds in (0.2, 0.2, 0.4):
        assert machine.run(["nvidia-smi"], seconds).timed_out
    assert asked == [0.2, 0.4]
