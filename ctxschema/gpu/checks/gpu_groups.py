"""Can the IOMMU group of each GPU be handed over whole? VFIO wants nothing else in it to be in use."""

from __future__ import annotations

from ctxschema.gpu.answers import FIRMWARE, KERNEL, NO_GPU, unreadable
from ctxschema.gpu.iommu import lacks_firmware, there_are_groups
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import DEVICES, GROUPS, driver_of, group_of, pci_bus
from ctxschema.gpu.values import HARMLESS_DRIVERS
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "gpu-groups",
    Layer.HOST,
    "Can the IOMMU group of each GPU be handed over whole?",
    "the other functions in the group of each GPU, and the drivers that hold them; bridges do not count",
    "nothing in the group but bridges is held by a driver other than vfio-pci",
    (
        Answer("alone", Status.PASS, "GPU {addr} is alone in IOMMU group {group}"),
        Answer("together", Status.PASS, "GPU {addr} shares IOMMU group {group} with {members}, none of it in use"),
        Answer(
            "held",
            Status.FAIL,
            "{member} is of the slot of GPU {addr} and in its IOMMU group {group}, and held by {driver}",
            "`driverctl set-override {member} vfio-pci`",
        ),
        Answer(
            "stranger",
            Status.FAIL,
            "{member}, {kind} of another slot, is in IOMMU group {group} with GPU {addr}, and the host uses it "
            "({driver}): handing the group over would take it from the host",
            "put the GPU, or {member}, into another slot, which has a group of its own; else have the kernel split the "
            "group (ACS in BIOS, or the ACS override patch with `pcie_acs_override=downstream`), at the price that "
            "devices which it parts may still reach each other's memory",
        ),
        Answer(
            "no-group",
            Status.FAIL,
            "GPU {addr} is in no IOMMU group",
            FIRMWARE,
        ),
        Answer(
            "left-out",
            Status.FAIL,
            "GPU {addr} is in no IOMMU group, although there is an IOMMU",
            KERNEL,
        ),
        NO_GPU,
        unreadable(),
    ),
)


_BRIDGE = "0x06"
_KINDS = {
    "0x01": "a disk controller",
    "0x02": "a network card",
    "0x03": "a display controller",
    "0x0c03": "a USB controller",
}


def probe(machine: Machine) -> Found:
    """Look at the other devices in the IOMMU group of each GPU."""
    gpus = {gpu.addr for gpu in machine.cached(pci_bus).gpus}
    if not gpus:
        yield "no-gpu", {}
    for addr in sorted(gpus):
        try:
            yield from list(_group(machine, addr, gpus))
        except UnreadableError as error:
            yield "unreadable", {"path": error.path}


def _group(machine: Machine, addr: str, gpus: set[str]) -> Found:
    group = group_of(machine, addr)
    if group is None:
        on = there_are_groups(machine) or not lacks_firmware(machine)
        yield ("left-out" if on else "no-group"), {"addr": addr}
        return
    members = [
        name
        for name in machine.names(f"{GROUPS}/{group}/devices")
        if name not in gpus and not machine.hint(f"{DEVICES}/{name}/class").startswith(_BRIDGE)
    ]
    held = {name: driver for name in members if (driver := driver_of(machine, name))}
    offenders = {name: driver for name, driver in held.items() if driver not in HARMLESS_DRIVERS}
    for member, driver in offenders.items():
        details = {"addr": addr, "group": group, "member": member, "driver": driver}
        own = member[:-2] == addr[:-2]  # An address ends with a point and the number of the function.
        yield ("held" if own else "stranger"), {**details, "kind": _kind(machine, member)}
    if not members:
        yield "alone", {"addr": addr, "group": group}
    elif not offenders:
        yield "together", {"addr": addr, "group": group, "members": ", ".join(members)}


def _kind(machine: Machine, addr: str) -> str:
    """Return a word for a PCI function, by its class."""
    number = machine.hint(f"{DEVICES}/{addr}/class")
    return next((words for start, words in _KINDS.items() if number.startswith(start)), "a device")
