"""Has the virtual machine an NVIDIA GPU?"""

from __future__ import annotations

from ctxschema.runtime.checks.machine import Found, Machine
from ctxschema.runtime.checks.pci import DEVICES, pci_bus
from ctxschema.runtime.system import PathState


def probe(machine: Machine) -> Found:
    """See the declaration."""
    bus = machine.once(pci_bus)
    for gpu in bus.gpus:
        yield "found", {"addr": gpu.addr, "id": gpu.id}
    for path in bus.unreadable:
        yield "unreadable", {"path": path}
    if not bus.gpus and not bus.unreadable:
        yield ("no-bus" if machine.system.state(DEVICES) is PathState.MISSING else "none"), {}
