"""Machines in every state, booted through --root: each ends as declared, within its deadlines."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from attrs import evolve, frozen

from ctxschema import Appliance, Severity
from ctxschema.boot.actions import ACTIONS
from ctxschema.boot.agent import GRACE_SECONDS, Report
from ctxschema.core import codes
from ctxschema.gpu.decision import FALLBACK_WARNING
from ctxschema.model.step import Runner, StepKind
from tests.machine import ADDRESS, CPU_IMAGE, GPU_IMAGE, LINK, NODE, ROW, Machine, hurried
from tests.onegate_server import Server, onegate

NO_DRIVER = 'could not select device driver "" with capabilities: [[gpu]]'
HANG = "trap '' TERM INT HUP; sleep 600 & wait; sleep 600"
SECOND_ROW = ROW.replace("0, GPU-2f31e691", "1, GPU-77aa0000")


@frozen
class Situation:
    """A machine, and how its boot has to end.

    Args:
        name: What is wrong with the machine.
        change: Makes it so of a healthy machine.
        gpu: The published attribute about the GPU, and whether the container gets it.
        failed: The steps that fail.
        because: What the message of one of them says.
        context: The entries of its context beside address and OneGate.
        onegate: How OneGate behaves.
        boots: Whether the container runs in the end.
        hurry: Whether the deadlines are cut to seconds, because something does not answer.
    """

    name: str
    change: Callable[[Machine], object] = lambda machine: machine
    gpu: str = "NO"
    failed: tuple[str, ...] = ()
    because: str = ""
    context: Mapping[str, str] = MappingProxyType({"FL_GPU_ENABLED": "YES"})
    onegate: str = "well"
    boots: bool = True
    hurry: bool = False


OFF = {"FL_GPU_ENABLED": "NO"}

SITUATIONS = (
    Situation("GPU off, none there", lambda m: m.remove("proc/driver/nvidia/version"), context=OFF),
    Situation("GPU off although one is there", context=OFF),
    Situation("GPU on and everything well", gpu="YES"),
    Situation("GPU on, chosen by number", gpu="YES", context={"FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": "0"}),
    Situation("GPU on, two there", lambda m: m.smi(f"echo '{ROW}'; echo '{SECOND_ROW}'"), gpu="YES"),
    Situation(
        "one of the chosen GPUs is not there",
        gpu="YES",
        context={"FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": "0,7"},
    ),
    Situation(
        "none of the chosen GPUs is there",
        failed=("gpu",),
        because="no GPU has the number 7",
        context={"FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": "7"},
    ),
    Situation("no driver", lambda m: m.remove("proc/driver/nvidia/version"), failed=("gpu",), because="not loaded"),
    Situation(
        "only modules with nvidia in their names",
        lambda m: m.remove("proc/driver/nvidia/version").file("proc/modules", "nvidiafb 1 0 - Live 0x0\n"),
        failed=("gpu",),
        because="not loaded",
    ),
    Situation(
        "nouveau holds the GPU",
        lambda m: _pci(m.remove("proc/driver/nvidia/version"), "nouveau"),
        failed=("gpu",),
        because="nouveau holds the GPU at 0000:00:06.0",
    ),
    Situation(
        "no GPU on the PCI bus",
        lambda m: m.remove("proc/driver/nvidia/version").file("sys/bus/pci/devices/0000:00:01.0/vendor", "0x1af4\n"),
        failed=("gpu",),
        because="no NVIDIA GPU is on the PCI bus",
    ),
    Situation(
        "nvidia-smi missing",
        lambda m: (m.folder / "bin/nvidia-smi").unlink(),
        failed=("gpu",),
        because="nvidia-smi is not there",
    ),
    Situation(
        "no devices, and nvidia-smi ends with 0",
        lambda m: m.smi("echo 'No devices were found'"),
        failed=("gpu",),
        because="No devices were found",
    ),
    Situation(
        "driver and library do not match",
        lambda m: m.smi("echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18"),
        failed=("gpu",),
        because="restart the machine",
    ),
    Situation(
        "the driver is not loaded any more",
        lambda m: m.smi("echo 'NVIDIA-SMI has failed because it could not communicate with the driver.'; exit 9"),
        failed=("gpu",),
        because="ended with 9",
    ),
    Situation("nvidia-smi prints garbage", lambda m: m.smi("head -c 300000 /dev/urandom"), failed=("gpu",)),
    Situation(
        "a GPU is lost",
        lambda m: m.smi("echo '0, [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [N/A], [N/A]'"),
        failed=("gpu",),
        because="named no GPU",
    ),
    Situation(
        "nvidia-smi hangs and ignores SIGTERM",
        lambda m: m.smi(HANG),
        failed=("gpu",),
        because="did not answer",
        hurry=True,
    ),
    Situation(
        "an old driver that knows fewer fields",
        lambda m: m.smi(f"case $1 in *compute_cap*) echo 'not a valid field'; exit 2;; esac; echo '{ROW[:-15]}'"),
        gpu="YES",
    ),
    Situation(
        "no Container Toolkit",
        lambda m: m.remove("usr/bin/nvidia-container-runtime-hook"),
        failed=("gpu",),
        because="Container Toolkit",
    ),
    Situation(
        "a runtime in daemon.json and no hook",
        lambda m: m.remove("usr/bin/nvidia-container-runtime-hook").file(
            "etc/docker/daemon.json", '{"runtimes": {"nvidia": {"path": "nvidia-container-runtime"}}}'
        ),
        failed=("gpu",),
        because="Container Toolkit",
    ),
    Situation("the start with a GPU fails", lambda m: m.docker("no-driver", NO_DRIVER), because=NO_DRIVER),
    Situation(
        "the container dies with a GPU and lives without",
        lambda m: m.docker("gpu-crashes", ""),
        because="what the program said last",
    ),
    Situation(
        "the image for GPUs cannot be pulled",
        lambda m: m.docker("images", f"{CPU_IMAGE}\n"),
        failed=("version",),
        because="going on with flwr/supernode:1.25.0 and the CPU",
    ),
    Situation(
        "the image for GPUs can be pulled",
        lambda m: m.docker("images", f"{CPU_IMAGE}\n").docker("registry", f"{GPU_IMAGE}\n"),
        gpu="YES",
    ),
    Situation(
        "another release than the image brought, and no network",
        failed=("version",),
        because="going on with the release 1.25.0",
        context={**OFF, "FLOWER_VERSION": "1.30.0"},
    ),
    Situation(
        "another release than the image brought, no network, and the image for GPUs is there",
        gpu="YES",
        failed=("version",),
        because="going on with the release 1.25.0",
        context={"FL_GPU_ENABLED": "YES", "FLOWER_VERSION": "1.30.0"},
    ),
    Situation(
        "another release without a network and without an image for GPUs",
        lambda m: m.docker("images", f"{CPU_IMAGE}\nflwr/supernode:1.9.0\nflwr/supernode:latest\n"),
        failed=("version",),
        because="going on with the release 1.25.0",
        context={"FL_GPU_ENABLED": "YES", "FLOWER_VERSION": "1.30.0"},
    ),
    Situation(
        "only the image for GPUs is there, and the GPU is not",
        lambda m: m.docker("images", f"{GPU_IMAGE}\n").remove("proc/driver/nvidia/version"),
        failed=("gpu",),
        because="runs on a CPU as well",
    ),
    Situation(
        "only the image for GPUs is there, and the start with the GPU fails",
        lambda m: m.docker("images", f"{GPU_IMAGE}\n").docker("no-driver", NO_DRIVER),
        because=NO_DRIVER,
    ),
    Situation(
        "no image at all",
        lambda m: m.docker("images", "").docker("refuses", "Unable to find image locally"),
        failed=("version", "start"),
        because="Unable to find image",
        context=OFF,
        boots=False,
    ),
    Situation(
        "Docker is not installed",
        Machine.without_docker,
        failed=("docker",),
        because="install Docker",
        context=OFF,
        boots=False,
    ),
    Situation(
        "the engine is down",
        lambda m: m.docker("version", None),
        failed=("docker",),
        because="Cannot connect",
        context=OFF,
        boots=False,
        hurry=True,
    ),
    Situation(
        "the engine hangs",
        lambda m: m.docker("hangs", "version"),
        failed=("docker",),
        because="did not answer",
        boots=False,
        hurry=True,
    ),
    Situation(
        "the engine hangs once it is asked for an image",
        lambda m: m.docker("hangs", "image pull"),
        failed=("version",),
        because="did not answer",
        context=OFF,
        hurry=True,
    ),
    Situation(
        "docker run hangs",
        lambda m: m.docker("hangs", "run"),
        failed=("start",),
        because="did not answer",
        boots=False,
        hurry=True,
    ),
    Situation(
        "the container dies, GPU or not",
        lambda m: m.docker("crashes", ""),
        failed=("running",),
        because="what the program said last",
        boots=False,
    ),
    Situation(
        "docker inspect hangs",
        lambda m: m.docker("hangs", "inspect"),
        failed=("running",),
        context=OFF,
        boots=False,
        hurry=True,
    ),
    *(
        Situation(f"OneGate: {mode}", gpu="YES", failed=("publish",), because=because, onegate=mode, hurry=slow)
        for mode, because, slow in (
            ("unreachable", "cannot be reached", False),
            ("silent", "did not answer", True),
            ("drip", "did not answer", True),
            ("401", "401", False),
            ("500", "500", False),
            ("html", "web page", False),
            ("redirect", "302", False),
            ("half", "cannot be reached", False),
            ("no http", "cannot be reached", False),
            ("absent", "ONEGATE_ENDPOINT", False),
        )
    ),
    Situation(
        "no address, and OneGate knows none",
        failed=("discover",),
        because="ONEGATE_ENDPOINT",
        context={**OFF, "FL_SUPERLINK_ADDRESS": ""},
        onegate="absent",
        boots=False,
    ),
    Situation(
        "no address, and OneGate knows it", gpu="YES", context={"FL_GPU_ENABLED": "YES", "FL_SUPERLINK_ADDRESS": ""}
    ),
    Situation(
        "an error in the context",
        failed=("validate",),
        because="1 error",
        context={"FL_ISOLATION": "jail"},
        boots=False,
    ),
    Situation(
        "a wrong GPU setting",
        gpu="NO",
        failed=("gpu",),
        because="FL_GPU_MEMORY_FRACTION is wrong",
        context={"FL_GPU_ENABLED": "YES", "FL_GPU_MEMORY_FRACTION": "80%"},
    ),
    Situation(
        "no context at all",
        lambda m: m.remove("run/one-context/context.sh.network").file("run/one-context/context.sh.network/x", ""),
        failed=("context",),
        because="cannot be read",
        boots=False,
    ),
    Situation(
        "a folder cannot be made",
        lambda m: m.file("opt/flower", "a file where a folder should be"),
        failed=("folders",),
        because="cannot be made",
        boots=False,
    ),
    Situation(
        "the env file cannot be written",
        lambda m: m.file("opt/flower/config/flower-supernode.env/x", ""),
        failed=("files",),
        because="cannot be written",
        boots=False,
    ),
)


def _pci(machine: Machine, driver: str) -> Machine:
    folder = "sys/bus/pci/devices/0000:00:06.0"
    machine.file(f"{folder}/vendor", "0x10de\n").file(f"{folder}/class", "0x030200\n")
    (machine.root / folder / "driver").symlink_to(f"../../../bus/pci/drivers/{driver}")
    return machine


@pytest.fixture
def server() -> Iterator[Server]:
    with onegate() as serving:
        yield serving


def boot(
    situation: Situation, folder: Path, server: Server, appliance: Appliance | None = None
) -> tuple[Machine, Report]:
    """Make the machine of a situation and boot it."""
    machine = Machine.make(folder, gpu=True)
    values = dict(server.context)
    server.superlink()
    if situation.onegate == "absent":
        values = {"VMID": "42"}
    elif situation.onegate == "unreachable":
        values["ONEGATE_ENDPOINT"] = "http://127.0.0.1:9"
    else:
        server.mode = situation.onegate
    machine.context(**{**ADDRESS, **values, **situation.context})
    situation.change(machine)
    return machine, machine.boot(appliance or hurried(seconds=20, hurry=situation.failed if situation.hurry else ()))


def failed_steps(report: Report) -> list[str]:
    return [each.step.id for each in report.steps if each.status == "failed"]


@pytest.mark.parametrize("situation", SITUATIONS, ids=[situation.name for situation in SITUATIONS])
def test_every_machine_ends_as_declared(situation: Situation, tmp_path: Path, server: Server) -> None:
    machine, report = boot(situation, tmp_path, server)
    assert (failed_steps(report), report.ok) == (list(situation.failed), situation.boots)
    texts = " ".join([*(each.message for each in report.steps), *(f.message + str(f.repair) for f in report.findings)])
    assert situation.because in texts
    for each in report.steps:
        assert each.step.seconds is None or each.seconds < each.step.seconds + GRACE_SECONDS + 0.5, each.message
    if situation.boots:
        assert machine.containers == [NODE]
        has_gpu = "--gpus" in machine.argv()
        assert has_gpu == (situation.gpu == "YES")
        if has_gpu:
            assert "-py3.13-ubuntu24.04" in " ".join(machine.argv())
        assert report.as_dict()["gpu"]["available"] == has_gpu
        if "publish" not in situation.failed:
            assert server.stored["FL_GPU_AVAILABLE"] == situation.gpu
            assert server.stored["FL_NODE_READY"] == "YES"
        else:
            assert server.stored.get("FL_GPU_AVAILABLE") is None
    else:
        assert server.stored == {}
    requested = situation.context.get("FL_GPU_ENABLED") == "YES"
    if requested and situation.boots and situation.gpu == "NO":
        (fallback,) = [finding for finding in report.findings if finding.code == codes.GPU_FALLBACK.id]
        assert (fallback.message, fallback.severity) == (FALLBACK_WARNING, Severity.WARNING)
        assert fallback.repair
        assert report.as_dict()["gpu"]["warning"] == FALLBACK_WARNING


def test_there_are_enough_of_them() -> None:
    assert len(SITUATIONS) >= 25
    assert len({situation.name for situation in SITUATIONS}) == len(SITUATIONS)


BREAKING = {
    "context": "no context at all",
    "validate": "an error in the context",
    "folders": "a folder cannot be made",
    "files": "the env file cannot be written",
    "discover": "no address, and OneGate knows none",
    "docker": "Docker is not installed",
    "gpu": "no driver",
    "version": "the image for GPUs cannot be pulled",
    "start": "no image at all",
    "running": "the container dies, GPU or not",
    "publish": "OneGate: 401",
}
"""A situation in which each of the agent's steps fails."""


def test_every_step_of_the_agent_has_a_situation_in_which_it_fails() -> None:
    declared = {step.id for step in hurried().steps if step.runner is Runner.AGENT}
    assert declared == set(BREAKING)
    assert {step.kind for step in hurried().steps} == {*ACTIONS, StepKind.IMAGE}


@pytest.mark.parametrize("step_id", BREAKING)
def test_another_severity_in_the_declaration_is_another_outcome(step_id: str, tmp_path: Path, server: Server) -> None:
    situation = next(each for each in SITUATIONS if each.name == BREAKING[step_id])
    assert step_id in situation.failed
    other = {Severity.ERROR: Severity.WARNING, Severity.WARNING: Severity.ERROR}
    steps = [
        evolve(step, severity=other[step.severity]) if step.id == step_id else step for step in hurried(seconds=2).steps
    ]
    _, report = boot(situation, tmp_path, server, evolve(hurried(), steps=tuple(steps)))
    assert (failed_steps(report), report.ok) != (list(situation.failed), situation.boots)


def test_the_image_does_what_only_the_image_can(server: Server, tmp_path: Path) -> None:
    _, report = boot(SITUATIONS[2], tmp_path, server)
    images = {each.step.id: each.step.severity for each in report.steps if each.status == "image"}
    assert images == {"os": Severity.ERROR, "unit": Severity.ERROR, "ready": Severity.WARNING}


@pytest.mark.parametrize("name", [NODE, LINK])
def test_steps_are_numbered_by_their_place(name: str) -> None:
    appliance = hurried(name)
    inserted = evolve(appliance.steps[3], id="another", kind=StepKind.IMAGE)
    longer = evolve(appliance, steps=(*appliance.steps[:5], inserted, *appliance.steps[5:]))
    assert [number for number, _ in longer.numbered_steps] == list(range(1, len(appliance.steps) + 2))
    for step in appliance.steps[5:]:
        assert longer.step_number(step.id) == appliance.step_number(step.id) + 1


def test_gpu_detection_is_step_9_of_the_14_of_a_supernode() -> None:
    appliance = hurried()
    assert (appliance.step_number("gpu"), len(appliance.steps)) == (9, 14)
    assert re.search("before the start", appliance.steps[8].why)


def test_a_step_that_never_ends_is_left_behind(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIONS, StepKind.GPU, lambda _state, _deadline: time.sleep(60))
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, **server.context, FL_GPU_ENABLED="YES")
    report = machine.boot(hurried(seconds=20, hurry=["gpu"]))
    assert report.steps[8].seconds < 10
    assert "did not end within" in report.steps[8].message
    assert codes.GPU_FALLBACK.id in {finding.code for finding in report.findings}


def test_a_fault_of_the_agents_own_is_a_failed_step_and_quotes_no_value(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_state: object, _deadline: object) -> None:
        raise RuntimeError("the secret is hunter2")

    monkeypatch.setitem(ACTIONS, StepKind.GPU, broken)
    machine = Machine.make(tmp_path).context(**ADDRESS, **server.context, FL_GPU_ENABLED="YES")
    report = machine.boot()
    assert report.ok
    assert FALLBACK_WARNING in {finding.message for finding in report.findings}
    assert server.stored["FL_GPU_AVAILABLE"] == "NO"
    assert "RuntimeError at test_situations.py:" in report.steps[8].message
    assert "hunter2" not in str(report.as_dict())
