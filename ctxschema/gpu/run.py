"""Running the checks."""

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
    """Run all checks of a layer.

    Args:
        layer: Whether the machine is a KVM host or a virtual machine.
        system: Its files and programs.
        image: The image for the container check; if None, one that is on the machine.
        pull: Whether an image may be downloaded.
        most: The time limit of every program, in seconds, in addition to its own.
        onehost: The output of ``onehost show -x`` for a KVM host, from the front-end.
        containers: Whether to run the checks that start a container or look at its image.
    """
    keep_exit_codes()
    machine = Machine(system, image, pull, most, onehost=onehost)
    checks = checks_of(layer, containers=containers)
    return Report(layer, tuple(make_check(check, machine) for check in checks))


def checks_of(layer: Layer, *, containers: bool) -> list[Check]:
    """Return the checks of a layer in order; those that need a container only if one may be used."""
    return [check for check in CHECKS[layer] if containers or not check.needs_container]


def make_check(check: Check, machine: Machine) -> CheckResult:
    """Run one check on a machine."""
    results = []
    try:
        for name, details in PROBES[check.id](machine):
            results.append(Result(check.answer(name), details))
    except UnreadableError as error:
        results.append(Result(check.answer("unreadable"), {"path": error.path}))
    return CheckResult(check, tuple(results))
