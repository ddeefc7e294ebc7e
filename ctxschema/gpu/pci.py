"""The NVIDIA GPUs on the PCI bus, by what sysfs says. Source: gpu.md, section 5."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.gpu.machine import Machine, UnreadableError
from ctxschema.gpu.values import DISPLAY_CLASSES, VENDOR

DEVICES = "/sys/bus/pci/devices"
GROUPS = "/sys/kernel/iommu_groups"
NO_IOMMU = "vfio-noiommu"
"""The name of a group that VFIO makes up where there is no IOMMU."""

_ADDRESS = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")


@frozen
class PciGpu:
    """A GPU on the bus.

    Args:
        addr: Its address, such as ``0000:01:00.0``.
        device: Its number as a device of its vendor, in hexadecimal.
        kind: The first half of its class.
    """

    addr: str
    device: str
    kind: str

    @property
    def id(self) -> str:
        """Vendor and device, as ``lspci -n`` prints them."""
        return f"{VENDOR}:{self.device}"


@frozen
class Bus:
    """What could be seen of the bus."""

    gpus: tuple[PciGpu, ...] = ()
    unreadable: tuple[str, ...] = ()


def pci_bus(machine: Machine) -> Bus:
    """Look for GPUs; virtual functions are no GPUs of their own."""
    gpus, unreadable = [], []
    try:
        names = machine.names(DEVICES)
    except UnreadableError as error:
        return Bus((), (error.path,))
    for addr in filter(_ADDRESS.fullmatch, names):
        try:
            gpu = _gpu(machine, addr)
        except UnreadableError as error:
            unreadable.append(error.path)
        else:
            gpus += [gpu] if gpu else []
    return Bus(tuple(gpus), tuple(unreadable))


def _gpu(machine: Machine, addr: str) -> PciGpu | None:
    if _number(machine, f"{DEVICES}/{addr}/vendor") != VENDOR:
        return None
    kind = _number(machine, f"{DEVICES}/{addr}/class")[:4]
    if kind not in DISPLAY_CLASSES or machine.there(f"{DEVICES}/{addr}/physfn"):
        return None
    return PciGpu(addr, _number(machine, f"{DEVICES}/{addr}/device"), kind)


def _number(machine: Machine, path: str) -> str:
    return (machine.text(path) or "").lower().removeprefix("0x")


def driver_of(machine: Machine, addr: str) -> str | None:
    """Return the driver that holds a function of the bus."""
    return machine.link(f"{DEVICES}/{addr}/driver")


def group_of(machine: Machine, addr: str) -> str | None:
    """Return the IOMMU group of a function."""
    linked = machine.link(f"{DEVICES}/{addr}/iommu_group")
    if linked is not None:
        return linked
    return next((group for group in machine.names(GROUPS) if machine.there(f"{GROUPS}/{group}/devices/{addr}")), None)


def iommu_groups(machine: Machine) -> tuple[int, int]:
    """Return how many groups there are, and how many of them VFIO made up."""
    names = machine.names(GROUPS)
    return len(names), sum(machine.hint(f"{GROUPS}/{name}/name") == NO_IOMMU for name in names)
