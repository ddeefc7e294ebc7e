"""What the host's kernel says of its IOMMU."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import HOST_CHECKS, IOMMU
from ctxschema.gpu.troubles.words import FIRMWARE
from ctxschema.model.trouble import Cause, Trouble

_KERNEL = "the Linux kernel, drivers/"

IOMMU_TROUBLES = (
    Trouble(
        "iommu-no-groups",
        HOST_CHECKS,
        "No IOMMU groups found",
        ("no iommu groups", "iommu_groups: No such file or directory", "No IOMMU detected{rest}"),
        (
            Cause(
                "IOMMU disabled in BIOS",
                FIRMWARE,
                "/sys/firmware/acpi/tables has neither DMAR (Intel) nor IVRS (AMD)",
                "where it has one, the kernel does not use it: see the kernel's command line (`intel_iommu=on "
                "iommu=pt` for Intel; AMD needs "
                "none) and `dmesg | grep -i -e dmar -e amd-vi`",
                "iommu-groups/none",
            ),
            Cause(
                "the kernel's command line switches it off",
                "remove `intel_iommu=off`, `amd_iommu=off` or `iommu=off` from GRUB_CMDLINE_LINUX in "
                "/etc/default/grub, run `update-grub` and "
                "restart the host",
                "/proc/cmdline has it",
                check="iommu/switched-off",
            ),
        ),
        "the Linux kernel, Documentation/driver-api/vfio.rst; measured",
    ),
    Trouble(
        "iommu-no-table",
        IOMMU,
        "The firmware has neither a DMAR nor an IVRS table",
        (
            "DMAR: No DMAR devices found",
            "DMAR: No DMAR table found",
            "No DMAR devices found",
            "AMD-Vi: No IVRS{rest}",
            "no DMAR or IVRS table",
            "IOMMU not found or not enabled in the system",
        ),
        (
            Cause(
                "IOMMU disabled in BIOS",
                FIRMWARE,
                "/sys/firmware/acpi/tables has neither DMAR nor IVRS",
                check="iommu/no-table",
            ),
        ),
        _KERNEL + "iommu/intel/dmar.c, iommu/amd/init.c",
    ),
    Trouble(
        "iommu-switched-off",
        IOMMU,
        "The firmware offers an IOMMU, and the kernel does not use it",
        (
            "DMAR: IOMMU disabled",
            "AMD-Vi: AMD IOMMU disabled{rest}",
            "AMD IOMMU disabled on kernel command-line",
            "AMD IOMMU disabled",
        ),
        (
            Cause(
                "the kernel's command line switches it off",
                "remove `intel_iommu=off`, `amd_iommu=off` or `iommu=off` from GRUB_CMDLINE_LINUX in "
                "/etc/default/grub, run `update-grub` and "
                "restart the host",
                "/proc/cmdline has it",
                check="iommu/switched-off",
            ),
        ),
        _KERNEL + "iommu/intel/iommu.c, iommu/amd/init.c",
    ),
    Trouble(
        "iommu-intel-unused",
        HOST_CHECKS,
        "The firmware has a DMAR table, and there are no IOMMU groups",
        (),
        (Cause("the kernel was built not to use Intel's IOMMU unless told to", check="iommu/intel-unused"),),
        "measured",
    ),
    Trouble(
        "iommu-amd-unused",
        IOMMU,
        "The firmware has an IVRS table, and there are no IOMMU groups",
        ("AMD-Vi: Unable to {rest}", "AMD-Vi: Failed to {rest}", "AMD-Vi: Disabling interrupt remapping{rest}"),
        (
            Cause(
                "the kernel cannot use AMD's IOMMU, which the BIOS has switched on",
                tell="/sys/firmware/acpi/tables has IVRS; the message says what the kernel lacks",
                check="iommu/amd-unused",
            ),
        ),
        _KERNEL + "iommu/amd/init.c",
    ),
    Trouble(
        "iommu-noiommu",
        IOMMU,
        "VFIO was told to do without an IOMMU",
        (
            "There are /dev/vfio/noiommu-<number> devices",
            "vfio-noiommu device {rest}",
            "enable_unsafe_noiommu_mode",
            "vfio-pci {addr}: Adding kernel taint for vfio-noiommu group on device",
        ),
        (Cause("VFIO was told to do without an IOMMU", check="iommu-groups/unsafe"),),
        _KERNEL + "vfio/group.c",
    ),
    Trouble(
        "iommu-fault",
        IOMMU,
        "the IOMMU reports a fault of a device",
        (
            "DMAR: [DMA Read{rest}] Request device [{addr}] {rest}fault{rest}",
            "DMAR: [DMA Write{rest}] Request device [{addr}] {rest}fault{rest}",
            "DMAR: [INTR-REMAP] Request device [{addr}] {rest}fault{rest}",
            "DMAR: DRHD: handling fault status reg {hex}",
            "AMD-Vi: Event logged [IO_PAGE_FAULT {rest}",
            "AMD-Vi: Event logged [{name} {rest}",
            "AMD-Vi: Completion-Wait loop timed out",
            "DMAR: VT-d detected Invalidation Time-out Error{rest}",
        ),
        (
            Cause(
                "a device wrote or read where it may not: mostly while a VM starts or ends, or after the card hung",
                "nothing, if it comes once; else update BIOS and kernel, and power the host off and on",
                "the address in the message is that of the card; it comes again and again while the VM runs",
            ),
            Cause(
                "the firmware is wrong about the card",
                "update the BIOS; `iommu=pt` on the kernel's command line keeps the host's own devices out of it",
                "it comes from a device that no VM has",
            ),
        ),
        _KERNEL + "iommu/intel/dmar.c, iommu/amd/iommu.c",
    ),
)
