"""Why a GPU cannot be used, in detail, as warnings beside the boot's decision."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.gpu.machine import Machine
from ctxschema.gpu.run import checks_of, make_check
from ctxschema.model.check import Layer, Status

_SHARE = 3
"""The script may wait for one program for this fraction of its time: one third."""


def gpu_details(machine: Machine, seconds: float, script: str, *, containers: bool = False) -> tuple[Finding, ...]:
    """Run the checks of a virtual machine: with the script if the image has it, else in this process.

    Args:
        machine: The machine; what was found out for the decision is not looked up again.
        seconds: The time limit for all checks.
        script: The path of validate-gpu.sh; empty if the appliance has none. It is not used if a program hung before,
            since it would wait for that again.
        containers: Whether a container may be started.
    """
    until = time.monotonic() + seconds
    found = None if machine.hangs or not script else _by_script(machine, script, seconds, containers=containers)
    return found if found is not None else boot_findings(machine, until - time.monotonic(), containers=containers)


def boot_findings(machine: Machine, seconds: float, *, containers: bool = False) -> tuple[Finding, ...]:
    """Run the checks of a virtual machine in this process, and return failures as warnings.

    Args:
        machine: The machine; what was found out for the decision is not looked up again.
        seconds: The time limit for all checks; a finding names the checks for which no time is left.
        containers: Whether a container may be started.
    """
    machine.until = time.monotonic() + max(seconds, 0.0)
    findings: list[Finding] = []
    late = []
    for check in checks_of(Layer.VM, containers=containers):
        if time.monotonic() >= machine.until:
            late.append(check.id)
            continue
        failed = (result for result in make_check(check, machine).results if result.status is Status.FAIL)
        findings += [codes.GPU_CHECK.at(f"{check.id}: {result.message}", repair=result.fix) for result in failed]
    if late:
        findings.append(codes.GPU_CHECKS_LATE.at(f"no time was left for these GPU checks: {', '.join(late)}"))
    return tuple(findings)


def _by_script(machine: Machine, script: str, seconds: float, *, containers: bool) -> tuple[Finding, ...] | None:
    """Run the script; return None if it is missing or prints no report."""
    import json

    folder, name = os.path.split(script)
    if machine.system.find_program(name, [folder]) is None:
        return None
    root = machine.system.root.rstrip("/")
    options = ["--json", f"--timeout={max(1, int(seconds / _SHARE))}", *(() if containers else ("--no-container",))]
    outcome = machine.run(["env", f"CTX_ROOT={root}", machine.system.real(script), *options], seconds)
    if outcome.code not in {0, 1}:
        return None
    try:
        return tuple(_failed(json.loads(outcome.answer)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _failed(report: dict[str, Any]) -> Iterator[Finding]:
    for check in report["checks"]:
        for result in check["results"]:
            if result["status"] == Status.FAIL.value:
                message, repair = f"{check['id']}: {result['message']}", result["fix"]
                yield codes.GPU_CHECK.at(message, repair=None if repair is None else str(repair))
