"""No repair hurts: nothing is taken from the host by a command to paste, and no two repairs contradict one another."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from ctxschema.gpu.answers import FIRMWARE, KERNEL
from ctxschema.gpu.registry import ALL_CHECKS
from ctxschema.model.check import plain
from tests.conftest import recorded
from tests.gpu import hosts
from tests.gpu.conftest import by_python, remove
from tests.gpu.test_random import FEW, build_host
from tests.gpu.test_random import hosts as any_host
from tests.gpu.tree import GPU, Tree

OVERRIDE = re.compile(r"set-override (\S+)")

CASES = {case["id"]: case for case in recorded("field-cases.json")["cases"] if case["command"] == "check-host"}


def fixes(report: dict[str, Any]) -> list[str]:
    return [result["fix"] for check in report["checks"] for result in check["results"] if result["fix"]]


def asked(new_tree: Callable[[], Tree], build: Callable[[Tree], None]) -> tuple[dict[str, Any], str]:
    """The checks of a host by their id, and its repairs."""
    tree = new_tree()
    build(tree)
    report = by_python(tree, "host", ())
    return {check["id"]: check for check in report["checks"]}, "\n".join(fixes(report))


def field_57(checks: dict[str, Any], repairs: str) -> None:
    assert checks["gpu-groups"]["status"] == "fail"
    assert "driverctl set-override 0000:01:00.1 vfio-pci" in repairs


def field_58(checks: dict[str, Any], repairs: str) -> None:
    assert checks["nvswitch"]["status"] == "warn"
    assert "NVLink partition that Fabric Manager activates" in checks["nvswitch"]["message"]
    assert "all GPUs and NVSwitches passed together" in checks["nvswitch"]["message"]
    assert not any(check["status"] == "fail" for check in checks.values())
    assert "FABRIC_MODE=1" in repairs


def field_59(checks: dict[str, Any], repairs: str) -> None:
    assert checks["gpu-groups"]["status"] == "fail"
    assert "take it from the host" in checks["gpu-groups"]["message"]
    assert "a network card" in checks["gpu-groups"]["message"]
    assert not OVERRIDE.search(repairs)
    assert "another slot" in repairs
    assert "ACS" in repairs


def field_60(checks: dict[str, Any], repairs: str) -> None:
    assert checks["iommu"]["status"] == checks["iommu-groups"]["status"] == "fail"
    assert "BIOS" not in repairs
    assert "CONFIG_AMD_IOMMU" in repairs
    assert "the firmware has it on, so the kernel is what lacks it" in repairs


def an_amd_host_whose_kernel_lacks_it(tree: Tree) -> None:
    tree.host(table="IVRS", groups=0)
    tree.function(hosts.A, kind=GPU, driver="vfio-pci")


FIELD = {
    "field-57": (hosts.a_host_whose_gpu_keeps_its_audio, field_57),
    "field-58": (hosts.an_hgx_host_that_hands_over_a_gpu_alone, field_58),
    "field-59": (hosts.a_host_whose_gpu_shares_with_a_network_card, field_59),
    "field-60": (an_amd_host_whose_kernel_lacks_it, field_60),
}


@pytest.mark.parametrize("case", CASES)
def test_what_people_met_on_hosts(case: str, new_tree: Callable[[], Tree]) -> None:
    build, judge = FIELD[case]
    judge(*asked(new_tree, build))


@settings(FEW, max_examples=60)
@given(any_host())
def test_on_any_host_no_command_takes_a_function_of_another_slot(made: Any) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        tree = Tree(folder)
        build_host(tree, made)
        report = by_python(tree, "host", ())
    finally:
        remove(folder)
    # What the report itself counts among the GPUs.
    message = next(check for check in report["checks"] if check["id"] == "host-gpus")["message"]
    slots = {addr.rpartition(".")[0] for addr in re.findall(r"GPU (\S+) is", message)}
    repairs = fixes(report)
    assert {addr.rpartition(".")[0] for addr in OVERRIDE.findall("\n".join(repairs))} <= slots
    iommu = {repair for repair in repairs if repair in {FIRMWARE, plain(KERNEL)} or "_IOMMU" in repair}
    assert not {FIRMWARE, plain(KERNEL)} <= iommu
    assert FIRMWARE not in iommu or not any("CONFIG_AMD_IOMMU" in repair or "iommu=on" in repair for repair in repairs)


def test_a_device_is_asked_for_by_more_than_its_vendor() -> None:
    texts = [text for check in ALL_CHECKS for answer in check.answers for text in (answer.message, answer.fix)]
    asking = [text for text in texts if "PCI = [" in text]
    assert asking
    assert all("CLASS" in text or "DEVICE =" in text for text in asking)
