"""The parts from which the checks are made, each for itself: what files and programs say, read to the letter."""

from __future__ import annotations

import locale
import os
import re
import time
from collections.abc import Iterator, Mapping

import pytest

from ctxschema.gpu.driver import driver_modules, kernel_driver, release_of
from ctxschema.gpu.facts import detect_gpu
from ctxschema.gpu.iommu import lacks_firmware, why_no_iommu
from ctxschema.gpu.machine import Machine, UnreadableError, printed_lines, said
from ctxschema.gpu.pci import driver_of, group_of, iommu_groups, pci_bus
from ctxschema.gpu.processes import process_of
from ctxschema.gpu.smi import Gpu, ask_cuda, ask_instances, ask_smi
from ctxschema.gpu.smi_details import SmiDetails, ask_details
from ctxschema.gpu.values import LONGEST_SAID
from ctxschema.machine.system import System
from tests.gpu.fake import LATE, Fake, printed

# ---- the machine ------------------------------------------------------------------------------------


def test_a_file_is_missing_unreadable_or_has_a_text(fake: Fake) -> None:
    fake.file("a", " text \n").link("null", "/dev/null").link("loop", "loop").file("folder/x")
    os.mkfifo(fake.root / "pipe")
    machine = fake.machine()
    assert (machine.text("/a"), machine.text("/none"), machine.text("/null")) == ("text", None, "")
    assert (machine.hint("/a"), machine.hint("/none"), machine.hint("/pipe")) == ("text", "", "")
    for path in ("/pipe", "/folder", "/loop"):
        with pytest.raises(UnreadableError) as raised:
            machine.text(path)
        assert (str(raised.value), raised.value.path) == (f"{path} cannot be read", path)
    assert (machine.names("/folder"), machine.names("/none")) == (["x"], [])
    with pytest.raises(UnreadableError):
        machine.names("/a")
    assert (machine.link("/null"), machine.link("/none")) == ("null", None)
    with pytest.raises(UnreadableError):
        machine.link("/a")
    assert (machine.there("/a"), machine.there("/none")) == (True, False)


def test_whether_a_line_of_a_file_matches(fake: Fake) -> None:
    (fake.root / "a").write_bytes("one\ncaf\u00e9 \xff two\n".encode() + b"\xff\xfe end\n")
    machine = fake.machine()
    assert machine.holds("/a", re.compile("^end|^one$")) is True
    assert machine.holds("/a", re.compile("caf\u00e9")) is True
    assert machine.holds("/a", re.compile("\ufffd end")) is True
    assert machine.holds("/a", re.compile("three")) is False
    assert machine.holds("/none", re.compile("")) is None
    assert machine.holds("/", re.compile("")) is None


@pytest.fixture
def no_locale() -> Iterator[None]:
    """The locale in which a program runs that nobody gave one, as far as Python's ``open`` goes."""
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    yield
    locale.setlocale(locale.LC_CTYPE, before)


@pytest.mark.usefixtures("no_locale")
def test_a_file_is_read_alike_in_every_locale(fake: Fake) -> None:
    (fake.root / "a").write_bytes("caf\u00e9\n".encode())
    assert fake.machine().holds("/a", re.compile("caf\u00e9")) is True


def test_what_a_program_said_is_one_line_of_ascii() -> None:
    assert said(printed("caf\u00e9  a\tb\n c")) == "caf a b c"
    assert said(printed("out\n", errors="err")) == "out err"
    assert said(printed(" \n")) == said(printed("")) == "it printed nothing"
    text = f"{'x' * (LONGEST_SAID - 1)} y"
    assert said(printed(text)) == "x" * (LONGEST_SAID - 1)
    assert printed_lines(printed("a  b\n\n \u00e9c ", errors="d")) == ["a b", "", "c"]


def test_the_limits_of_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    assert Machine(System()).limit(7) == 7
    assert Machine(System(), most=3).limit(7) == 3
    assert Machine(System(), most=3, until=102.0).limit(7) == 2
    assert Machine(System(), until=90.0).limit(7) == 0.01


def test_of_docker_the_command_counts_for_what_hangs(fake: Fake) -> None:
    fake.answers = {"docker run": LATE, "docker version": printed("28")}
    machine = fake.machine()
    assert not machine.hangs
    assert machine.run(["docker", "run", "a"], 2).timed_out
    assert machine.hangs
    assert machine.run(["docker", "version"], 2).code == 0
    assert machine.run(["docker", "run", "b"], 2).timed_out
    assert [line for line, _ in fake.asked] == ["docker run a", "docker version"]


def test_what_was_found_out_is_not_asked_again(fake: Fake) -> None:
    asked: list[Machine] = []

    def ask(machine: Machine) -> int:
        asked.append(machine)
        return 7

    machine = fake.machine()
    assert (machine.cached(ask), machine.cached(ask), asked) == (7, 7, [machine])


# ---- the driver and the bus -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "loaded", "version"),
    [
        ({}, False, "unknown"),
        ({"sys/module/nvidia/version": "580.1"}, True, "580.1"),
        ({"proc/driver/nvidia/version": "NVRM version: NVIDIA Kernel Module  545.23.08  x"}, True, "545.23.08"),
        (
            {"proc/driver/nvidia/version": "NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  R"},
            True,
            "580.159.04",
        ),
        ({"proc/driver/nvidia/version": "odd"}, True, "unknown"),
        (
            {"proc/driver/nvidia/version": "Module  545.23.08", "sys/module/nvidia/version": "580.1"},
            True,
            "580.1",
        ),
    ],
)
def test_the_driver_in_the_kernel(fake: Fake, files: Mapping[str, str], version: str, *, loaded: bool) -> None:
    for path, text in files.items():
        fake.file(path, text)
    driver = kernel_driver(fake.machine())
    assert (driver.loaded, driver.version, driver.unreadable) == (loaded, version, "")


def test_a_driver_that_cannot_be_looked_for(fake: Fake) -> None:
    fake.link("proc", "proc")
    driver = kernel_driver(fake.machine())
    assert (driver.loaded, driver.unreadable) == (False, "/proc/driver/nvidia/version")


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("kernel/drivers/nvidia.ko:", True),
        ("updates/dkms/nvidia-current-open.ko.xz: x", True),
        ("nvidia-open.ko", True),
        ("kernel/nvidiafb.ko:", False),
        ("kernel/nvidia-drm.ko:", False),
    ],
)
def test_kernels_for_which_the_driver_is_installed(fake: Fake, module: str, *, found: bool) -> None:
    fake.file("proc/sys/kernel/osrelease", "6.1\n").file("lib/modules/6.1/modules.dep", "x.ko:\n")
    fake.file("lib/modules/5.9/modules.dep", f"x.ko:\n{module}\n").file("lib/modules/5.10/modules.dep", f"{module}\n")
    fake.file("lib/modules/5.11/modules.dep", f"{module}\n")
    installed = driver_modules(fake.machine())
    assert (installed.release, installed.here, installed.other) == ("6.1", False, "5.9" if found else "")
    fake.file("lib/modules/6.1/modules.dep", f"{module}\n")
    assert driver_modules(fake.machine()).here is found


def test_a_kernel_that_says_nothing_of_itself(fake: Fake) -> None:
    installed = driver_modules(fake.machine())
    assert (installed.release, installed.here, installed.other) == ("unknown", False, "")
    assert release_of(fake.machine()) == "unknown"


def test_what_of_the_bus_is_a_gpu(fake: Fake) -> None:
    fake.function("0000:01:00.0").function("0000:02:00.0", kind="030000", device="22ab").function(
        "0000:03:00.0", "1002"
    )
    fake.function("0000:04:00.0", kind="068000").function("0000:05:00.0", kind="040300").function("odd")
    fake.function("0000:06:00.0").file("sys/bus/pci/devices/0000:06:00.0/physfn")
    fake.link("sys/bus/pci/devices/0000:07:00.0/vendor", "vendor").function("0000:08:00.0")
    (fake.root / "sys/bus/pci/devices/0000:08:00.0/device").unlink()
    bus = pci_bus(fake.machine())
    assert [(gpu.addr, gpu.device, gpu.kind, gpu.id) for gpu in bus.gpus] == [
        ("0000:01:00.0", "2335", "0302", "10de:2335"),
        ("0000:02:00.0", "22ab", "0300", "10de:22ab"),
        ("0000:08:00.0", "", "0302", "10de:"),
    ]
    assert bus.switches == ("0000:04:00.0",)
    assert bus.unreadable == ("/sys/bus/pci/devices/0000:07:00.0/vendor",)


def test_a_bus_that_cannot_be_read(fake: Fake) -> None:
    fake.file("sys/bus/pci/devices")
    assert pci_bus(fake.machine()).unreadable == ("/sys/bus/pci/devices",)


def test_the_driver_and_the_group_of_a_function(fake: Fake) -> None:
    fake.link("sys/bus/pci/devices/a/driver", "../../drivers/vfio-pci").link(
        "sys/bus/pci/devices/a/iommu_group", "x/12"
    )
    fake.file("sys/kernel/iommu_groups/7/devices/b").file("sys/kernel/iommu_groups/8/name", "vfio-noiommu\n")
    machine = fake.machine()
    assert (driver_of(machine, "a"), driver_of(machine, "b")) == ("vfio-pci", None)
    assert (group_of(machine, "a"), group_of(machine, "b"), group_of(machine, "c")) == ("12", "7", None)
    assert iommu_groups(machine) == (2, 1)
    fake.file("sys/kernel/iommu_groups/9/name", "vfio-noiommu\n")
    assert iommu_groups(machine) == (3, 2)


@pytest.mark.parametrize(
    ("programs", "names", "found"),
    [
        ({"12": "libvirtd\n"}, ["libvirtd"], "12"),
        ({"12": "bash", "13": "virtqemud", "14": "libvirtd"}, ["libvirtd", "virtqemud"], "13"),
        ({"12": "nv-fabricmanage"}, ["nv-fabricmanager"], "12"),  # the kernel keeps 15 characters
        ({"12": "nv-fabricmanag"}, ["nv-fabricmanager"], ""),
        ({"self": "libvirtd", "\u0661": "libvirtd", "12a": "libvirtd"}, ["libvirtd"], ""),
        ({"12/task/12": "libvirtd"}, ["libvirtd"], ""),
        ({}, ["libvirtd"], ""),
    ],
)
def test_which_process_runs_a_program(fake: Fake, programs: Mapping[str, str], names: list[str], found: str) -> None:
    for folder, program in programs.items():
        fake.file(f"proc/{folder}/comm", program)
    assert process_of(fake.machine(), *names) == found


OFF, NO_TABLE = ("off", ""), ("no-table", "")


@pytest.mark.parametrize(
    ("tables", "parameters", "why", "firmware"),
    [
        (None, "quiet", OFF, True),
        (None, "intel_iommu=off quiet", ("switched-off", "intel_iommu=off"), False),
        ([], "intel_iommu=off", NO_TABLE, True),
        (["APIC", "DMAR"], "quiet", ("intel-unused", ""), False),
        (["IORT", "IVRS"], "quiet", ("amd-unused", ""), False),
        (["IORT"], "quiet", OFF, True),
        (["DMAR", "IVRS"], "iommu=pt intel_iommu=on", ("intel-unused", ""), False),
        (["IVRS"], "iommu=pt,off amd_iommu=off", ("switched-off", "iommu=pt,off"), False),
        (["IVRS"], "amd_iommu=off", ("switched-off", "amd_iommu=off"), False),
        (["DMAR"], "iommu=a=b,off", ("switched-off", "iommu=a=b,off"), False),
        (["DMAR"], "iommu off other=off iommu=offline", ("intel-unused", ""), False),
    ],
)
def test_why_the_kernel_uses_no_iommu(
    fake: Fake, tables: list[str] | None, parameters: str, why: tuple[str, str], *, firmware: bool
) -> None:
    fake.file("proc/cmdline", f"{parameters}\n")
    if tables is not None:
        (fake.root / "sys/firmware/acpi/tables").mkdir(parents=True)
    for table in tables or ():
        fake.file(f"sys/firmware/acpi/tables/{table}")
    assert why_no_iommu(fake.machine()) == why
    assert lacks_firmware(fake.machine()) is firmware


def test_a_machine_that_tells_neither_tables_nor_parameters(fake: Fake) -> None:
    assert why_no_iommu(fake.machine()) == OFF


# ---- nvidia-smi -------------------------------------------------------------------------------------

ROW = "0, GPU-2f31, NVIDIA H200, 143771, 580.1"


def test_nvidia_smi_is_asked_for_less_by_less(fake: Fake) -> None:
    fields = "index,uuid,name,memory.total,driver_version"
    form = "--format=csv,noheader,nounits"
    fake.answers = {"nvidia-smi": [printed("no field", 2), printed("no field", 2), printed(f"{ROW}\n")]}
    smi = ask_smi(fake.machine())
    assert smi.gpus == (Gpu("0", "GPU-2f31", "NVIDIA H200", "143771", "580.1"),)
    asked = [line for line, _ in fake.asked]
    assert asked[0].startswith(f"nvidia-smi --query-gpu={fields},")
    assert asked[0].endswith(f" {form}")
    assert "compute_cap" in asked[0]
    assert asked[1] == f"nvidia-smi --query-gpu={fields},mig.mode.current,persistence_mode {form}"
    assert asked[2] == f"nvidia-smi --query-gpu={fields} {form}"


def test_what_of_nvidia_smi_is_a_row(fake: Fake) -> None:
    whole = f"{ROW}, 9.0, [N/A], Enabled"
    fake.answers = {
        "nvidia-smi": printed("\n".join([whole, "odd", ROW, f"{whole}, more", "x, GPU-1, a, b, c", "1, 2, a, b, c"]))
    }
    first, second = ask_smi(fake.machine()).gpus
    assert (first.compute_capability, first.mig_mode, first.persistence_mode) == ("9.0", "", "Enabled")
    assert (second.compute_capability, second.mig_mode, second.persistence_mode) == ("", "", "")
    assert (first.memory, Gpu("0", "u", "n", "[N/A]", "5").memory) == ("143771 MiB", "an unknown amount of memory")
    fake.answers = {"nvidia-smi": printed(whole, 1)}
    assert ask_smi(fake.machine()).gpus == ()


@pytest.mark.parametrize(("attempts", "asked"), [(1, [10.0]), (2, [10.0, 8.0]), (3, [10.0, 8.0, 8.0])])
def test_a_silent_nvidia_smi_is_asked_again_for_less_time(fake: Fake, attempts: int, asked: list[float]) -> None:
    fake.answers = {"nvidia-smi": LATE}
    assert ask_smi(fake.machine(attempts=attempts, most=10.0)).outcome.timed_out
    assert [seconds for _, seconds in fake.asked] == asked


def test_nvidia_smi_is_asked_once_and_for_ten_seconds_unless_told_otherwise(fake: Fake) -> None:
    fake.file("sys/module/nvidia/version", "580.1").answers = {"nvidia-smi": LATE}
    assert not detect_gpu(System(str(fake.root))).usable
    assert [seconds for _, seconds in fake.asked] == [10.0]


def test_the_cuda_and_the_instances_that_nvidia_smi_names(fake: Fake) -> None:
    fake.answers = {"nvidia-smi": printed("odd\n| CUDA Version: 13.0 |\nCUDA Version: 1.0\n")}
    assert ask_cuda(fake.machine()) == "13.0"
    fake.answers = {"nvidia-smi": printed("CUDA UMD Version : 12.4\n")}
    assert ask_cuda(fake.machine()) == "12.4"
    fake.answers = {"nvidia-smi": printed("CUDA Version: 13.0", 9)}
    assert ask_cuda(fake.machine()) == ""
    listed = "MIG before any\nGPU 0: H200 (UUID: x)\n  MIG 1g.18gb a\n  MIG 1g.18gb b\nGPU 1: H200\nGPU 2: H\n MIG c\n"
    fake.answers = {"nvidia-smi -L": printed(listed)}
    assert ask_instances(fake.machine()) == {"": 1, "0": 2, "2": 1}
    fake.answers = {"nvidia-smi -L": printed(listed, 1)}
    assert ask_instances(fake.machine()) is None


def test_what_the_long_report_of_nvidia_smi_tells(fake: Fake) -> None:
    text = (
        "State : Of nothing\nLicense Status : None\nGPU 00000000:01:00.0\n  Product : H200\n  Fabric\n"
        "   State : Completed\n"
        "   Status : Success\n  Other\n   State : Odd\n   Status : Odd\n  License Status : Licensed\n"
        "GPU 00000000:02:00.0\n  State : Odd\n"
    )
    fake.answers = {"nvidia-smi -q": printed(text)}
    assert ask_details(fake.machine()) == [
        SmiDetails("00000000:01:00.0", "Completed", "Success", "Licensed"), SmiDetails("00000000:02:00.0"),
    ]  # fmt: skip
    fake.answers = {"nvidia-smi -q": printed("Fabric\nState : Odd\nStatus : Odd\n")}
    assert ask_details(fake.machine()) == []
    fake.answers = {"nvidia-smi -q": printed(text, 1)}
    assert ask_details(fake.machine()) is None
