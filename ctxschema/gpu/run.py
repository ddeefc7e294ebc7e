"""Making the checks."""

from __future__ import annotations

from ctxschema.gpu.machine import Machine, UnreadableError
from ctxschema.gpu.registry import CHECKS, PROBES
from ctxschema.gpu.report import CheckResult, Report, Result
from ctxschema.machine.process import keep_exit_codes
from ctxschema.machine.system import System
from ctxschema.model.check import Check, Layer


def run_checks(  # noqa: PLR0913 - what a person may say of the machine
    layer: Layer,
    system: System,
    *,
    image: str | None = None,
    pull: bool = False,
    most: float | None = None,
    onehost: str | None = None,
    containers: bool = True,
) -> Report:
    """Make all checks of a layer.

    Args:
        layer: Which machine this is.
        system: Its files and programs.
        image: The image for the container check; one that is there if None.
        pull: Whether an image may be downloaded.
        most: The longest that any program may take, in seconds; each has a limit of its own anyway.
        containers: Whether the checks are made that start a container or look at its image.
        onehost: What ``onehost show -x`` printed of a KVM host on the front-end.
    """
    keep_exit_codes()
    machine = Machine(system, image, pull, most, onehost=onehost)
    checks = (check for check in CHECKS[layer] if containers or not check.needs_container)
    return Report(layer, tuple(make_check(check, machine) for check in checks))


def make_check(check: Check, machine: Machine) -> CheckResult:
    """Make one check of a machine."""
    results = []
    try:
        for name, details in PROBES[check.id](machine):
            results.append(Result(check.answer(name), details))
    except UnreadableError as error:
        results.append(Result(check.answer("unreadable"), {"path": error.path}))
    return CheckResult(check, tuple(results))
