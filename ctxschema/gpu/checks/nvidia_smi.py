"""Does nvidia-smi answer and name each GPU?"""

from __future__ import annotations

from ctxschema.gpu.answers import NO_DRIVER, REBOOT
from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Found, Machine, exit_code, said
from ctxschema.gpu.pci import pci_bus
from ctxschema.gpu.smi import ask_smi
from ctxschema.gpu.values import SMI_SECONDS
from ctxschema.machine.system import Outcome
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "nvidia-smi",
    Layer.VM,
    "Does nvidia-smi answer and name each GPU?",
    "one query of nvidia-smi, whose exit code alone proves nothing",
    "it ends with 0 and gives at least one row",
    (
        Answer("named", Status.PASS, "GPU {index} is {name} with {memory}"),
        Answer(
            "not-found",
            Status.FAIL,
            "nvidia-smi is not there",
            "install the driver's utilities (`apt install nvidia-utils-545`, of the driver's own version)",
        ),
        Answer(
            "timeout",
            Status.FAIL,
            "nvidia-smi did not answer within {seconds} seconds",
            f"{REBOOT}; if it hangs again, read `dmesg | grep -i -e nvrm -e xid`",
        ),
        Answer(
            "mismatch",
            Status.FAIL,
            "the driver in the kernel and its library are of two versions: {said}",
            f"{REBOOT}, which loads the driver that was installed last",
        ),
        Answer(
            "no-library",
            Status.FAIL,
            "nvidia-smi finds no NVML library: {said}",
            "install the driver's libraries again (`apt install --reinstall nvidia-driver-545`)",
        ),
        Answer(
            "refused",
            Status.FAIL,
            "nvidia-smi cannot reach the driver: {said}",
            "read `dmesg | grep -i nvrm`, then `modprobe -r nvidia` and `modprobe nvidia`",
        ),
        Answer(
            "no-devices",
            Status.FAIL,
            "nvidia-smi names no GPU: {said}",
            f"read `dmesg | grep -i nvrm`, check that the driver is new enough for the card, and {REBOOT}",
        ),
        Answer(
            "failed",
            Status.FAIL,
            "nvidia-smi ended with {code}: {said}",
            f"read `dmesg | grep -i -e nvrm -e xid` and {REBOOT}",
        ),
        Answer(
            "fewer",
            Status.WARN,
            "nvidia-smi names {count} of {expected} GPUs on the PCI bus",
            "look for the others in `dmesg | grep -i -e nvrm -e xid`",
        ),
        NO_DRIVER,
    ),
)


_BY_CODE = {0: "no-devices", 6: "no-devices", 9: "refused", 12: "no-library"}


def probe(machine: Machine) -> Found:
    """Run nvidia-smi and compare the GPUs that it lists with those on the PCI bus."""
    if not machine.cached(kernel_driver).loaded:
        yield "no-driver", {}  # without the driver, running nvidia-smi would leave a device node behind
        return
    smi = machine.cached(ask_smi)
    for row in smi.gpus:
        yield "named", {"index": row.index, "name": row.name, "memory": row.memory}
    expected = len(machine.cached(pci_bus).gpus)
    if not smi.gpus:
        yield _failure(smi.outcome, f"{machine.limit(SMI_SECONDS):g}")
    elif len(smi.gpus) < expected:
        yield "fewer", {"count": str(len(smi.gpus)), "expected": str(expected)}


def _failure(outcome: Outcome, seconds: str) -> tuple[str, dict[str, str]]:
    words = said(outcome)
    if outcome.missing:
        return "not-found", {}
    if outcome.timed_out:
        return "timeout", {"seconds": seconds}
    if "version mismatch" in words:
        return "mismatch", {"said": words}
    return _BY_CODE.get(outcome.code or 0, "failed"), {"code": exit_code(outcome), "said": words}
