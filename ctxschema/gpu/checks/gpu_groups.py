"""Can the IOMMU group of each GPU be handed over whole? VFIO wants nothing else in it to be in use."""

from __future__ import annotations

from ctxschema.gpu.answers import FIRMWARE, NO_GPU, unreadable
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
            "{member} is in IOMMU group {group} with GPU {addr}, and held by {driver}",
            "`driverctl set-override {member} vfio-pci`",
            "VFIO says that the group is not viable",
            "another function of the group, mostly the GPU's audio, keeps its driver",
            ("is not viable", "devices within the iommu_group are bound to their vfio bus driver"),
        ),
        Answer(
            "no-group",
            Status.FAIL,
            "GPU {addr} is in no IOMMU group",
            FIRMWARE,
            "The GPU is in no IOMMU group",
            "IOMMU disabled in BIOS",
            ("no iommu_group found", "is not in an IOMMU group", "has no IOMMU group"),
        ),
        NO_GPU,
        unreadable(),
    ),
)


_BRIDGE = "0x06"


def probe(machine: Machine) -> Found:
    """See the declaration."""
    gpus = {gpu.addr for gpu in machine.once(pci_bus).gpus}
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
        yield "no-group", {"addr": addr}
        return
    members = [
        name
        for name in machine.names(f"{GROUPS}/{group}/devices")
        if name not in gpus and not machine.hint(f"{DEVICES}/{name}/class").startswith(_BRIDGE)
    ]
    held = {name: driver for name in members if (driver := driver_of(machine, name))}
    offenders = {name: driver for name, driver in held.items() if driver not in HARMLESS_DRIVERS}
    for member, driver in offenders.items():
        yield "held", {"addr": addr, "group": group, "member": member, "driver": driver}
    if not members:
        yield "alone", {"addr": addr, "group": group}
    elif not offenders:
        yield "together", {"addr": addr, "group": group, "members": ", ".join(members)}
