"""Has the virtual machine an NVIDIA GPU?"""

from __future__ import annotations

from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import DEVICES, pci_bus
from ctxschema.machine.system import PathState
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "vm-gpus",
    Layer.VM,
    "Has the virtual machine an NVIDIA GPU?",
    "vendor and class of each function in /sys/bus/pci/devices",
    "there is at least one display or 3D controller of vendor 10de",
    (
        Answer("found", Status.PASS, "GPU {addr} is {id}"),
        Answer(
            "none",
            Status.FAIL,
            "no NVIDIA GPU on the virtual machine's PCI bus",
            'add `PCI = [ VENDOR = "10de", CLASS = "0302" ]` to the VM template (0300 for a card with a display, or '
            "DEVICE for one model; the vendor alone may take an audio function), and run `validate-host-gpu.sh` on the "
            "KVM host",
        ),
        Answer("no-bus", Status.SKIP, "there is no PCI bus to look at"),
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
        yield ("no-bus" if machine.system.state(DEVICES) is PathState.MISSING else "none"), {}
