"""Are huge pages left for virtual machines that want them? Only those with HUGEPAGE_SIZE in TOPOLOGY do."""

from __future__ import annotations

import re

from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.machine import Found, Machine
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "huge-pages",
    Layer.HOST,
    "Are huge pages left for virtual machines that want them?",
    "nr_hugepages and free_hugepages of each size in /sys/kernel/mm/hugepages",
    "some of each size that is reserved are free; a virtual machine without HUGEPAGE_SIZE needs none",
    (
        Answer("free", Status.PASS, "of {total} huge pages of {size} kB {free} are free"),
        Answer(
            "used-up",
            Status.WARN,
            "all {total} huge pages of {size} kB are in use, so no other virtual machine with HUGEPAGE_SIZE starts",
            "`echo <number> > /sys/kernel/mm/hugepages/hugepages-{size}kB/nr_hugepages`, or take HUGEPAGE_SIZE out of "
            "TOPOLOGY in the VM template",
        ),
        Answer("none", Status.SKIP, "no huge pages are reserved, which only virtual machines with HUGEPAGE_SIZE need"),
        unreadable(),
    ),
)

_FOLDER = "/sys/kernel/mm/hugepages"
_NAME = re.compile("hugepages-([0-9]{1,12})kB")
_NUMBER = re.compile("[0-9]{1,12}")


def probe(machine: Machine) -> Found:
    """Read how many huge pages of each size are reserved and free."""
    found = False
    for match in filter(None, map(_NAME.fullmatch, machine.names(_FOLDER))):
        total, free = (machine.hint(f"{_FOLDER}/{match[0]}/{kind}_hugepages") for kind in ("nr", "free"))
        if _NUMBER.fullmatch(total) and _NUMBER.fullmatch(free) and int(total):
            found = True
            yield ("free" if int(free) else "used-up"), {"size": match[1], "total": total, "free": free}
    if not found:
        yield "none", {}
