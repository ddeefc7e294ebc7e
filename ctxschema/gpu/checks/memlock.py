"""May virtual machines lock their memory? VFIO locks it all, and libvirt as root raises the limit itself."""

from __future__ import annotations

import re

from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.processes import process_of
from ctxschema.gpu.values import LIBVIRT
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "memlock",
    Layer.HOST,
    "May virtual machines lock all of their memory?",
    "the user of libvirtd or virtqemud in /proc/<pid>/status, and Max locked memory in /proc/<pid>/limits",
    "libvirt runs as root, which raises the limit for each machine with a GPU, or has no limit",
    (
        Answer("root", Status.PASS, "libvirt runs as root and raises the limit for each machine with a GPU"),
        Answer("unlimited", Status.PASS, "libvirt may lock as much memory as there is"),
        Answer(
            "limited",
            Status.WARN,
            "libvirt runs as user {user} and may lock {limit} bytes, and VFIO locks all memory of a virtual machine",
            "write `LimitMEMLOCK=infinity` below `[Service]` with `systemctl edit libvirtd`, and restart it",
        ),
        Answer("untold", Status.SKIP, "the limits of libvirt cannot be read"),
        Answer("none", Status.SKIP, "libvirt does not run"),
    ),
)

_USER = re.compile(r"^Uid:\s+[0-9]+\s+([0-9]+)\s", re.MULTILINE)
_LIMIT = re.compile(r"^Max locked memory +[a-z0-9]+ +([a-z0-9]+) ", re.MULTILINE)


def probe(machine: Machine) -> Found:
    """Look at the user and the limit of locked memory of the libvirt daemon that starts virtual machines."""
    number = process_of(machine, *LIBVIRT)
    if not number:
        yield "none", {}
        return
    user = _USER.search(machine.hint(f"/proc/{number}/status"))
    limit = _LIMIT.search(machine.hint(f"/proc/{number}/limits"))
    if user and user[1] == "0":
        yield "root", {}
    elif limit and limit[1] == "unlimited":
        yield "unlimited", {}
    elif user and limit:
        yield "limited", {"user": user[1], "limit": limit[1]}
    else:
        yield "untold", {}
