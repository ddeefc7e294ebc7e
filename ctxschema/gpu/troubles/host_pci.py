"""What the host says of its PCI bus and the drivers on it."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import DRIVERCTL, HOST_CHECKS, HOST_KERNEL
from ctxschema.model.trouble import Cause, Trouble

_KERNEL = "the Linux kernel, drivers/"

HOST_PCI_TROUBLES = (
    Trouble(
        "pci-no-space",
        HOST_KERNEL,
        "lspci names no NVIDIA GPU on the host",
        (
            "BAR {bar}: no space for [mem size {rest}]",
            "BAR {bar}: failed to assign [mem size {rest}]",
            "BAR {bar} [mem size {rest}]: can't assign; no space",
            "BAR {bar} [mem size {rest}]: failed to assign",
        ),
        (
            Cause(
                "a BIOS that has no room for the card's memory",
                "enable Above 4G Decoding (and Resizable BAR) in BIOS; in a VM: UEFI, q35 and CPU model "
                "host-passthrough",
                "`dmesg | grep 'BAR 1'` names the card",
                check="gpu-memory/unplaced",
            ),
            Cause(
                "no card, or no power",
                "seat the card and its power cables, and try `lspci -d 10de:`",
                "the kernel log does not name it at all",
            ),
        ),
        _KERNEL + "pci/setup-res.c, setup-bus.c",
    ),
    Trouble(
        "pci-aer",
        HOST_KERNEL,
        "PCIe errors of the card's slot",
        (
            "AER: Uncorrected (Fatal) error {rest}",
            "AER: Uncorrected (Non-Fatal) error {rest}",
            "AER: Uncorrectable (Fatal) error {rest}",
            "AER: Uncorrectable (Non-Fatal) error {rest}",
            "PCIe Bus Error: severity=Uncorrected (Fatal){rest}",
            "PCIe Bus Error: severity=Uncorrected (Non-Fatal){rest}",
            "PCIe Bus Error: severity=Uncorrectable {rest}",
            "pciehp: Slot({name}): Link Down",
            "pciehp: Slot({name}): Card not present",
        ),
        (
            Cause(
                "the slot, a riser or the card",
                "seat the card anew, without a riser, or in another slot; update the BIOS; as a trial set a lower "
                "PCIe generation there in BIOS",
                "the address is that of the card or of the bridge above it: `lspci -t`",
            ),
            Cause(
                "power saving of the link",
                "`pcie_aspm=off` on the host's kernel command line",
                "it comes while the card is idle",
            ),
        ),
        _KERNEL + "pci/pcie/aer.c",
    ),
    Trouble(
        "vfio-pci-not-loaded",
        DRIVERCTL,
        "There is no /sys/bus/pci/drivers/vfio-pci",
        (
            "driverctl: driver vfio-pci not found{rest}",
            "driver vfio-pci not found",
            "driverctl: failed to bind device {addr} to driver {name}",
            "failed to bind device {addr} to driver {name}",
            "unknown PCI driver 'vfio-pci'",
            "failed to bind PCI device '{addr}' to {name}{rest}",
            "Failed to bind PCI device '{addr}' to vfio-pci: No such device",
            "/sys/bus/pci/drivers/vfio-pci/bind: No such file or directory",
            "/sys/bus/pci/drivers/vfio-pci/new_id: No such file or directory",
        ),
        (
            Cause(
                "vfio-pci not loaded",
                "`modprobe vfio-pci`, and `echo vfio-pci > /etc/modules-load.d/vfio-pci.conf` for the next start",
                "`ls /sys/bus/pci/drivers/vfio-pci` finds nothing",
                check="vfio-pci/not-loaded",
            ),
            Cause(
                "the device is not one that vfio-pci may take: it is in no IOMMU group, or is a bridge",
                "run `validate-host-gpu.sh`, which tells",
                "vfio-pci is there, and `dmesg | tail` says why it refused",
                check="gpu-binding",
            ),
        ),
        "driverctl; " + _KERNEL + "vfio/pci",
    ),
    Trouble(
        "vfio-pci-missing",
        DRIVERCTL,
        "Module vfio-pci not found",
        (
            "Module vfio-pci not found{rest}",
            "Module vfio_pci not found{rest}",
            "Module vfio_iommu_type1 not found{rest}",
            "Module vfio not found in directory {path}",
        ),
        (Cause("the kernel's package lacks it", tell="`modinfo vfio-pci` finds none", check="vfio-pci/not-there"),),
        "kmod, modprobe.c",
    ),
    Trouble(
        "override-pending",
        DRIVERCTL,
        "driver_override is vfio-pci, and the GPU keeps its driver",
        ("driverctl: failed to unbind{rest}", "failed to unbind driver for device {addr}{rest}"),
        (
            Cause(
                "it was in use when the override was set",
                tell="`lspci -nnk -s <addr>` still names the old driver",
                check="gpu-binding/pending",
            ),
        ),
        "driverctl",
    ),
    Trouble(
        "gpu-has-vfs",
        HOST_CHECKS,
        "OpenNebula does not list the physical card",
        (),
        (Cause("it has virtual functions, and OpenNebula lists those instead", check="gpu-binding/virtual-functions"),),
        "OpenNebula, pci.rb",
    ),
    Trouble(
        "vfio-rules",
        HOST_CHECKS,
        "The permissions of /dev/vfio/<group> are lost at the next start",
        (),
        (Cause("no udev rule for the VFIO devices", check="vfio-udev/missing"),),
        "measured",
    ),
)
