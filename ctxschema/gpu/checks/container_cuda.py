"""Is the container's CUDA one that the driver runs?"""

from __future__ import annotations

from ctxschema.core.outside import version_numbers
from ctxschema.gpu.engine import choose_image, cuda_of, engine_version
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.rows import rows_of
from ctxschema.gpu.smi import ask_cuda


def probe(machine: Machine) -> Found:
    """See the declaration."""
    if not engine_version(machine):
        yield "no-engine", {}
        return
    cuda = machine.once(ask_cuda) if rows_of(machine) else ""
    image = machine.once(choose_image) if cuda else ""
    wanted = cuda_of(machine, image) if image else ""
    details = {"image": image, "wanted": wanted or "", "cuda": cuda}
    if not cuda:
        yield "untold", {}
    elif not image:
        yield "no-image", {}
    elif wanted is None:
        yield "not-there", details
    else:
        yield _judged(wanted, cuda), details


def _judged(wanted: str, cuda: str) -> str:
    if not wanted:
        return "undeclared"
    ours, drivers = version_numbers(wanted), version_numbers(cuda)
    if ours <= drivers:
        return "runs"
    return "newer" if ours[0] > drivers[0] else "newer-minor"
