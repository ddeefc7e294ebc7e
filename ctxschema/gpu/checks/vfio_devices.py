"""May the virtual machine open the VFIO device of each GPU?"""

from __future__ import annotations

import os
import stat

from ctxschema.gpu.answers import UDEV_RULE, unreadable
from ctxschema.gpu.machine import Found, Machine, UnreadableError
from ctxschema.gpu.pci import driver_of, group_of, pci_bus
from ctxschema.gpu.values import MACHINE_GROUPS, MACHINE_USERS, VFIO_DRIVERS
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "vfio-devices",
    Layer.HOST,
    "May the virtual machine open the VFIO device of each GPU?",
    "mode, owner and group of /dev/vfio/<group>, with the names from /etc/passwd and /etc/group",
    "anybody, or a user or group that virtual machines run as, may read and write it",
    (
        Answer("usable", Status.PASS, "{path} has mode {mode} and may be opened"),
        Answer(
            "closed",
            Status.FAIL,
            "{path} has mode {mode} and may not be opened by a virtual machine",
            UDEV_RULE,
        ),
        Answer(
            "no-node",
            Status.WARN,
            "{path} is not there, although GPU {addr} is bound",
            "`modprobe vfio_iommu_type1`, then `udevadm trigger --subsystem-match=vfio`",
        ),
        Answer("none-bound", Status.SKIP, "no GPU is bound to vfio-pci yet"),
        unreadable(),
    ),
)


def probe(machine: Machine) -> Found:
    """Look at the owner and the mode of the VFIO device of each GPU's IOMMU group."""
    found = [each for gpu in machine.cached(pci_bus).gpus for each in _device(machine, gpu.addr)]
    yield from found or [("none-bound", {})]


def _device(machine: Machine, addr: str) -> Found:
    try:
        group = group_of(machine, addr) if driver_of(machine, addr) in VFIO_DRIVERS else None
        if group is None:
            return
        path = f"/dev/vfio/{group}"
        if not machine.there(path):
            yield "no-node", {"path": path, "addr": addr}
            return
        status = _status(machine, path)
    except UnreadableError as error:
        yield "unreadable", {"path": error.path}
        return
    mode = stat.S_IMODE(status.st_mode)
    yield ("usable" if _may_open(machine, mode, status) else "closed"), {"path": path, "mode": f"{mode:o}"}


def _status(machine: Machine, path: str) -> os.stat_result:
    try:
        return os.stat(machine.system.real(path))
    except OSError:
        raise UnreadableError(path) from None


def _may_open(machine: Machine, mode: int, status: os.stat_result) -> bool:
    return (
        mode & 0o006 == 0o006
        or (mode & 0o600 == 0o600 and _named(machine, "/etc/passwd", status.st_uid, MACHINE_USERS))
        or (mode & 0o060 == 0o060 and _named(machine, "/etc/group", status.st_gid, MACHINE_GROUPS))
    )


def _named(machine: Machine, path: str, number: int, names: tuple[str, ...]) -> bool:
    """Say whether a number is the ID of one of the named users or groups."""
    rows = [line.split(":") for line in machine.hint(path).splitlines()]
    return any(len(row) > 2 and row[0] in names and row[2] == str(number) for row in rows)
