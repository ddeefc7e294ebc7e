"""Does Fabric Manager run where there are NVSwitches? It refuses a driver of another version than its own."""

from __future__ import annotations

import re

from ctxschema.gpu.answers import NO_DRIVER
from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Found, Machine, printed_lines, said
from ctxschema.gpu.pci import pci_bus
from ctxschema.gpu.processes import process_of
from ctxschema.gpu.values import DOCKER_SECONDS, FABRIC_MANAGER
from ctxschema.model.check import Answer, Check, Layer, Status

_START = "`systemctl enable --now nvidia-fabricmanager`"
_INSTALL = (
    "`apt install nvidia-fabricmanager-<branch>={driver}*`, of the driver's own version, then `systemctl restart "
    "nvidia-fabricmanager`"
)

CHECK = Check(
    "fabric-manager",
    Layer.VM,
    "Does Fabric Manager run for the NVSwitches, in the driver's version?",
    f"functions of class 0680 of vendor 10de, the process {FABRIC_MANAGER}, and what {FABRIC_MANAGER} --version prints",
    "it runs and its version is the driver's, or the machine has no NVSwitch",
    (
        Answer("runs", Status.PASS, "Fabric Manager {version} runs for the NVSwitches"),
        Answer(
            "not-installed",
            Status.FAIL,
            "the machine has NVSwitches ({count}) and no Fabric Manager, so CUDA does not initialise",
            _INSTALL.replace("{driver}", "<driver>"),
        ),
        Answer(
            "mismatch",
            Status.FAIL,
            "Fabric Manager has version {version} and the driver {driver}, with which it does not start",
            _INSTALL,
        ),
        Answer(
            "not-running",
            Status.FAIL,
            "the machine has NVSwitches ({count}), and Fabric Manager {version} does not run",
            f"{_START}, and read `journalctl -u nvidia-fabricmanager` if that fails",
        ),
        Answer(
            "untold",
            Status.WARN,
            f"{FABRIC_MANAGER} --version does not tell its version: {{said}}",
            f"`{FABRIC_MANAGER} --version`, which has to be the driver's",
        ),
        Answer("no-switch", Status.SKIP, "the machine has no NVSwitch"),
        NO_DRIVER,
    ),
)

_VERSION = re.compile(r"version is *: *([0-9]+(\.[0-9]+)+)")


def probe(machine: Machine) -> Found:
    """If there are NVSwitches, look for a running Fabric Manager, and compare its version with the driver's."""
    switches = machine.cached(pci_bus).switches
    driver = machine.cached(kernel_driver)
    if not switches:
        yield "no-switch", {}
        return
    if not driver.loaded:
        yield "no-driver", {}
        return
    outcome = machine.run([FABRIC_MANAGER, "--version"], DOCKER_SECONDS)
    matches = (match[1] for line in printed_lines(outcome) if (match := _VERSION.search(line)))
    version = next(matches, "")
    details = {"count": str(len(switches)), "version": version, "driver": driver.version, "said": said(outcome)}
    if outcome.missing:
        yield "not-installed", details
    elif not version:
        yield "untold", details
    elif version != driver.version:
        yield "mismatch", details
    else:
        yield ("runs" if process_of(machine, FABRIC_MANAGER) else "not-running"), details
