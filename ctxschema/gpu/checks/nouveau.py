"""Does nouveau leave the GPUs alone?"""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import driver_of, pci_bus


def probe(machine: Machine) -> Found:
    """See the declaration."""
    gpus = machine.once(pci_bus).gpus
    held = [gpu.addr for gpu in gpus if driver_of(machine, gpu.addr) == "nouveau"]
    for addr in held:
        yield "holds", {"addr": addr}
    if not held:
        yield ("clear" if gpus else "no-gpu"), {}
