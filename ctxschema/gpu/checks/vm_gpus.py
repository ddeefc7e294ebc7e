"""Has the virtual machine an NVIDIA GPU?"""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import DEVICES, pci_bus
from ctxschema.machine.system import PathState


def probe(machine: Machine) -> Found:
    """See the declaration."""
    bus = machine.once(pci_bus)
    for gpu in bus.gpus:
        yield "found", {"addr": gpu.addr, "id": gpu.id}
    for path in bus.unreadable:
        yield "unreadable", {"path": path}
    if not bus.gpus and not bus.unreadable:
        yield ("no-bus" if machine.system.state(DEVICES) is PathState.MISSING else "none"), {}
