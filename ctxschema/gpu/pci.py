"""The NVIDIA GPUs and NVSwitches on the PCI bus, read from sysfs. Source: docs/facts/gpu.md, section 5."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.gpu.machine import Machine, UnreadableError
from ctxschema.gpu.values import DISPLAY_CLASSES, SWITCH_CLASS, VENDOR

DEVICES = "/sys/bus/pci/devices"
GROUPS = "/sys/kernel/iommu_groups"
NO_IOMMU = "vfio-noiommu"
"""The name of the IOMMU groups that VFIO makes up where there is no IOMMU."""

_ADDRESS = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")


@frozen
class PciGpu:
    """A GPU on the PCI bus.

    Args:
        addr: Its PCI address, such as ``0000:01:00.0``.
        device: Its PCI device ID, in hexadecimal.
        kind: The first half of its PCI class.
    """

    addr: str
    device: str
    kind: str

    @property
    def id(self) -> str:
        """The vendor and device ID, as ``lspci -n`` prints them."""
        return f"{VENDOR}:{self.device}"


@frozen
class Bus:
    """The NVIDIA devices on the PCI bus.

    Args:
        gpus: The display and 3D controllers; virtual functions do not count as GPUs.
        switches: The PCI addresses of the NVSwitches.
        unreadable: The paths that could not be read.
    """

    gpus: tuple[PciGpu, ...] = ()
    switches: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


def pci_bus(machine: Machine) -> Bus:
    """Look for NVIDIA's devices."""
    gpus: list[PciGpu] = []
    switches: list[str] = []
    unreadable: list[str] = []
    try:
        names = machine.names(DEVICES)
    except UnreadableError as error:
        return Bus(unreadable=(error.path,))
    for addr in filter(_ADDRESS.fullmatch, names):
        try:
            kind = _kind(machine, addr)
            if kind == SWITCH_CLASS:
                switches.append(addr)
            elif kind in DISPLAY_CLASSES and not machine.there(f"{DEVICES}/{addr}/physfn"):
                gpus.append(PciGpu(addr, _number(machine, f"{DEVICES}/{addr}/device"), kind))
        except UnreadableError as error:
            unreadable.append(error.path)
    return Bus(tuple(gpus), tuple(switches), tuple(unreadable))


def _kind(machine: Machine, addr: str) -> str | None:
    """Return the first half of the PCI class of an NVIDIA function; None for another vendor's."""
    ours = _number(machine, f"{DEVICES}/{addr}/vendor") == VENDOR
    return _number(machine, f"{DEVICES}/{addr}/class")[:4] if ours else None


def _number(machine: Machine, path: str) -> str:
    return (machine.text(path) or "").lower().removeprefix("0x")


def driver_of(machine: Machine, addr: str) -> str | None:
    """Return the driver that a PCI function is bound to, or None."""
    return machine.link(f"{DEVICES}/{addr}/driver")


def group_of(machine: Machine, addr: str) -> str | None:
    """Return the IOMMU group of a PCI function, or None."""
    linked = machine.link(f"{DEVICES}/{addr}/iommu_group")
    if linked is not None:
        return linked
    return next((group for group in machine.names(GROUPS) if machine.there(f"{GROUPS}/{group}/devices/{addr}")), None)


def iommu_groups(machine: Machine) -> tuple[int, int]:
    """Return the number of IOMMU groups, and how many of them VFIO made up."""
    names = machine.names(GROUPS)
    return len(names), sum(machine.hint(f"{GROUPS}/{name}/name") == NO_IOMMU for name in names)
