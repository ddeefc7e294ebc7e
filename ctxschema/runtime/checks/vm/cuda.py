"""Which CUDA does the driver run?"""

from __future__ import annotations

from ctxschema.runtime.checks.machine import Found, Machine
from ctxschema.runtime.checks.rows import rows_of
from ctxschema.runtime.checks.smi import ask_cuda


def probe(machine: Machine) -> Found:
    """See the declaration."""
    rows = rows_of(machine)
    if not rows:
        yield "no-rows", {}
        return
    cuda = machine.once(ask_cuda)
    yield ("known" if cuda else "unknown"), {"version": rows[0].version, "cuda": cuda}
