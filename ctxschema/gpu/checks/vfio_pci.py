"""Is the driver vfio-pci there, as a module or built in?"""

from __future__ import annotations

import re

from ctxschema.gpu.driver import release_of
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.values import VFIO_DRIVERS

_MODULE = re.compile(r"(^|/)vfio[-_]pci\.ko")


def probe(machine: Machine) -> Found:
    """See the declaration."""
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
