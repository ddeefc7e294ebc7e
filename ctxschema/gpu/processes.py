"""The processes of the machine, read from /proc."""

from __future__ import annotations

from ctxschema.gpu.machine import Machine

_LONGEST = 15
"""The number of characters of a program's name that the kernel stores."""


def process_of(machine: Machine, *names: str) -> str:
    """Return the ID of a process that runs one of the named programs, or nothing."""
    wanted = {name[:_LONGEST] for name in names}
    numbers = [name for name in machine.system.names("/proc") or () if name.isdecimal() and name.isascii()]
    return next((number for number in numbers if machine.hint(f"/proc/{number}/comm") in wanted), "")
