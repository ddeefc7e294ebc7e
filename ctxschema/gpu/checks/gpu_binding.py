"""Is every NVIDIA GPU bound to vfio-pci?"""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import DEVICES, driver_of, pci_bus
from ctxschema.gpu.values import VFIO_DRIVERS


def probe(machine: Machine) -> Found:
    """See the declaration."""
    gpus = machine.once(pci_bus).gpus
    if not gpus:
        yield "no-gpu", {}
    for gpu in gpus:
        try:
            yield _binding(machine, gpu.addr)
        except UnreadableError as error:
            yield "unreadable", {"path": error.path}


def _binding(machine: Machine, addr: str) -> tuple[str, dict[str, str]]:
    driver = driver_of(machine, addr)
    if driver in VFIO_DRIVERS:
        return "bound", {"addr": addr, "driver": str(driver)}
    if driver and machine.there(f"{DEVICES}/{addr}/virtfn0"):
        return "virtual-functions", {"addr": addr, "driver": driver}
    override = machine.hint(f"{DEVICES}/{addr}/driver_override")
    if driver and override in VFIO_DRIVERS:
        return "pending", {"addr": addr, "driver": driver, "override": override}
    return ("other-driver", {"addr": addr, "driver": driver}) if driver else ("no-driver", {"addr": addr})
