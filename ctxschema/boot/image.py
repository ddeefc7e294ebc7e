"""The step that makes sure an image is there: the declared one, another that fits, or that of another release."""

from __future__ import annotations

from attrs import evolve

from ctxschema.boot.container import image_name
from ctxschema.boot.plan import decision_findings
from ctxschema.boot.state import State, StepOutcome
from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.gpu.decision import fall_back
from ctxschema.machine.system import Deadline
from ctxschema.model.conditions import release_parts


def choose_image(state: State, deadline: Deadline) -> StepOutcome:
    """Choose an image: the declared one if it is on the machine or can be pulled, else that of another release."""
    engine, image, gpu = state.engine, state.plan().image, state.decision.use_gpu
    if engine.has_image(image, deadline):
        return StepOutcome(state, f"{image} is on the machine")
    other = image_name(state.known, state.declared, gpu=not gpu)
    if not gpu and other != image and engine.has_image(other, deadline):
        return StepOutcome(evolve(state, image=other), f"{other} is on the machine, and runs on a CPU as well")
    why = engine.pull(image, deadline)
    if why is None:
        return StepOutcome(state, f"{image} was pulled")
    absent = f"{image} is not on the machine and cannot be pulled: {why}"
    if gpu and other != image and not _needs_gpu(state) and engine.has_image(other, deadline):
        state = evolve(state, decision=fall_back(state.appliance.gpu, absent))
        why_not = next(iter(decision_findings(state.decision, state.raw)))
        return StepOutcome(state, f"{absent}; going on with {other} and the CPU", failed=True, finding=why_not)
    return _another_release(state, absent, deadline)


def _another_release(state: State, absent: str, deadline: Deadline) -> StepOutcome:
    """Choose the newest release on the machine; the GPU is used only if its image supports one."""
    image, variable, gpu = state.declared.image, state.declared.image.release, state.decision.use_gpu
    if variable is None:
        return StepOutcome(state, absent, failed=True)
    message = f"{absent}, and no other release is there"
    findings: tuple[Finding, ...] = ()
    tags = state.engine.tags(image.repository, deadline)
    # The newest release comes first, and among its tags the one that fits best.
    candidates = []
    for for_gpu in (gpu, not gpu):
        for tag in tags:
            release = image.release_of(tag, gpu=for_gpu)
            if release is not None:
                candidates.append((release_parts(release) or (), for_gpu == gpu, release, tag))
    for _, fits, release, tag in sorted(candidates, reverse=True):
        if gpu and not fits and _needs_gpu(state):
            continue
        state = evolve(state, release=release, image=f"{image.repository}:{tag}")
        if gpu and not fits:
            state = evolve(state, decision=fall_back(state.appliance.gpu, absent))
            findings = tuple(decision_findings(state.decision, state.raw))
        message = f"{absent}; going on with the release {release}, which is there"
        break
    where = state.raw.given(variable)
    repair = f"correct {variable.name}, or let the machine reach the registry"
    position = where.position if where else None
    why = codes.VERSION_FALLBACK.at(message, variable=variable.name, position=position, repair=repair)
    return StepOutcome(state, message, findings, failed=True, finding=why)


def _needs_gpu(state: State) -> bool:
    return state.appliance.gpu is not None and state.appliance.gpu.required
