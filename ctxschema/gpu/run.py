"""Making the checks."""

from __future__ import annotations

import time
from collections.abc import Iterable
from importlib import import_module

from ctxschema.catalog.checks import CHECKS
from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.gpu.machine import Machine, UnreadableError
from ctxschema.gpu.report import CheckResult, Report, Result
from ctxschema.machine.process import keep_exit_codes
from ctxschema.machine.system import System
from ctxschema.model.check import Check, Layer, Status


def run_checks(
    layer: Layer,
    system: System,
    *,
    image: str | None = None,
    pull: bool = False,
    most: float | None = None,
) -> Report:
    """Make all checks of a layer.

    Args:
        layer: Which machine this is.
        system: Its files and programs.
        image: The image for the container check; one that is there if None.
        pull: Whether an image may be downloaded.
        most: The longest that any program may take, in seconds; each has a limit of its own anyway.
    """
    keep_exit_codes()
    machine = Machine(system, image, pull, most)
    return Report(layer, tuple(_made(check, machine) for check in CHECKS[layer]))


def module_of(check: Check) -> str:
    """Return the name of the module with a check's probe, in this package."""
    return f"checks.{check.id.replace('-', '_')}"


def probe_module(check: Check) -> str:
    """Return the full name of that module."""
    return f"{__package__}.{module_of(check)}"


def _made(check: Check, machine: Machine) -> CheckResult:
    results = []
    try:
        for name, details in import_module(probe_module(check)).probe(machine):
            results.append(Result(check.answer(name), details))
    except UnreadableError as error:
        results.append(Result(check.answer("unreadable"), {"path": error.path}))
    return CheckResult(check, tuple(results))


def boot_findings(system: System, seconds: float, silent: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Make the checks of a virtual machine that start no container, and return what failed as warnings.

    Args:
        system: The machine.
        seconds: How long it may take altogether; checks for which no time is left are named in a finding.
        silent: The programs that have not answered already.
    """
    machine = Machine(system, until=time.monotonic() + seconds, silent=frozenset(silent))
    findings: list[Finding] = []
    late = []
    for check in CHECKS[Layer.VM]:
        if check.needs_container:
            continue
        if time.monotonic() >= (machine.until or 0.0):
            late.append(check.id)
            continue
        failed = (result for result in _made(check, machine).results if result.status is Status.FAIL)
        findings += [codes.GPU_CHECK.at(f"{check.id}: {result.message}", repair=result.fix) for result in failed]
    if late:
        findings.append(codes.GPU_CHECKS_LATE.at(f"no time was left for these GPU checks: {', '.join(late)}"))
    return tuple(findings)
