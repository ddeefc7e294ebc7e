"""Does the driver stay awake while nobody uses a GPU?"""

from __future__ import annotations

from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.rows import rows_of


def probe(machine: Machine) -> Found:
    """See the declaration."""
    rows = rows_of(machine)
    asleep = [row for row in rows if row.persistence == "Disabled"]
    for row in asleep:
        yield "off", {"index": row.index}
    if not rows:
        yield "no-rows", {}
    elif not asleep:
        yield ("on" if any(row.persistence == "Enabled" for row in rows) else "untold"), {}
