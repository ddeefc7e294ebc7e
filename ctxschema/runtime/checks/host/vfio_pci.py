"""Is the driver vfio-pci there, as a module or built in?"""

from __future__ import annotations

import re

from ctxschema.runtime.checks.driver import UNKNOWN, release_of
from ctxschema.runtime.checks.machine import Found, Machine
from ctxschema.runtime.checks.values import VFIO_DRIVERS

_MODULE = re.compile(r"(^|/)vfio[-_]pci\.ko", re.MULTILINE)


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
    elif _MODULE.search(machine.hint(f"{lists}/modules.builtin")):
        yield "built-in", {"release": release}
    else:
        modules = machine.hint(f"{lists}/modules.dep")
        known = release != UNKNOWN and modules and not _MODULE.search(modules)
        yield ("not-there" if known else "not-loaded"), {"release": release}
