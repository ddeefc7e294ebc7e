"""Are the driver's device nodes there? Asked before nvidia-smi, which makes some of them."""

from __future__ import annotations

import re

from ctxschema.gpu.answers import NO_DRIVER, unreadable
from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Found, Machine
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "device-nodes",
    Layer.VM,
    "Are the driver's device nodes there?",
    "/dev/nvidiactl, /dev/nvidia-uvm and a node for a GPU, before anything is started that makes them",
    "all of them are there",
    (
        Answer("there", Status.PASS, "the device nodes are there: {nodes}"),
        Answer(
            "missing",
            Status.WARN,
            "the device node {path} is not there",
            "`nvidia-modprobe -c 0 -u`, or enable nvidia-persistenced, which makes them at every start",
        ),
        NO_DRIVER,
        unreadable(),
    ),
)


_FIXED = ("/dev/nvidiactl", "/dev/nvidia-uvm")
_FIRST = "/dev/nvidia0"
_IS_GPU = re.compile("nvidia[0-9]+")


def probe(machine: Machine) -> Found:
    """Look for the driver's device nodes in /dev."""
    if not machine.cached(kernel_driver).loaded:
        yield "no-driver", {}
        return
    gpus = [f"/dev/{name}" for name in machine.names("/dev") if _IS_GPU.fullmatch(name)]
    nodes = [*_FIXED, *(gpus or [_FIRST])]
    missing = [path for path in nodes if not machine.there(path)]
    for path in missing:
        yield "missing", {"path": path}
    if not missing:
        yield "there", {"nodes": ", ".join(nodes)}
