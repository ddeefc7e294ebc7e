"""Which CUDA does the driver run?"""

from __future__ import annotations

from ctxschema.gpu.answers import NO_ROWS
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.smi import ask_cuda, gpus_of
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "cuda",
    Layer.VM,
    "Which CUDA does the driver run?",
    "the head of what nvidia-smi prints; a driver's version is not CUDA's",
    "both versions can be told",
    (
        Answer("known", Status.PASS, "driver {version} runs CUDA up to {cuda}"),
        Answer(
            "unknown",
            Status.WARN,
            "driver {version}: nvidia-smi does not tell the CUDA version",
            "install a driver of 545 or newer",
        ),
        NO_ROWS,
    ),
)


def probe(machine: Machine) -> Found:
    """Ask for the version of the driver and the newest CUDA that it runs."""
    rows = gpus_of(machine)
    if not rows:
        yield "no-rows", {}
        return
    cuda = machine.cached(ask_cuda)
    yield ("known" if cuda else "unknown"), {"version": rows[0].driver_version, "cuda": cuda}
