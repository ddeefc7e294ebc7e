"""Does Secure Boot let the driver in?"""

from __future__ import annotations

from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.values import SECURE_BOOT_FILE


def probe(machine: Machine) -> Found:
    """See the declaration."""
    variable = machine.text(SECURE_BOOT_FILE)
    driver = machine.once(kernel_driver)
    if variable is None or not variable.endswith("\x01"):
        yield "off", {}
    elif driver.unreadable:
        yield "unreadable", {"path": driver.unreadable}
    elif driver.loaded:
        yield "signed", {}
    else:
        yield ("refuses" if driver.installed else "ahead"), {}
