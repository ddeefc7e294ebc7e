"""Making the checks."""

from __future__ import annotations

import time

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.gpu.machine import Machine, UnreadableError
from ctxschema.gpu.registry import CHECKS, PROBES
from ctxschema.gpu.report import CheckResult, Report, Result
from ctxschema.machine.system import System
from ctxschema.model.check import Check, Layer, Status


def run_checks(  # noqa: PLR0913 - what a person may say of the machine
    layer: Layer,
    system: System,
    *,
    image: str | None = None,
    pull: bool = False,
    most: float | None = None,
    onehost: str | None = None,
) -> Report:
    """Make all checks of a layer.

    Args:
        layer: Which machine this is.
        system: Its files and programs.
        image: The image for the container check; one that is there if None.
        pull: Whether an image may be downloaded.
        most: The longest that any program may take, in seconds; each has a limit of its own anyway.
        onehost: What ``onehost show -x`` printed of a KVM host on the front-end.
    """
    machine = Machine(system, image, pull, most, onehost=onehost)
    return Report(layer, tuple(_made(check, machine) for check in CHECKS[layer]))


def _made(check: Check, machine: Machine) -> CheckResult:
    results = []
    try:
        for name, details in PROBES[check.id](machine):
            results.append(Result(check.answer(name), details))
    except UnreadableError as error:
        results.append(Result(check.answer("unreadable"), {"path": error.path}))
    return CheckResult(check, tuple(results))


def boot_findings(machine: Machine, seconds: float) -> tuple[Finding, ...]:
    """Make the checks of a virtual machine that start no container, and return what failed as warnings.

    Args:
        machine: The machine; what was learnt of it for the decision is not asked again.
        seconds: How long it may take altogether; checks for which no time is left are named in a finding.
    """
    machine.until = time.monotonic() + seconds
    findings: list[Finding] = []
    late = []
    for check in CHECKS[Layer.VM]:
        if check.needs_container:
            continue
        if time.monotonic() >= machine.until:
            late.append(check.id)
            continue
        failed = (result for result in _made(check, machine).results if result.status is Status.FAIL)
        findings += [codes.GPU_CHECK.at(f"{check.id}: {result.message}", repair=result.fix) for result in failed]
    if late:
        findings.append(codes.GPU_CHECKS_LATE.at(f"no time was left for these GPU checks: {', '.join(late)}"))
    return tuple(findings)
