"""Does the kernel use an IOMMU? What it was asked for only explains why not."""

from __future__ import annotations

from ctxschema.gpu.answers import FIRMWARE, unreadable
from ctxschema.gpu.iommu import there_are_groups, why_no_iommu
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.model.check import Answer, Check, Layer, Status

_RESTART = "run `update-grub` and restart the host"
CHECK = Check(
    "iommu",
    Layer.HOST,
    "Does the kernel use an IOMMU?",
    "/sys/class/iommu and /sys/kernel/iommu_groups; /proc/cmdline and the ACPI tables only to say why not",
    "the kernel lists an IOMMU, or has put devices into groups; which parameters it was given does not count",
    (
        Answer("on", Status.PASS, "the kernel uses {units}"),
        Answer("on-by-groups", Status.PASS, "the kernel has put devices into IOMMU groups"),
        Answer(
            "no-table",
            Status.FAIL,
            "the kernel uses no IOMMU, and the firmware describes none",
            FIRMWARE,
        ),
        Answer(
            "switched-off",
            Status.FAIL,
            "the kernel uses no IOMMU: it was told {parameter}",
            f"remove `{{parameter}}` from GRUB_CMDLINE_LINUX in /etc/default/grub, {_RESTART}",
        ),
        Answer(
            "intel-unused",
            Status.FAIL,
            "the kernel uses no IOMMU, although the firmware describes one of Intel's",
            f"add `intel_iommu=on iommu=pt` to GRUB_CMDLINE_LINUX in /etc/default/grub, {_RESTART}",
        ),
        Answer(
            "amd-unused",
            Status.FAIL,
            "the kernel uses no IOMMU, although the firmware describes one of AMD's",
            "read what the kernel says (`dmesg | grep AMD-Vi`) and start one built with CONFIG_AMD_IOMMU; no "
            "parameter is needed",
        ),
        Answer("off", Status.FAIL, "the kernel uses no IOMMU", FIRMWARE),
        unreadable(),
    ),
)


def probe(machine: Machine) -> Found:
    """Look for an IOMMU that the kernel uses, and for the reason if there is none."""
    grouped, unreadable = False, ""
    try:
        units = machine.names("/sys/class/iommu")
    except UnreadableError as error:
        units, unreadable = [], error.path
    try:
        grouped = there_are_groups(machine)
    except UnreadableError as error:
        unreadable = error.path
    if units:
        yield "on", {"units": ", ".join(units)}
    elif grouped:
        yield "on-by-groups", {}
    elif unreadable:
        yield "unreadable", {"path": unreadable}
    else:
        reason, parameter = why_no_iommu(machine)
        yield reason, {"parameter": parameter}
