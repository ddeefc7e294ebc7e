"""Has the kernel put devices into IOMMU groups?"""

from __future__ import annotations

from ctxschema.gpu.answers import FIRMWARE, KERNEL, unreadable
from ctxschema.gpu.iommu import lacks_firmware
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import iommu_groups
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "iommu-groups",
    Layer.HOST,
    "Has the kernel put devices into IOMMU groups?",
    "the folders in /sys/kernel/iommu_groups, but those of VFIO's mode without an IOMMU",
    "there is at least one; that the folder exists means nothing",
    (
        Answer("groups", Status.PASS, "IOMMU groups: {count}"),
        Answer(
            "none",
            Status.FAIL,
            "no IOMMU groups",
            FIRMWARE,
        ),
        Answer("unused", Status.FAIL, "no IOMMU groups, although there is an IOMMU", KERNEL),
        Answer(
            "unsafe",
            Status.FAIL,
            "the only IOMMU groups are those that VFIO makes up where there is no IOMMU",
            "remove `enable_unsafe_noiommu_mode` from the options of vfio in /etc/modprobe.d, and do what the check "
            "`iommu` says",
        ),
        unreadable(),
    ),
)


def probe(machine: Machine) -> Found:
    """Count the IOMMU groups, without those that VFIO makes up where there is no IOMMU."""
    groups, made_up = iommu_groups(machine)
    if groups > made_up:
        yield "groups", {"count": str(groups - made_up)}
    elif made_up:
        yield "unsafe", {}
    else:
        yield ("none" if lacks_firmware(machine) else "unused"), {}
