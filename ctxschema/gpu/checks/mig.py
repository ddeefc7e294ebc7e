"""Can the GPUs be used as they are cut? A GPU with MIG on and no instance shows in nvidia-smi, and to no program."""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.rows import rows_of
from ctxschema.gpu.smi import Row, ask_instances


def probe(machine: Machine) -> Found:
    """See the declaration."""
    rows = rows_of(machine)
    cut = [row for row in rows if row.mig == "Enabled"]
    if not rows:
        yield "no-rows", {}
    elif not cut:
        yield "off", {}
    else:
        yield from _instances(machine, cut)


def _instances(machine: Machine, rows: list[Row]) -> Found:
    instances = machine.once(ask_instances)
    if instances is None:
        yield "untold", {}
        return
    for row in rows:
        count = instances.get(row.index, 0)
        yield ("cut" if count else "uncut"), {"index": row.index, "count": str(count)}
