"""Is the NVIDIA kernel driver loaded? The kernel is asked, never a list of modules with nvidia in their names."""

from __future__ import annotations

from ctxschema.gpu.answers import REBOOT, unreadable
from ctxschema.gpu.driver import Installed, driver_modules, kernel_driver
from ctxschema.gpu.machine import Found, Machine
from ctxschema.model.check import Answer, Check, Layer, Status

_INSTALL = "install the driver (`apt install nvidia-driver-545` or newer)"
CHECK = Check(
    "kernel-driver",
    Layer.VM,
    "Is the NVIDIA kernel driver loaded?",
    "/proc/driver/nvidia/version and /sys/module/nvidia; other drivers carry nvidia in their names, too",
    "the kernel has the driver itself, whatever lsmod lists",
    (
        Answer("loaded", Status.PASS, "the NVIDIA kernel driver is loaded, version {version}"),
        Answer(
            "not-installed",
            Status.FAIL,
            "the NVIDIA kernel driver is not loaded, and kernel {release} has no such module",
            _INSTALL,
        ),
        Answer(
            "not-started",
            Status.FAIL,
            "the NVIDIA kernel driver is installed for kernel {release} and not loaded",
            "`modprobe nvidia`, and read `dmesg | grep -i nvrm` if that fails",
        ),
        Answer(
            "other-kernel",
            Status.FAIL,
            "the NVIDIA kernel driver is installed for kernel {other} and not for {release}, which runs",
            "`apt install linux-headers-{release}` and `dkms autoinstall -k {release}`, or "
            f"{REBOOT} into {{other}}",
        ),
        unreadable(),
    ),
)


def probe(machine: Machine) -> Found:
    """Look for the NVIDIA driver in the kernel, and for its module on the disk if it is not loaded."""
    driver = machine.cached(kernel_driver)
    if driver.loaded:
        yield "loaded", {"version": driver.version}
    elif driver.unreadable:
        yield "unreadable", {"path": driver.unreadable}
    else:
        yield _where(machine.cached(driver_modules))


def _where(found: Installed) -> tuple[str, dict[str, str]]:
    if found.here:
        return "not-started", {"release": found.release}
    if found.other:
        return "other-kernel", {"release": found.release, "other": found.other}
    return "not-installed", {"release": found.release}
