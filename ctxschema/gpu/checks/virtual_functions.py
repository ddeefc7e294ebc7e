"""Do the virtual functions of GPUs stand in the way, or can they be used? Source: OpenNebula's probe, pci.rb."""

from __future__ import annotations

import re

from ctxschema.gpu.answers import NO_GPU, unreadable
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import DEVICES, driver_of, pci_bus
from ctxschema.gpu.values import VFIO_DRIVERS
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "virtual-functions",
    Layer.HOST,
    "Do the virtual functions of each GPU fit what it is used for?",
    "the links virtfn0, virtfn1 and so on of each GPU in /sys/bus/pci/devices, and the drivers of what they point to",
    "a GPU that is handed over whole has none, and those of a GPU for vGPUs have a driver",
    (
        Answer("driven", Status.PASS, "GPU {addr} has virtual functions ({count}), held by {drivers}"),
        Answer(
            "in-the-way",
            Status.FAIL,
            "GPU {addr} is bound to {driver} and has virtual functions ({count}): OpenNebula lists those, not the card",
            "`echo 0 > /sys/bus/pci/devices/{addr}/sriov_numvfs`, and keep what makes them from doing so at the next "
            "start",
        ),
        Answer(
            "idle",
            Status.WARN,
            "GPU {addr} has virtual functions ({count}), and no driver holds one of them",
            "start the vGPU manager (`systemctl restart nvidia-vgpu-mgr`), and read `journalctl -u nvidia-vgpu-mgr`",
        ),
        Answer("none", Status.SKIP, "no GPU has virtual functions"),
        NO_GPU,
        unreadable(),
    ),
)

_LINK = re.compile("virtfn[0-9]+")


def probe(machine: Machine) -> Found:
    """Look for virtual functions of each GPU, and at the drivers that they are bound to."""
    gpus = machine.cached(pci_bus).gpus
    found = False
    for gpu in gpus:
        try:
            answer = _judged(machine, gpu.addr)
        except UnreadableError as error:
            answer = "unreadable", {"path": error.path}
        if answer is not None:
            yield answer
            found = True
    if not found:
        yield ("none" if gpus else "no-gpu"), {}


def _judged(machine: Machine, addr: str) -> tuple[str, dict[str, str]] | None:
    links = [name for name in machine.names(f"{DEVICES}/{addr}") if _LINK.fullmatch(name)]
    if not links:
        return None
    driver = driver_of(machine, addr)
    functions = [machine.link(f"{DEVICES}/{addr}/{name}") for name in links]
    drivers = [held for name in functions if name and (held := driver_of(machine, name))]
    details = {
        "addr": addr,
        "count": str(len(links)),
        "driver": str(driver),
        "drivers": ", ".join(sorted(set(drivers))),
    }
    if driver in VFIO_DRIVERS:
        return "in-the-way", details
    return ("driven" if drivers else "idle"), details
