"""The functions for the kinds of steps. Each takes the state of the boot and returns a new one; none changes it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from attrs import evolve

from ctxschema.boot.container import env_file_path, planned_files, unwanted_files
from ctxschema.boot.image import choose_image
from ctxschema.boot.known import Known, context_facts
from ctxschema.boot.made import made_values
from ctxschema.boot.plan import boot_findings, decision_findings, plan_findings, published
from ctxschema.boot.plan_findings import mismatch_findings
from ctxschema.boot.start import start, wait_until_running
from ctxschema.boot.state import State, StepOutcome
from ctxschema.context.validate import validate
from ctxschema.core import codes
from ctxschema.core.finding import Finding, has_errors
from ctxschema.gpu.decision import decide_gpu, fall_back, requested
from ctxschema.gpu.facts import GpuFacts, gpu_facts
from ctxschema.gpu.machine import Machine
from ctxschema.machine.onegate import NotReachedError, OneGateError, find_onegate
from ctxschema.machine.source import read_machine_context
from ctxschema.machine.system import Deadline
from ctxschema.model.container import CA_FILE, CERTIFICATE_FILE, KEY_FILE, SECRET_MODE
from ctxschema.model.kinds import Shape
from ctxschema.model.placeholders import placeholders
from ctxschema.model.service import ATTEMPT_SECONDS, Discover
from ctxschema.model.step import StepKind

RESERVE_SECONDS = 10.0
"""The part of its step's time limit that the detection of GPUs leaves for the checks after it, in seconds."""


def load(state: State, _deadline: Deadline) -> StepOutcome:
    """Read the context from the file that was named, or from where contextualization leaves it."""
    raw, origin = read_machine_context(state.system, state.options.context)
    if raw.broken:
        return StepOutcome(evolve(state, raw=raw), f"{origin} cannot be trusted", raw.findings, failed=True)
    return StepOutcome(evolve(state, raw=raw), f"{len(raw.values)} names from {origin}")


def judge(state: State, _deadline: Deadline) -> StepOutcome:
    """Judge the context and apply the defaults."""
    result = validate(state.appliance, state.raw)
    findings = list(boot_findings(state.appliance, result.findings))
    if requested(result.values):
        # The CPU is assumed until the step that decides has run, and remains if that step fails.
        decision = fall_back(state.appliance.gpu, "the detection of the GPU did not end")
    else:
        decision = decide_gpu(result.values, GpuFacts())
    judged = evolve(state, decision=decision)
    if not has_errors(findings):
        made = made_values(state.system, state.appliance, result.values, context_facts(state.raw))
        judged = evolve(judged, values=result.values.also(made))
        findings.extend(plan_findings(judged.known))
    if has_errors(findings):
        worst = sum(finding.severity is codes.STEP_FAILED.severity for finding in findings)
        errors = "1 error" if worst == 1 else f"{worst} errors"
        return StepOutcome(state, f"{errors} in the context", tuple(findings), failed=True)
    given = sum(result.values.is_set(variable) for variable in state.appliance.variables)
    said = f"{len(result.values)} values, {given} of them given, the others defaults"
    return StepOutcome(judged, said, tuple(findings))


def _clear(state: State) -> None:
    """Remove files that earlier runs left behind when they were killed while writing."""
    declared = state.declared.certificates
    files = [env_file_path(state.appliance), *(file.path for file in planned_files(state.known))]
    if declared is not None:
        files += [f"{declared.folder}/{name}" for name in (CA_FILE, CERTIFICATE_FILE, KEY_FILE)]
    state.system.clear(files, [declared.folder] if declared is not None else [])


def make_folders(state: State, _deadline: Deadline) -> StepOutcome:
    """Create the folders for mounts and files, after removing what killed runs left behind."""
    _clear(state)
    folders = list(dict.fromkeys(state.plan().folders))
    for folder in folders:
        state.system.make_folder(folder.path, folder.mode, folder.owner)
    by_owner = groupby(sorted(folders, key=lambda folder: folder.owner), lambda folder: folder.owner)
    owners = (f"{', '.join(folder.path for folder in own)} belong to {owner}:{owner}" for owner, own in by_owner)
    return StepOutcome(state, "; ".join(owners) or "there is no folder to make")


def write_files(state: State, _deadline: Deadline) -> StepOutcome:
    """Write the env file, the other files and the certificates; remove those that yesterday's context asked for."""
    written = []
    for path in unwanted_files(state.known):
        if state.system.remove(path):
            state.log.line(f"removed {path}, which the context does not ask for")
    for file in planned_files(state.known):
        state.system.write(file.path, file.text.reveal(), file.mode, file.owner)
        written.append(file.path)
    state, certificates = _write_certificates(state)
    written += certificates
    return StepOutcome(state, f"wrote {', '.join(written)}" if written else "nothing to write")


def _write_certificates(state: State) -> tuple[State, list[str]]:
    """Write the certificates that are given or generated; return the state with them, and the paths of the files."""
    declared = state.declared.certificates
    if declared is None:
        return state, []
    from ctxschema.boot.certificates import certificate_files, certificates

    made = certificates(state.system, state.known, declared)
    written = []
    for name in certificate_files(declared):
        if name not in made and state.system.remove(f"{declared.folder}/{name}"):
            state.log.line(f"removed {declared.folder}/{name}, which the context does not ask for")
    for name, text in made.items():
        path = f"{declared.folder}/{name}"
        state.system.write(path, text.reveal(), SECRET_MODE, state.declared.owner)
        written.append(path)
    return evolve(state, certificates=made), written


def discover(state: State, _deadline: Deadline) -> StepOutcome:
    """Look up through OneGate each value that the context leaves empty, with pauses between attempts."""
    said: list[str] = []
    findings: list[Finding] = []
    known = Known(state.appliance, state.values, state.decision.facts)
    for wanted in state.declared.discovers:
        if not known.holds(wanted.when):
            continue
        given = state.values[wanted.variable]
        shown = wanted.variable.name if wanted.variable.kind.shape is Shape.ENCODED else given
        ended = StepOutcome(state, f"{shown}, as {wanted.variable.name} says") if given else _look_up(state, wanted)
        if ended.failed:
            return ended
        state = ended.state
        said.append(ended.summary)
        findings += ended.findings
    if state.discovered:
        state = _with_place(state)
    certificates = state.declared.certificates
    if certificates is not None and certificates.authority.name in state.discovered:
        state, written = _write_certificates(state)
        said.append(f"wrote {', '.join(written)}")
    return StepOutcome(state, "; ".join(said) or "there is nothing to look up", tuple(findings))


def _with_place(state: State) -> State:
    """Ask OneGate for the index of the machine in its role if the container uses it; go on without if that fails."""
    words = (word for argument in state.declared.arguments for word in argument.words)
    if not any(each.name in {"place", "places"} for word in words for each in placeholders(word)):
        return state
    try:
        found = find_onegate(state.system, state.raw).place(ATTEMPT_SECONDS)
    except OneGateError as error:
        state.log.line(f"the place of the machine in its service is not known: {error}")
        return state
    return state if found is None else evolve(state, place={"place": str(found[0]), "places": str(found[1])})


def _look_up(state: State, wanted: Discover) -> StepOutcome:
    """Ask OneGate for one value until there is an answer or no attempt is left."""
    try:
        onegate = find_onegate(state.system, state.raw)
    except OneGateError as error:
        return _not_found(state, wanted, str(error))
    state.log.secrets.add(onegate.token.reveal())
    backoff = (
        wanted.backoff[state.values[wanted.chosen_by]] if wanted.chosen_by else next(iter(wanted.backoff.values()))
    )
    longest = state.values[wanted.longest] if wanted.longest else float("inf")
    attempt = 0
    while True:
        attempt += 1
        try:
            published = onegate.discover(wanted, ATTEMPT_SECONDS)
            why = f"no {wanted.role} of the service has published that it is ready"
        except OneGateError as error:
            published, why = None, str(error)
        if published:
            found = published[wanted.attribute]
            discovered = {**state.discovered, wanted.variable.name: found}
            shown = wanted.attribute if wanted.variable.kind.shape is Shape.ENCODED else found
            findings = tuple(mismatch_findings(state.known, wanted, published))
            return StepOutcome(
                evolve(state, discovered=discovered), f"{shown}, by OneGate at attempt {attempt}", findings
            )
        pause = backoff.pause(attempt, longest)
        if pause is None:
            return _not_found(state, wanted, f"{why}, at {attempt} attempts")
        state.log.line(f"attempt {attempt} to discover the {wanted.role}: {why}; again in {pause:g} seconds")
        state.system.sleep(pause)


def _not_found(state: State, wanted: Discover, why: str) -> StepOutcome:
    message = f"no {wanted.role} was found: {why}"
    name = wanted.variable.name
    finding = codes.NOT_DISCOVERED.at(message, variable=name, repair=f"set {name}, or let the {wanted.role} come up")
    return StepOutcome(state, f"{message}; or set {name}", failed=True, finding=finding)


def wait_for_engine(state: State, deadline: Deadline) -> StepOutcome:
    """Wait until the Docker engine answers."""
    why = state.engine.wait(deadline)
    return StepOutcome(state, why or "Docker answers", failed=why is not None)


def detect(state: State, deadline: Deadline) -> StepOutcome:
    """Look for GPUs if one was requested, and decide between GPU and CPU."""
    request = state.appliance.gpu
    if not state.decision.requested:
        asked_by = request.asked_by.name if request and request.asked_by else "what asks for a GPU"
        return StepOutcome(state, f"{asked_by} is not YES", skipped=True)
    share = deadline.left(float("inf")) / 5
    machine = Machine(state.system, most=share, attempts=2)
    facts = gpu_facts(machine)
    decision = decide_gpu(state.values, facts)
    state = evolve(state, gpus=facts.gpus, decision=decision)
    findings = tuple(decision_findings(decision, state.raw))
    if decision.use_gpu:
        names = ", ".join(f"{gpu.index} ({gpu.name})" for gpu in facts.gpus)
        return StepOutcome(state, f"YES: {' '.join(decision.docker_flags)}; the machine has {names}", findings)
    why, *others = findings
    from ctxschema.gpu.details import gpu_details  # imported only here: a machine that has its GPU does not need it

    others.extend(gpu_details(machine, deadline.left(RESERVE_SECONDS), request.script if request else ""))
    return StepOutcome(state, f"NO: {decision.warning}: {decision.reason}", tuple(others), failed=True, finding=why)


def publish(state: State, deadline: Deadline) -> StepOutcome:
    """Publish the attributes through OneGate; the one that makes the machine ready comes last."""
    attributes = published(state.known, state.decision)
    done: dict[str, str] = {}
    problems: list[str] = []
    try:
        onegate = find_onegate(state.system, state.raw)
        state.log.secrets.add(onegate.token.reveal())
        for name, value in attributes.items():
            try:
                onegate.put(name, value, deadline.left(ATTEMPT_SECONDS))
                done[name] = value
            except NotReachedError:
                raise
            except OneGateError as error:
                problems.append(f"{name} not published: {error}")
    except OneGateError as error:
        left = ", ".join(name for name in attributes if name not in done)
        problems.append(f"{left} not published: {error}")
    state = evolve(state, published=done)
    said = "; ".join([*problems, *([" ".join(f"{name}={value}" for name, value in done.items())] if done else [])])
    why = codes.NOT_PUBLISHED.at("; ".join(problems)) if problems else None
    return StepOutcome(state, said, failed=why is not None, finding=why)


ACTIONS: dict[StepKind, Callable[[State, Deadline], StepOutcome]] = {
    StepKind.READ: load,
    StepKind.VALIDATE: judge,
    StepKind.FOLDERS: make_folders,
    StepKind.FILES: write_files,
    StepKind.DISCOVER: discover,
    StepKind.ENGINE: wait_for_engine,
    StepKind.GPU: detect,
    StepKind.PULL: choose_image,
    StepKind.START: start,
    StepKind.SETTLE: wait_until_running,
    StepKind.PUBLISH: publish,
}
"""The function for each kind of step."""
