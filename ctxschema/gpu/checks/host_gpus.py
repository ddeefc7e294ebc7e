"""Has the host an NVIDIA GPU?"""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import pci_bus


def probe(machine: Machine) -> Found:
    """See the declaration."""
    bus = machine.once(pci_bus)
    for gpu in bus.gpus:
        yield "found", {"addr": gpu.addr, "id": gpu.id}
    for path in bus.unreadable:
        yield "unreadable", {"path": path}
    if not bus.gpus and not bus.unreadable:
        yield "none", {}
