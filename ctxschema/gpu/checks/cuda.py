"""Which CUDA does the driver run?"""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.rows import rows_of
from ctxschema.gpu.smi import ask_cuda


def probe(machine: Machine) -> Found:
    """See the declaration."""
    rows = rows_of(machine)
    if not rows:
        yield "no-rows", {}
        return
    cuda = machine.once(ask_cuda)
    yield ("known" if cuda else "unknown"), {"version": rows[0].version, "cuda": cuda}
