"""Can a GPU behind NVSwitches be used in a virtual machine? Source: NVIDIA's Fabric Manager user guide."""

from __future__ import annotations

import re

from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.pci import driver_of, pci_bus
from ctxschema.gpu.processes import process_of
from ctxschema.gpu.values import FABRIC_FILES, FABRIC_MANAGER, VFIO_DRIVERS
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "nvswitch",
    Layer.HOST,
    "Can CUDA use the GPUs behind the host's NVSwitches in a virtual machine?",
    "functions of class 0680 of vendor 10de and their drivers, the process nv-fabricmanager, and FABRIC_MODE in its "
    "settings",
    "all GPUs and NVSwitches can be handed over together, or Fabric Manager runs here for shared NVSwitches",
    (
        Answer(
            "together",
            Status.PASS,
            "all GPUs ({gpus}) and all NVSwitches ({switches}) are bound: hand them to one machine, or the NVSwitches "
            "to a service machine with Fabric Manager",
        ),
        Answer(
            "shared",
            Status.PASS,
            "Fabric Manager runs here for shared NVSwitches ({switches}): activate a partition with the GPUs of a "
            "machine before it starts",
        ),
        Answer(
            "apart",
            Status.WARN,
            "GPUs are bound ({bound} of {gpus}), NVSwitches {bound_switches} of {switches}: CUDA in the virtual "
            "machine needs an NVLink partition that Fabric Manager activates (shared NVSwitch), or all GPUs and "
            "NVSwitches passed together",
            "either run Fabric Manager with `FABRIC_MODE=1`, here or in a service machine that has the NVSwitches, and "
            "have it activate a partition with the GPU in it, or bind every GPU and every NVSwitch and hand all of "
            "them to one machine",
        ),
        Answer("unbound", Status.SKIP, "the host has NVSwitches ({switches}), and no GPU is bound yet"),
        Answer("none", Status.SKIP, "the host has no NVSwitch"),
        unreadable(),
    ),
)

_SHARED = re.compile(r"^[ \t]*FABRIC_MODE[ \t]*=[ \t]*[12][ \t]*$")
"""The setting of Fabric Manager for sharing: 1 is shared NVSwitches, 2 is vGPUs on them."""


def probe(machine: Machine) -> Found:
    """Count the NVSwitches and GPUs bound to VFIO, and look for a Fabric Manager that shares the NVSwitches."""
    bus = machine.cached(pci_bus)
    if not bus.switches:
        yield "none", {}
        return
    bound = sum(driver_of(machine, gpu.addr) in VFIO_DRIVERS for gpu in bus.gpus)
    bound_switches = sum(driver_of(machine, addr) in VFIO_DRIVERS for addr in bus.switches)
    gpus, switches = len(bus.gpus), len(bus.switches)
    counts = {"bound": bound, "gpus": gpus, "bound_switches": bound_switches, "switches": switches}
    details = {name: str(count) for name, count in counts.items()}
    shared = any(machine.holds(path, _SHARED) for path in FABRIC_FILES)
    if not bound:
        yield "unbound", details
    elif (bound, bound_switches) == (gpus, switches):
        yield "together", details
    elif shared and not bound_switches and process_of(machine, FABRIC_MANAGER):
        yield "shared", details
    else:
        yield "apart", details
