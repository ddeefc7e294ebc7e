"""Are the driver's device nodes there? Asked before nvidia-smi, which makes some of them."""

from __future__ import annotations

import re

from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Found, Machine

_FIXED = ("/dev/nvidiactl", "/dev/nvidia-uvm")
_FIRST = "/dev/nvidia0"
_IS_GPU = re.compile("nvidia[0-9]+")


def probe(machine: Machine) -> Found:
    """See the declaration."""
    if not machine.once(kernel_driver).loaded:
        yield "no-driver", {}
        return
    gpus = [f"/dev/{name}" for name in machine.names("/dev") if _IS_GPU.fullmatch(name)]
    nodes = [*_FIXED, *(gpus or [_FIRST])]
    missing = [path for path in nodes if not machine.there(path)]
    for path in missing:
        yield "missing", {"path": path}
    if not missing:
        yield "there", {"nodes": ", ".join(nodes)}
