"""The NVIDIA kernel driver, by what the kernel says. Source: gpu.md, section 4."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.gpu.facts import DRIVER_MODULE, DRIVER_VERSION_FILE
from ctxschema.gpu.machine import Machine, UnreadableError

UNKNOWN = "unknown"

_VERSION = re.compile(r"Module +(?:for [a-z0-9_]+ +)?([0-9]+(\.[0-9]+)+)")
_INSTALLED = re.compile(r"(^|/)nvidia(-current|-current-open|-open)?\.ko")


@frozen
class Driver:
    """What is known of the driver.

    Args:
        loaded: Whether the kernel has it.
        version: Its version, if it is loaded.
        release: The kernel that runs.
        installed: Whether it is there as a module for that kernel.
        other: The newest other kernel for which it is there; empty if there is none.
        unreadable: What cannot be read, where it cannot be told whether the driver is loaded.
    """

    loaded: bool
    version: str
    release: str
    installed: bool
    other: str
    unreadable: str = ""


def kernel_driver(machine: Machine) -> Driver:
    """Look for the driver."""
    loaded, unreadable = False, ""
    try:
        loaded = machine.there(DRIVER_VERSION_FILE) or machine.there(DRIVER_MODULE)
    except UnreadableError as error:
        unreadable = error.path
    release = release_of(machine)
    others = [name for name in machine.system.names("/lib/modules") or () if name != release]
    having = [name for name in others if _is_installed(machine, name)]
    other = having[-1] if having else ""
    return Driver(loaded, _version(machine), release, _is_installed(machine, release), other, unreadable)


def release_of(machine: Machine) -> str:
    """Return the kernel that runs."""
    return machine.hint("/proc/sys/kernel/osrelease") or UNKNOWN


def _version(machine: Machine) -> str:
    told = machine.hint(f"{DRIVER_MODULE}/version")
    match = _VERSION.search(machine.hint(DRIVER_VERSION_FILE))
    return told or (match[1] if match else UNKNOWN)


def _is_installed(machine: Machine, release: str) -> bool:
    return machine.holds(f"/lib/modules/{release}/modules.dep", _INSTALLED) is True
