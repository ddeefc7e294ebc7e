"""The boot agent: runs the declared steps in order, each within its time limit, and reports on them.

The functions for the steps are in `actions`. The order of the steps, their time limits and the severity of a failure
are declared by the appliance.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

from attrs import asdict, evolve, field, frozen

from ctxschema.boot.actions import ACTIONS
from ctxschema.boot.plan import bootable, decision_findings
from ctxschema.boot.state import Options, State, StepOutcome
from ctxschema.core import codes
from ctxschema.core.errors import CtxschemaError
from ctxschema.core.finding import Finding, Severity, has_errors
from ctxschema.core.secret import starred
from ctxschema.core.timed import in_time
from ctxschema.machine.log import Log
from ctxschema.machine.onegate import TOKEN_NAMES
from ctxschema.machine.system import Deadline, System
from ctxschema.model.appliance import Appliance
from ctxschema.model.step import Runner, Step, StepKind

GRACE_SECONDS = 1.0
"""How long, in seconds, a step may exceed its time limit to report the timeout itself."""

_REMOVAL_SECONDS = 20.0
"""The time limit for removing the containers of an earlier boot when this one has stopped, in seconds."""

DONE, SKIPPED, FAILED, IMAGE, NOT_REACHED = "done", "skipped", "failed", "image", "not reached"


@frozen
class StepReport:
    """The result of one step.

    Attributes:
        number: Its number.
        step: Its declaration.
        status: ``done``, ``skipped``, ``failed``, ``image`` (carried out by the machine's image) or ``not reached``.
        message: What happened, in one line.
        seconds: How long it took.
        findings: Its findings.
    """

    number: int
    step: Step
    status: str
    message: str
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the stable JSON form; see ``docs/json.md``."""
        return {
            "number": self.number,
            "id": self.step.id,
            "title": self.step.title,
            "runner": self.step.runner.value,
            "status": self.status,
            "severity": self.step.severity.value,
            "deadline": self.step.seconds,
            "seconds": round(self.seconds, 3),
            "message": self.message,
            "findings": [finding.as_dict() for finding in self.findings],
        }


@frozen
class Report:
    """The result of a boot.

    Attributes:
        appliance: The appliance that was booted.
        steps: The results of all steps, in order.
        state: The state after the last step that was run.
        seconds: How long the boot took.
        began: When it began, in seconds since 1970.
    """

    appliance: Appliance
    steps: tuple[StepReport, ...]
    state: State = field(repr=False)
    seconds: float = 0.0
    began: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the boot came to its end; warnings do not stop it."""
        return not any(each.status == FAILED and each.step.stops_boot for each in self.steps)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of all steps, in order."""
        return tuple(finding for each in self.steps for finding in each.findings)

    def as_dict(self) -> dict[str, Any]:
        """Return the stable JSON form; see ``docs/json.md``."""
        state = self.state
        return {
            "appliance": self.appliance.name,
            "ok": self.ok,
            "began": round(self.began, 3),
            "seconds": round(self.seconds, 3),
            "steps": [each.as_dict() for each in self.steps],
            "argv": state.container.arguments() if state.container else [],
            "env": {**state.container.environment, **state.decision.environment} if state.container else {},
            "gpu": {**state.decision.as_dict(), "gpus": [asdict(gpu) for gpu in state.gpus]},
            "onegate": dict(state.published),
            "findings": [finding.as_dict() for finding in self.findings],
        }


def boot(
    appliance: Appliance,
    options: Options,
    system: System,
    log: Log,
    report: Callable[[Report], None] = lambda _report: None,
) -> Report:
    """Boot a machine: run the agent's steps in order, until the end or until a failure that ends the boot.

    Args:
        appliance: An appliance with a container.
        options: The options of the boot.
        system: The machine.
        log: The log, which gets a line for each step.
        report: A function that is called with the report after each step, so that a boot that is killed leaves one.

    Raises:
        UnknownNameError: The appliance is a service of several roles, or has no container.
    """
    bootable(appliance)
    state = State(appliance, options, system, log)
    began, clock = time.time(), time.monotonic()
    ended: list[StepReport] = []
    stopped = False
    numbered = appliance.numbered_steps
    for number, step in numbered:
        if step.runner is Runner.IMAGE:
            ended.append(StepReport(number, step, IMAGE, "done by the machine's image"))
        elif stopped:
            ended.append(StepReport(number, step, NOT_REACHED, "the boot stopped before it"))
        else:
            outcome, each = _run(number, step, state, len(numbered))
            state = outcome.state
            ended.append(each)
            stopped = each.status == FAILED and step.stops_boot
            _tell(log, each, len(numbered))
            if stopped and state.container is None:
                _remove_old(state)
            report(Report(appliance, tuple(ended), state, time.monotonic() - clock, began))
    whole = Report(appliance, tuple(ended), state, time.monotonic() - clock, began)
    report(whole)
    return whole


def _run(number: int, step: Step, state: State, steps: int) -> tuple[StepOutcome, StepReport]:
    """Run a step in a thread. A thread that hangs, as on a dead disk, is abandoned, so that the boot can go on."""
    clock = time.monotonic()
    deadline = Deadline.after(step.seconds)
    limit = "" if step.seconds is None else f" of at most {step.seconds:g} s"

    def still(passed: float) -> None:
        state.log.line(f"step {number}/{steps} {step.title}: at work for {passed:g} s{limit}")

    try:
        within = None if step.seconds is None else step.seconds + GRACE_SECONDS
        ended = in_time(lambda: _act(step, state, deadline), within, still)
    except TimeoutError:
        ended = _gave_up(step, state, f"it did not end within {step.seconds:g} seconds")
    # Docker, OneGate and openssl repeat their arguments, so secrets are masked here in whatever a step returns.
    secrets = state.log.secrets
    secrets.update(_secrets(ended.state))
    findings = tuple(
        evolve(each, message=starred(each.message, secrets), repair=each.repair and starred(each.repair, secrets))
        for each in _findings(step, ended)
    )
    status = FAILED if ended.failed else SKIPPED if ended.skipped else DONE
    said = starred(ended.summary, secrets)
    return ended, StepReport(number, step, status, said, time.monotonic() - clock, findings)


def _remove_old(state: State) -> None:
    """Remove what ran before this boot, which Docker starts by itself: its flags are not what the context says now.

    Like a step, it neither raises nor hangs: the report of the boot comes after it.
    """
    deadline = Deadline.after(_REMOVAL_SECONDS)

    def remove() -> None:
        for name in state.names:
            if state.engine.remove(name, deadline):
                state.log.line(
                    f"the container {name} of an earlier boot is removed, for this one does not start it anew"
                )

    try:
        in_time(remove, _REMOVAL_SECONDS + GRACE_SECONDS)
    except Exception as error:  # noqa: BLE001 - the boot has stopped already, and has to say why
        why = own_fault(error) if not isinstance(error, TimeoutError) else "Docker did not answer in time"
        state.log.line(f"a container of an earlier boot may run on: {why}", Severity.WARNING)


def _secrets(state: State) -> Iterator[str]:
    """Yield the texts that must not show up in a log."""
    names = [
        *TOKEN_NAMES,
        *(name for variable in state.appliance.variables if variable.secret for name in variable.names),
    ]
    for name in names:
        given = state.raw.values.get(name)
        if given is not None and given.text:
            yield given.text.strip()
    yield from (secret.reveal() for secret in state.certificates.values())


def _act(step: Step, state: State, deadline: Deadline) -> StepOutcome:
    try:
        return ACTIONS[step.kind](state, deadline)
    except CtxschemaError as error:
        return StepOutcome(state, str(error), error.findings, failed=True)
    except Exception as error:  # noqa: BLE001 - whatever it is, the boot goes on or ends as the declaration says
        return _gave_up(step, state, own_fault(error))


def own_fault(error: BaseException) -> str:
    """Return where an unexpected error of the agent arose. Its message is left out, as it may quote a value."""
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, ImportError):
        return "Python cannot load a part of itself; is there enough memory?"
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    at = f"{os.path.basename(where.tb_frame.f_code.co_filename)}:{where.tb_lineno}" if where else "nowhere"
    return f"a fault of the agent's own: {type(error).__name__} at {at}"


def _gave_up(step: Step, state: State, said: str) -> StepOutcome:
    """Return the outcome of a step that did not end in time. If it was to decide about the GPU, the CPU is used."""
    why = next(iter(decision_findings(state.decision, state.raw)), None) if step.kind is StepKind.GPU else None
    return StepOutcome(state, said, failed=True, finding=why)


def _findings(step: Step, ended: StepOutcome) -> Iterator[Finding]:
    """Yield the findings of a step; the finding for its failure gets the severity that the step declares."""
    if ended.failed and not has_errors(ended.findings):
        why = ended.finding or codes.STEP_FAILED.at(f"{step.title}: {ended.summary}", repair=step.recovery)
        yield evolve(why, severity=step.severity)
    yield from ended.findings


def _tell(log: Log, each: StepReport, steps: int) -> None:
    for finding in each.findings:
        if finding.message not in each.message:
            log.finding(finding)
    severity = each.step.severity if each.status == FAILED else None
    took = f"{each.seconds:.2f} s"
    log.line(f"step {each.number}/{steps} {each.step.title}: {each.status}: {each.message} ({took})", severity)
