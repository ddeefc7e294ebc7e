"""The processes of the machine, by what /proc says."""

from __future__ import annotations

from ctxschema.gpu.machine import Machine

_LONGEST = 15
"""How much of a program's name the kernel keeps."""


def process_of(machine: Machine, *names: str) -> str:
    """Return the number of a process that runs one of some programs, or nothing."""
    wanted = {name[:_LONGEST] for name in names}
    numbers = [name for name in machine.system.names("/proc") or () if name.isdecimal() and name.isascii()]
    return next((number for number in numbers if machine.hint(f"/proc/{number}/comm") in wanted), "")
