"""The steps that start the containers and wait until the appliance's own stays up."""

from __future__ import annotations

from attrs import evolve

from ctxschema.boot.container import image_name, plan_beside
from ctxschema.boot.plan import decision_findings
from ctxschema.boot.state import State, StepOutcome
from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.gpu.decision import fall_back
from ctxschema.machine.system import Deadline

CHECK_SECONDS = 60.0
"""The time limit of the checks of a GPU in use, in seconds."""

_PORT_TAKEN = "port is already allocated"
"""What Docker says of a port that another container publishes. Where its power failed while it started a container, it
says so of a port that no container has, too: at the next start it takes the port of the container that was not complete
and does not give it back, until it is restarted. Shown in docs/records/2026-11-25-vm/port.txt, and in moby/libnetwork
issue 1790."""


def start(state: State, deadline: Deadline) -> StepOutcome:
    """Start the containers; where Docker holds a port that nobody has, restart Docker and start them once more."""
    outcome = _start(state, deadline)
    if not any(_PORT_TAKEN in said for said in (outcome.summary, *(each.message for each in outcome.findings))):
        return outcome
    if not state.engine.may_restart(state.names, deadline):
        hint = "; where docker ps shows no container with that port, restart Docker: systemctl restart docker"
        return evolve(outcome, summary=outcome.summary + hint) if outcome.failed else outcome
    state.log.line("Docker holds a port that no container has, as after a power cut: it is restarted")
    why = state.engine.restart(deadline)
    if why:
        return evolve(outcome, summary=f"{outcome.summary}; a restart of Docker failed: {why}", failed=True)
    again = _start(state, deadline)
    after = "; Docker was restarted before" if again.failed else ", after a restart of Docker, which held a lost port"
    return evolve(again, summary=again.summary + after)


def _start(state: State, deadline: Deadline) -> StepOutcome:
    """Start the container; if it does not start with the GPU, start it without."""
    planned = state.plan()
    state = evolve(state, container=planned)
    why = state.engine.run(planned, deadline)
    findings: tuple[Finding, ...] = ()
    if why and _can_do_without_gpu(state):
        state, why, findings = _without_gpu(state, why, deadline)
    if why:
        return StepOutcome(state, f"{planned.name} did not start: {why}", findings, failed=True)
    findings += _start_beside(state, deadline)
    assert state.container is not None  # noqa: S101 - it was just started
    return StepOutcome(state, f"{planned.name} was started from {state.container.image}", findings)


def wait_until_running(state: State, deadline: Deadline) -> StepOutcome:
    """Wait until the container has stayed up; if it does not with the GPU, start it without."""
    name, seconds = state.plan().name, state.declared.settle_seconds
    retry = _can_do_without_gpu(state)
    # With a GPU, half of the time is reserved for starting without it.
    first = Deadline.after(deadline.left(60.0) / 2) if retry else deadline
    why = state.engine.settle(name, seconds, first)
    findings: tuple[Finding, ...] = ()
    if why and retry:
        state, why, findings = _without_gpu(state, why, deadline)
        _start_beside(state, deadline)
        why = why or state.engine.settle(name, seconds, deadline)
    if why is None and state.options.check_gpu and state.decision.use_gpu:
        findings = _check_gpu(state, deadline)
    said = f"{name} does not stay up: {why}" if why else f"{name} is up"
    return StepOutcome(state, said, findings, failed=why is not None)


def _check_gpu(state: State, deadline: Deadline) -> tuple[Finding, ...]:
    """Run the GPU checks with a container of their own; a failure is a warning, since the appliance runs already."""
    from ctxschema.gpu.details import gpu_details
    from ctxschema.gpu.machine import Machine

    request = state.appliance.gpu
    script = request.script if request else ""
    return gpu_details(Machine(state.system), deadline.left(CHECK_SECONDS), script, containers=True)


def _can_do_without_gpu(state: State) -> bool:
    return state.decision.use_gpu and not (state.appliance.gpu and state.appliance.gpu.required)


def _without_gpu(state: State, why: str, deadline: Deadline) -> tuple[State, str | None, tuple[Finding, ...]]:
    """Start the container without the GPU; return the state, why that failed or None, and the findings."""
    reason = f"the container does not run with a GPU: {why}"
    tried = state.plan().image
    plain = image_name(state.known, state.declared, gpu=False)
    # Without a network, the image for GPUs may be the only one on the machine; it runs on the CPU as well.
    image = plain if state.engine.has_image(plain, deadline) else tried
    state = evolve(state, decision=fall_back(state.appliance.gpu, reason), image=image)
    planned = state.plan()
    state = evolve(state, container=planned)
    return state, state.engine.run(planned, deadline), tuple(decision_findings(state.decision, state.raw))


def _start_beside(state: State, deadline: Deadline) -> tuple[Finding, ...]:
    """Start the containers beside it whose conditions hold, and remove those of an earlier boot whose do not."""
    findings = []
    for container, planned in plan_beside(state.known, state.decision):
        if planned is None:
            state.engine.remove(container.name, deadline)
            continue
        why = state.engine.run(planned, deadline)
        if why:
            asked_by = next(iter(container.when.variables), None) if container.when else None
            name = asked_by.name if asked_by else None
            subject = f"{name}: {container.name}" if name else container.name
            findings.append(codes.SIDECAR.at(f"{subject} did not start: {why}", variable=name))
    return tuple(findings)
