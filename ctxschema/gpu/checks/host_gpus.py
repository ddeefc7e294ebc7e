"""Has the host an NVIDIA GPU?"""

from __future__ import annotations

from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import pci_bus
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "host-gpus",
    Layer.HOST,
    "Has the host an NVIDIA GPU?",
    "vendor and class of each function in /sys/bus/pci/devices; virtual functions do not count",
    "there is at least one display or 3D controller of vendor 10de",
    (
        Answer("found", Status.PASS, "GPU {addr} is {id}"),
        Answer(
            "none",
            Status.FAIL,
            "no NVIDIA GPU on the PCI bus",
            "seat the card and its power cables, enable Above 4G Decoding in BIOS, and try `lspci -d 10de:`",
        ),
        unreadable(),
    ),
)


def probe(machine: Machine) -> Found:
    """Look for NVIDIA GPUs on the PCI bus."""
    bus = machine.cached(pci_bus)
    for gpu in bus.gpus:
        yield "found", {"addr": gpu.addr, "id": gpu.id}
    for path in bus.unreadable:
        yield "unreadable", {"path": path}
    if not bus.gpus and not bus.unreadable:
        yield "none", {}
