"""The NVIDIA kernel driver, as the kernel reports it. Source: docs/facts/gpu.md, section 4."""

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
    """The state of the driver.

    Args:
        loaded: Whether it is loaded into the kernel.
        version: Its version, if it is loaded.
        unreadable: The path that could not be read, if it is not known whether the driver is loaded.
    """

    loaded: bool
    version: str
    unreadable: str = ""


@frozen
class Installed:
    """The kernels for which the driver is installed as a module.

    Args:
        release: The release of the running kernel.
        here: Whether it is installed for the running kernel.
        other: The newest other kernel for which it is installed; empty if there is none.
    """

    release: str
    here: bool
    other: str


def kernel_driver(machine: Machine) -> Driver:
    """Look for the driver under the names that it registers in the kernel (docs/facts/gpu.md, section 4)."""
    loaded, unreadable = False, ""
    try:
        loaded = machine.there(DRIVER_VERSION_FILE) or machine.there(DRIVER_MODULE)
    except UnreadableError as error:
        unreadable = error.path
    return Driver(loaded, _version(machine), unreadable)


def driver_modules(machine: Machine) -> Installed:
    """Look for the driver's module in the module lists of every installed kernel."""
    release = release_of(machine)
    others = [name for name in machine.system.names("/lib/modules") or () if name != release]
    having = [name for name in others if _is_installed(machine, name)]
    other = having[-1] if having else ""
    return Installed(release, _is_installed(machine, release), other)


def release_of(machine: Machine) -> str:
    """Return the release of the running kernel."""
    return machine.hint("/proc/sys/kernel/osrelease") or UNKNOWN


def _version(machine: Machine) -> str:
    version = machine.hint(f"{DRIVER_MODULE}/version")
    match = _VERSION.search(machine.hint(DRIVER_VERSION_FILE))
    return version or (match[1] if match else UNKNOWN)


def _is_installed(machine: Machine, release: str) -> bool:
    return machine.holds(f"/lib/modules/{release}/modules.dep", _INSTALLED) is True
