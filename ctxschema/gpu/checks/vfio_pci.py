"""Is the driver vfio-pci there, as a module or built in?"""

from __future__ import annotations

import re

from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.driver import release_of
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.values import VFIO_DRIVERS
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "vfio-pci",
    Layer.HOST,
    "Is the driver vfio-pci there?",
    "/sys/bus/pci/drivers, /sys/module and the lists in /lib/modules; one that is built in is on no list of modules",
    "it is registered with the PCI bus, loaded, or built into the kernel",
    (
        Answer("registered", Status.PASS, "{driver} is registered with the PCI bus"),
        Answer("loaded", Status.PASS, "vfio-pci is loaded"),
        Answer("built-in", Status.PASS, "vfio-pci is built into kernel {release}"),
        Answer(
            "not-loaded",
            Status.FAIL,
            "vfio-pci is neither loaded nor built in",
            "`modprobe vfio-pci`, and `echo vfio-pci > /etc/modules-load.d/vfio-pci.conf` for the next start",
        ),
        Answer(
            "not-there",
            Status.FAIL,
            "vfio-pci is neither loaded nor built in, and kernel {release} has no such module",
            "`apt install linux-modules-extra-{release}`, or start a kernel built with CONFIG_VFIO_PCI",
        ),
        unreadable(),
    ),
)


_MODULE = re.compile(r"(^|/)vfio[-_]pci\.ko")


def probe(machine: Machine) -> Found:
    """Look for a VFIO driver in the running kernel, and for its module on the disk."""
    for driver in VFIO_DRIVERS:
        if machine.there(f"/sys/bus/pci/drivers/{driver}"):
            yield "registered", {"driver": driver}
            return
    release = release_of(machine)
    lists = f"/lib/modules/{release}"
    if machine.there("/sys/module/vfio_pci"):
        yield "loaded", {}
    elif machine.holds(f"{lists}/modules.builtin", _MODULE):
        yield "built-in", {"release": release}
    else:
        loadable = machine.holds(f"{lists}/modules.dep", _MODULE)
        yield ("not-there" if loadable is False else "not-loaded"), {"release": release}
