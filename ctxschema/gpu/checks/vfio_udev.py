"""Does a udev rule give the VFIO devices to virtual machines? The name of its file says nothing."""

from __future__ import annotations

import re

from ctxschema.gpu.answers import UDEV_RULE, unreadable
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.values import RULE_FOLDERS
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "vfio-udev",
    Layer.HOST,
    "Does a udev rule give the VFIO devices to virtual machines?",
    "every folder that udev reads, in its order; a file masks those of its name in later folders",
    'a rule matches SUBSYSTEM=="vfio" and assigns a MODE, GROUP or OWNER that lets others than root in',
    (
        Answer("granted", Status.PASS, "{path} gives them away"),
        Answer(
            "missing",
            Status.FAIL,
            "no udev rule gives the VFIO devices to virtual machines",
            UDEV_RULE,
        ),
        unreadable(),
    ),
)


_MATCH = re.compile(r'(^|[ \t,])SUBSYSTEM[ \t]*==[ \t]*"vfio"')
_ASSIGNED = r'(^|[ \t,]){}[ \t]*:?=[ \t]*"([^"]+)"'
_MODE = re.compile(_ASSIGNED.format("MODE"))
_OWNER = re.compile(_ASSIGNED.format("OWNER"))
_GROUP = re.compile(_ASSIGNED.format("GROUP"))
_DIGITS = re.compile(r"0?[0-7]?([0-7])([0-7])([0-7])")
_READ_AND_WRITE = ("6", "7")


def probe(machine: Machine) -> Found:
    """Read the udev rules for one that changes the owner or mode of VFIO devices."""
    seen: set[str] = set()
    unreadable: list[str] = []
    for folder in RULE_FOLDERS:
        try:
            names = machine.names(folder)
        except UnreadableError as error:
            unreadable.append(error.path)
            continue
        for name in names:
            if not name.endswith(".rules") or name in seen:
                continue
            seen.add(name)
            try:
                text = machine.text(f"{folder}/{name}")
            except UnreadableError as error:
                unreadable.append(error.path)
                continue
            if text and any(_gives_away(line) for line in _rules(text)):
                yield "granted", {"path": f"{folder}/{name}"}
                return
    yield ("unreadable", {"path": unreadable[0]}) if unreadable else ("missing", {})


def _rules(text: str) -> list[str]:
    """Return the rules of a file, with continued lines joined."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith("#")]
    return "\n".join(lines).replace("\\\n", "").split("\n")


def _gives_away(rule: str) -> bool:
    """Say whether a rule lets users other than root open the VFIO devices; GROUP alone implies mode 0660."""
    if not _MATCH.search(rule):
        return False
    mode = _MODE.search(rule)
    if mode is None:
        return bool(_OWNER.search(rule) or _GROUP.search(rule))
    digits = _DIGITS.fullmatch(mode[2])
    if digits is None:
        return False
    owner, group, others = (digit in _READ_AND_WRITE for digit in digits.groups())
    return others or (owner and bool(_OWNER.search(rule))) or (group and bool(_GROUP.search(rule)))
