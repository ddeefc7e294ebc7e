"""Is every NVIDIA GPU bound to vfio-pci?"""

from __future__ import annotations

from ctxschema.gpu.answers import NO_GPU, unreadable
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import DEVICES, driver_of, pci_bus
from ctxschema.gpu.values import VFIO_DRIVERS
from ctxschema.model.check import Answer, Check, Layer, Status

_BIND = "`driverctl set-override {addr} vfio-pci`"
CHECK = Check(
    "gpu-binding",
    Layer.HOST,
    "Is every NVIDIA GPU bound to vfio-pci?",
    "driver and driver_override of each GPU in /sys/bus/pci/devices",
    "the kernel says that vfio-pci, or NVIDIA's own variant of it, drives the GPU",
    (
        Answer("bound", Status.PASS, "GPU {addr} is bound to {driver}"),
        Answer(
            "other-driver",
            Status.FAIL,
            "GPU {addr} is bound to {driver}, not to vfio-pci",
            _BIND,
        ),
        Answer("no-driver", Status.FAIL, "GPU {addr} is bound to no driver, and must be to vfio-pci", _BIND),
        Answer(
            "pending",
            Status.FAIL,
            "GPU {addr} is meant for {override}, and still bound to {driver}",
            f"stop what uses it and run {_BIND} again, or restart the host",
        ),
        Answer(
            "virtual-functions",
            Status.WARN,
            "GPU {addr} is bound to {driver} and has virtual functions; a host of vGPUs needs no vfio-pci there",
            f"nothing for vGPUs; to hand over the whole card, `echo 0 > /sys/bus/pci/devices/{{addr}}/sriov_numvfs` "
            f"and {_BIND}",
        ),
        NO_GPU,
        unreadable(),
    ),
)


def probe(machine: Machine) -> Found:
    """Look at the driver that each GPU is bound to."""
    gpus = machine.cached(pci_bus).gpus
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
