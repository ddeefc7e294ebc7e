"""Is the NVIDIA kernel driver loaded? The kernel is asked, never a list of modules with nvidia in their names."""

from __future__ import annotations

from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Found, Machine


def probe(machine: Machine) -> Found:
    """See the declaration."""
    driver = machine.once(kernel_driver)
    if driver.loaded:
        yield "loaded", {"version": driver.version}
    elif driver.unreadable:
        yield "unreadable", {"path": driver.unreadable}
    elif driver.installed:
        yield "not-started", {"release": driver.release}
    elif driver.other:
        yield "other-kernel", {"release": driver.release, "other": driver.other}
    else:
        yield "not-installed", {"release": driver.release}
