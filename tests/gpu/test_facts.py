"""What the machine says about its GPUs, in bounded time, on machines made of folders."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ctxschema.gpu.details import boot_findings
from ctxschema.gpu.facts import GpuFacts, detect_gpu, gpu_facts
from ctxschema.gpu.machine import Machine
from ctxschema.gpu.run import run_checks
from ctxschema.machine.docker_route import docker_route
from ctxschema.machine.system import System
from ctxschema.model.check import Layer
from tests.gpu.tree import Tree
from tests.gpu.vms import ready

ROW = "0, GPU-2f31e691, NVIDIA H200, 143771, 580.159.04, 9.0, [N/A]"


def machine(
    root: Path,
    smi: str | None,
    *,
    driver: bool = True,
    docker: str = "28.5.2",
    hook: str | None = "nvidia-container-runtime-hook",
) -> System:
    (root / "bin").mkdir()
    if driver:
        version = root / "proc/driver/nvidia/version"
        version.parent.mkdir(parents=True)
        version.write_text("NVRM version: NVIDIA UNIX Open Kernel Module  580.159.04\n")
    if smi is not None:
        put(root / "bin/nvidia-smi", smi)
    put(root / "bin/docker", f"echo {docker}")
    if hook:
        put(root / "usr/bin" / hook, "exit 0")
    return System(str(root), f"{root}/bin:/usr/bin:/bin")


def put(program: Path, script: str) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def detect(system: System, seconds: float = 10) -> GpuFacts:
    return detect_gpu(system, seconds)


def test_a_healthy_machine(tmp_path: Path) -> None:
    facts = detect(machine(tmp_path, f"echo '{ROW}'"))
    assert facts.usable
    (gpu,) = facts.gpus
    assert (gpu.index, gpu.uuid, gpu.name, gpu.memory_mib) == ("0", "GPU-2f31e691", "NVIDIA H200", "143771")
    assert (gpu.driver_version, gpu.compute_capability, gpu.mig_mode) == ("580.159.04", "9.0", "")
    assert facts.reason is None


@pytest.mark.parametrize(
    ("smi", "reason"),
    [
        (None, "is not there"),
        ("echo 'No devices were found'", "No devices were found"),
        ("echo 'No devices were found'; exit 6", "ended with 6"),
        ("echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18", "version mismatch"),
        ("exit 0", "printed nothing"),
        ("head -c 5000000 /dev/zero", "ended with 0"),
        ("printf '0, \\377\\376, \\v, \\f, \\034\\n'", "ended with 0"),
        (f"echo '{ROW}'; exit 1", "ended with 1"),
        ("echo '1, one, two, three, four'", "ended with 0"),
        ("echo 'NVIDIA-SMI has failed'; exit 9", "ended with 9"),
    ],
)
def test_every_failure_has_its_reason(tmp_path: Path, smi: str | None, reason: str) -> None:
    facts = detect(machine(tmp_path, smi))
    assert not facts.usable
    assert facts.driver_loaded
    assert reason in (facts.reason or "")


def test_without_a_driver_nobody_is_asked(tmp_path: Path) -> None:
    facts = detect(machine(tmp_path, f"touch {tmp_path}/asked; echo '{ROW}'", driver=False))
    assert not facts.usable
    assert "driver" in (facts.reason or "")
    assert not (tmp_path / "asked").exists()


def test_a_module_with_nvidia_in_its_name_is_no_driver(tmp_path: Path) -> None:
    system = machine(tmp_path, f"echo '{ROW}'", driver=False)
    (tmp_path / "sys/module/nvidia_wmi_ec_backlight").mkdir(parents=True)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/modules").write_text("i2c_nvidia_gpu 16384 0 - Live 0x0\nnvidiafb 1 0 - Live 0x0\n")
    assert not detect(system).driver_loaded
    (tmp_path / "sys/module/nvidia").mkdir()
    assert detect(system).usable


@pytest.mark.parametrize("smi", ["exec sleep 60", "trap '' TERM INT HUP; sleep 60 & wait; sleep 60"])
def test_a_program_that_hangs_is_given_up_in_time(tmp_path: Path, smi: str) -> None:
    began = time.monotonic()
    facts = detect(machine(tmp_path, smi), seconds=0.3)
    assert time.monotonic() - began < 5
    assert "did not answer" in (facts.reason or "")
    assert not facts.usable


FREEZER = Path("/sys/fs/cgroup/freezer")


@pytest.fixture
def freezer() -> Iterator[Path]:
    """A cgroup whose processes do not die, as those that hang in a driver do not."""
    folder = FREEZER / f"ctxschema-{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("no freezer of version 1 on this machine")
    yield folder
    (folder / "freezer.state").write_text("THAWED")
    for _ in range(100):
        try:
            folder.rmdir()
        except OSError:
            time.sleep(0.05)
        else:
            return


def test_a_program_that_cannot_be_killed_is_left_behind(tmp_path: Path, freezer: Path) -> None:
    frozen = f"echo $$ > {freezer}/tasks; echo FROZEN > {freezer}/freezer.state; sleep 60"
    began = time.monotonic()
    facts = detect(machine(tmp_path, frozen), seconds=0.3)
    assert time.monotonic() - began < 5
    assert "did not answer" in (facts.reason or "")
    assert (freezer / "tasks").read_text().split()  # it is still there


def test_a_child_that_keeps_the_output_open_does_not_hold_us_up(tmp_path: Path) -> None:
    began = time.monotonic()
    assert detect(machine(tmp_path, f"sleep 30 & echo '{ROW}'")).usable
    assert time.monotonic() - began < 5


def test_a_first_contact_that_takes_long_gets_a_second_attempt(tmp_path: Path) -> None:
    slow = f"[ -e {tmp_path}/asked ] || {{ touch {tmp_path}/asked; exec sleep 30; }}; echo '{ROW}'"
    assert detect_gpu(machine(tmp_path, slow), 1.0, attempts=2).usable


@pytest.mark.parametrize(
    ("driver", "reason"),
    [(None, "for the GPU at 0000:00:06.0"), ("nouveau", "the driver nouveau holds the GPU at 0000:00:06.0")],
)
def test_the_pci_bus_says_why_there_is_no_driver(tmp_path: Path, driver: str | None, reason: str) -> None:
    system = machine(tmp_path, None, driver=False)
    for address, vendor, kind in (("0000:00:05.0", "0x10de", "0x0c0330"), ("0000:00:06.0", "0x10de", "0x030200")):
        folder = tmp_path / "sys/bus/pci/devices" / address
        folder.mkdir(parents=True)
        (folder / "vendor").write_text(f"{vendor}\n")
        (folder / "class").write_text(f"{kind}\n")
    if driver:
        folder = tmp_path / "sys/bus/pci/devices/0000:00:06.0"
        (folder / "driver").symlink_to(f"../../../../bus/pci/drivers/{driver}")
    assert reason in (detect(system).reason or "")


def test_a_warning_of_dockers_client_is_no_version(tmp_path: Path) -> None:
    system = machine(tmp_path, f"echo '{ROW}'")
    put(tmp_path / "bin/docker", "echo 'WARNING: Error loading config file' >&2; echo 28.5.2")
    assert detect(system).usable


def test_an_old_driver_is_asked_for_less(tmp_path: Path) -> None:
    smi = f"case $1 in *compute_cap*) echo 'Field is not a valid field'; exit 2;; esac; echo '{ROW[:-12]}'"
    (gpu,) = detect(machine(tmp_path, smi)).gpus
    assert (gpu.driver_version, gpu.compute_capability) == ("580.159.04", "")


SPECIFICATION = "cdiVersion: 0.6.0\nkind: nvidia.com/gpu\n"


@pytest.mark.parametrize(
    ("docker", "hook", "specification", "daemon", "usable"),
    [
        ("20.10.24", "nvidia-container-runtime-hook", False, None, True),
        ("28.5.2", "nvidia-container-runtime-hook", False, None, True),
        ("28.5.2", None, True, None, False),
        ("28.5.2", "nvidia-cdi-hook", True, None, False),
        ("28.5.2", None, False, '{"runtimes": {"nvidia": {"path": "nvidia-container-runtime"}}}', False),
        ("29.2.0", "nvidia-cdi-hook", True, None, True),
        ("29.7.2", "nvidia-cdi-hook", False, None, False),
        ("29.7.2", None, True, None, False),
        ("29.7.2", "nvidia-cdi-hook", True, '{"features": {"cdi": false}}', False),
        ("29.7.2", "nvidia-cdi-hook", True, "not json", True),
        ("29.7.2", "nvidia-container-runtime-hook", False, None, True),
    ],
)
def test_what_docker_needs_to_hand_over_a_gpu(
    tmp_path: Path, docker: str, hook: str | None, daemon: str | None, *, specification: bool, usable: bool
) -> None:
    system = machine(tmp_path, f"echo '{ROW}'", docker=docker, hook=hook)
    if specification:
        (tmp_path / "run/cdi").mkdir(parents=True)
        (tmp_path / "run/cdi/nvidia.yaml").write_text(SPECIFICATION)
    if daemon is not None:
        (tmp_path / "etc/docker").mkdir(parents=True)
        (tmp_path / "etc/docker/daemon.json").write_text(daemon)
    facts = detect(system)
    assert (facts.nvidia_smi, facts.usable) == (True, usable)
    assert ("Container Toolkit" in (facts.reason or "")) == (not usable)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (None, "not there"),
        ("echo 'Cannot connect to the Docker daemon' >&2; exit 1", "Cannot connect"),
        ("exit 0", "printed nothing"),
        ("exec sleep 60", "did not answer"),
    ],
)
def test_without_an_engine_there_is_no_route(tmp_path: Path, script: str | None, reason: str) -> None:
    system = machine(tmp_path, f"echo '{ROW}'")
    (tmp_path / "bin/docker").unlink()
    if script is not None:
        put(tmp_path / "bin/docker", script)
    route = docker_route(System(system.root, f"{tmp_path}/bin" if script is None else system.path), seconds=2)
    assert not route.usable
    assert reason in (route.reason or "")


def test_a_virtual_function_is_no_gpu_to_the_decision_nor_to_the_checks(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    tree.function("0000:01:00.4", driver="nouveau")
    tree.link("sys/bus/pci/devices/0000:01:00.4/physfn", "../0000:01:00.0")
    system = System(str(tree.root), str(tree.bin))
    assert "no NVIDIA GPU is on the PCI bus" in (detect(system).reason or "")
    answers = {each.check.id: each.results[0].answer.name for each in run_checks(Layer.VM, system).checks}
    assert answers["vm-gpus"] == "none"
    assert answers["nouveau"] == "no-gpu"


def test_the_decision_and_the_checks_of_a_boot_ask_nvidia_smi_once(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    ready(tree)
    (tree.root / "usr/bin/nvidia-container-runtime-hook").unlink()
    machine = Machine(System(str(tree.root), str(tree.bin)))
    assert not gpu_facts(machine).usable
    assert boot_findings(machine, 10)
    asked = [call for call in tree.calls.splitlines() if "--query-gpu" in call]
    assert len(asked) == len(set(asked))
