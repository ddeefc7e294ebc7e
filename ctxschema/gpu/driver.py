"""The NVIDIA kernel driver, by what the kernel says. Source: facts/gpu.md, section 4."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.gpu.machine import Machine, UnreadableError

DRIVER_VERSION_FILE = "/proc/driver/nvidia/version"
DRIVER_MODULE = "/sys/module/nvidia"
UNKNOWN = "unknown"

_VERSION = re.compile(r"Module +(?:for [a-z0-9_]+ +)?([0-9]+(\.[0-9]+)+)")
_INSTALLED = re.compile(r"(^|/)nvidia(-current|-current-open|-open)?\.ko")


@frozen
class Driver:
    """What is known of the driver.

    Args:
        loaded: Whether the kernel has it.
        version: Its version, if it is loaded.
        unreadable: What cannot be read, where it cannot be told whether the driver is loaded.
    """

    loaded: bool
    version: str
    unreadable: str = ""


@frozen
class Installed:
    """Where the driver is there as a module.

    Args:
        release: The kernel that runs.
        here: Whether it is there for that kernel.
        other: The newest other kernel for which it is there; empty if there is none.
    """

    release: str
    here: bool
    other: str


def kernel_driver(machine: Machine) -> Driver:
    """Ask the kernel for the driver, by the names that it gives the driver itself (facts/gpu.md, section 4)."""
    loaded, unreadable = False, ""
    try:
        loaded = machine.there(DRIVER_VERSION_FILE) or machine.there(DRIVER_MODULE)
    except UnreadableError as error:
        unreadable = error.path
    return Driver(loaded, _version(machine), unreadable)


def driver_modules(machine: Machine) -> Installed:
    """Look for the driver's module in the lists of every kernel."""
    release = release_of(machine)
    others = [name for name in machine.system.names("/lib/modules") or () if name != release]
    having = [name for name in others if _is_installed(machine, name)]
    other = having[-1] if having else ""
    return Installed(release, _is_installed(machine, release), other)


def release_of(machine: Machine) -> str:
    """Return the kernel that runs."""
    return machine.hint("/proc/sys/kernel/osrelease") or UNKNOWN


def _version(machine: Machine) -> str:
    told = machine.hint(f"{DRIVER_MODULE}/version")
    match = _VERSION.search(machine.hint(DRIVER_VERSION_FILE))
    return told or (match[1] if match else UNKNOWN)


def _is_installed(machine: Machine, release: str) -> bool:
    return machine.holds(f"/lib/modules/{release}/modules.dep", _INSTALLED) is True
