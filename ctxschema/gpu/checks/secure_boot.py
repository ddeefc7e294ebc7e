"""Does Secure Boot let the driver in?"""

from __future__ import annotations

from ctxschema.gpu.answers import unreadable
from ctxschema.gpu.driver import driver_modules, kernel_driver
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.values import SECURE_BOOT_FILE
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "secure-boot",
    Layer.VM,
    "Does Secure Boot let the driver in?",
    "the variable SecureBoot of the firmware, and whether the driver is loaded",
    "it is off, or the driver is loaded all the same",
    (
        Answer("off", Status.PASS, "Secure Boot is off"),
        Answer("signed", Status.PASS, "Secure Boot is on, and the driver is loaded"),
        Answer(
            "refuses",
            Status.FAIL,
            "Secure Boot is on, and the installed driver is not loaded",
            "sign the driver (`mokutil --import`, `update-secureboot-policy --enroll-key`), or start the VM from a "
            "firmware without Secure Boot",
        ),
        Answer(
            "ahead",
            Status.WARN,
            "Secure Boot is on, and no driver is installed yet: it has to be signed",
            "install a signed driver, such as `apt install linux-modules-nvidia-545-generic`",
        ),
        unreadable(),
    ),
)


def probe(machine: Machine) -> Found:
    """Read whether Secure Boot is on, and whether the driver is loaded all the same."""
    variable = machine.text(SECURE_BOOT_FILE)
    driver = machine.cached(kernel_driver)
    if variable is None or not variable.endswith("\x01"):
        yield "off", {}
    elif driver.unreadable:
        yield "unreadable", {"path": driver.unreadable}
    elif driver.loaded:
        yield "signed", {}
    else:
        yield ("refuses" if machine.cached(driver_modules).here else "ahead"), {}
