"""Does nouveau leave the GPUs alone?"""

from __future__ import annotations

from ctxschema.gpu.answers import NO_GPU, REBOOT, unreadable
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import driver_of, pci_bus
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "nouveau",
    Layer.VM,
    "Does nouveau leave the GPUs alone?",
    "the driver of each GPU in /sys/bus/pci/devices",
    "no GPU is held by nouveau",
    (
        Answer("clear", Status.PASS, "nouveau holds no GPU"),
        Answer(
            "holds",
            Status.FAIL,
            "nouveau holds GPU {addr}",
            "write `blacklist nouveau` and `options nouveau modeset=0` into /etc/modprobe.d/blacklist-nouveau.conf, "
            f"run `update-initramfs -u` and {REBOOT}",
        ),
        NO_GPU,
        unreadable(),
    ),
)


def probe(machine: Machine) -> Found:
    """Look for GPUs that are bound to the driver nouveau."""
    gpus = machine.cached(pci_bus).gpus
    held = [gpu.addr for gpu in gpus if driver_of(machine, gpu.addr) == "nouveau"]
    for addr in held:
        yield "holds", {"addr": addr}
    if not held:
        yield ("clear" if gpus else "no-gpu"), {}
