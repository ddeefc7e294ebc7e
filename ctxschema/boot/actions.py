"""What each step of the boot does. A step takes the state of the boot and returns the next one; it changes none."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from ctxschema.boot.certificates import generated_certificates, given_certificates
from ctxschema.boot.docker import (
    CERTIFICATE_FOLDER,
    CONFIG_FOLDER,
    DCGM_NAME,
    GPU_IMAGE_SUFFIX,
    dcgm_sidecar,
    env_file_path,
    mounts,
    settings_text,
)
from ctxschema.boot.plan import boot_findings, decision_findings, is_supernode, plan_findings, published
from ctxschema.boot.state import Ended, State
from ctxschema.catalog.flower.base import FLOWER_VERSION
from ctxschema.catalog.flower.gpu import FL_GPU_ENABLED
from ctxschema.catalog.flower.monitoring import FL_DCGM_ENABLED
from ctxschema.catalog.flower.network import FL_EDGE_BACKOFF, FL_EDGE_MAX_BACKOFF, FL_SUPERLINK_ADDRESS
from ctxschema.catalog.flower.steps import ATTEMPT_SECONDS, DISCOVERY, FOLDER_MODE, OWNER, SECRET_MODE
from ctxschema.catalog.flower.tls import FL_TLS_ENABLED
from ctxschema.context.validate import validate
from ctxschema.core import codes
from ctxschema.core.finding import Finding, has_errors
from ctxschema.gpu.decision import NOT_REQUESTED, decide_gpu, fall_back
from ctxschema.gpu.facts import gpu_facts
from ctxschema.gpu.machine import Machine
from ctxschema.machine.onegate import NotReachedError, OneGateError, find_onegate
from ctxschema.machine.source import read_machine_context
from ctxschema.machine.system import Deadline

RESERVE_SECONDS = 10.0
"""What detection leaves of its step for the checks that follow it."""


def load(state: State, _deadline: Deadline) -> Ended:
    """Read the context, from where it was named or where contextualization leaves it."""
    raw, origin = read_machine_context(state.system, state.options.context)
    return Ended(evolve(state, raw=raw), f"{len(raw.values)} names from {origin}")


def judge(state: State, _deadline: Deadline) -> Ended:
    """Apply the defaults and judge every value."""
    result = validate(state.appliance, state.raw)
    findings = list(boot_findings(state.appliance, result.findings))
    if not has_errors(findings):
        findings.extend(plan_findings(state.appliance, result.values))
    requested = result.values.get(FL_GPU_ENABLED) is True
    # Until its own step has decided, and if that should fail, it is the CPU.
    decision = fall_back("the detection of the GPU did not end") if requested else NOT_REQUESTED
    if has_errors(findings):
        worst = sum(finding.severity is codes.STEP_FAILED.severity for finding in findings)
        errors = "1 error" if worst == 1 else f"{worst} errors"
        return Ended(state, f"{errors} in the context", tuple(findings), failed=True)
    given = sum(result.values.is_set(variable) for variable in state.appliance.variables)
    said = f"{len(result.values)} values, {given} of them given, the others defaults"
    return Ended(evolve(state, values=result.values, decision=decision), said, tuple(findings))


def make_folders(state: State, _deadline: Deadline) -> Ended:
    """Make the folders that are mounted, and the one of the env file."""
    state.system.make_folder(CONFIG_FOLDER, FOLDER_MODE, 0)
    folders = [mount.split(":")[0] for mount in mounts(state.appliance, state.values)]
    for folder in folders:
        state.system.make_folder(folder, FOLDER_MODE, OWNER)
    return Ended(state, f"{', '.join(folders) or 'no folder'} belong to {OWNER}:{OWNER}")


def write_files(state: State, _deadline: Deadline) -> Ended:
    """Write the env file and the certificates."""
    system, values = state.system, state.values
    path = env_file_path(state.appliance)
    system.write(path, settings_text(state.appliance, values), SECRET_MODE, 0)
    written = [path]
    certificates = given_certificates(values)
    if not is_supernode(state.appliance) and values[FL_TLS_ENABLED] and len(certificates) < 2:
        host = state.raw.values.get("ETH0_IP")
        certificates = generated_certificates(system, values, host.text if host else None)
    for name, text in certificates.items():
        system.write(f"{CERTIFICATE_FOLDER}/{name}", text.reveal(), SECRET_MODE, OWNER)
        written.append(f"{CERTIFICATE_FOLDER}/{name}")
    return Ended(evolve(state, certificates=certificates), f"wrote {', '.join(written)}")


def discover(state: State, _deadline: Deadline) -> Ended:
    """Take the address that was given, or ask OneGate for it until it knows."""
    given = state.values[FL_SUPERLINK_ADDRESS]
    if given:
        return Ended(evolve(state, address=given), f"{given}, as FL_SUPERLINK_ADDRESS says")
    try:
        onegate = find_onegate(state.system, state.raw)
    except OneGateError as error:
        return _no_superlink(state, str(error))
    backoff, longest = DISCOVERY[state.values[FL_EDGE_BACKOFF]], state.values[FL_EDGE_MAX_BACKOFF]
    attempt = 0
    while True:
        attempt += 1
        try:
            address = onegate.superlink(ATTEMPT_SECONDS)
            why = "no machine of the service has published a SuperLink that is ready"
        except OneGateError as error:
            address, why = None, str(error)
        if address:
            return Ended(evolve(state, address=address), f"{address}, by OneGate at attempt {attempt}")
        pause = backoff.pause(attempt, longest)
        if pause is None:
            return _no_superlink(state, f"{why}, at {attempt} attempts")
        state.log.line(f"attempt {attempt} to discover the SuperLink: {why}; again in {pause:g} seconds")
        state.system.sleep(pause)


def _no_superlink(state: State, why: str) -> Ended:
    message = f"no SuperLink was found: {why}"
    finding = codes.NO_SUPERLINK.at(message, variable=FL_SUPERLINK_ADDRESS.name)
    return Ended(state, message, failed=True, why=finding)


def wait_for_docker(state: State, deadline: Deadline) -> Ended:
    """Wait until the engine answers."""
    why = state.engine.wait(deadline)
    return Ended(state, why or "Docker answers", failed=why is not None)


def detect(state: State, deadline: Deadline) -> Ended:
    """Ask the machine for its GPUs where one was asked for, and decide."""
    if not state.decision.requested:
        return Ended(state, f"{FL_GPU_ENABLED.name} is not YES", skipped=True)
    share = deadline.left(float("inf")) / 5
    machine = Machine(state.system, most=share, attempts=2)
    facts = gpu_facts(machine)
    decision = decide_gpu(state.values, facts)
    state = evolve(state, gpus=facts.gpus, decision=decision)
    findings = tuple(decision_findings(decision, state.raw))
    if decision.use_gpu:
        names = ", ".join(f"{gpu.index} ({gpu.name})" for gpu in facts.gpus)
        return Ended(state, f"YES: {' '.join(decision.docker_flags)}; the machine has {names}", findings)
    why, *others = findings
    from ctxschema.gpu.run import boot_findings as check_findings  # of no use to a machine that has its GPU

    others.extend(check_findings(machine, deadline.left(RESERVE_SECONDS)))
    return Ended(state, f"NO: {decision.warning}: {decision.reason}", tuple(others), failed=True, why=why)


def choose_version(state: State, deadline: Deadline) -> Ended:
    """See to it that an image is there: the right one, one that will do, a pulled one, or that of another release."""
    engine, image = state.engine, state.plan().image
    if engine.has_image(image, deadline):
        return Ended(state, f"{image} is on the machine")
    if not state.decision.use_gpu and engine.has_image(image + GPU_IMAGE_SUFFIX, deadline):
        state = evolve(state, image=image + GPU_IMAGE_SUFFIX)
        return Ended(state, f"{state.image} is on the machine, and runs on a CPU as well")
    why = engine.pull(image, deadline)
    if why is None:
        return Ended(state, f"{image} was pulled")
    absent = f"{image} is not on the machine and cannot be pulled: {why}"
    if state.decision.use_gpu:
        plain = image.removesuffix(GPU_IMAGE_SUFFIX)
        if engine.has_image(plain, deadline):
            state = evolve(state, decision=fall_back(absent))
            why_not = next(iter(decision_findings(state.decision, state.raw)))
            return Ended(state, f"{absent}; going on with {plain} and the CPU", failed=True, why=why_not)
    return _another_release(state, absent, deadline)


def _another_release(state: State, absent: str, deadline: Deadline) -> Ended:
    """Take the newest release that is on the machine, with the GPU if its image can use one."""
    repository = state.plan().image.partition(":")[0]
    findings: tuple[Finding, ...] = ()
    message = f"{absent}, and no other release is there"
    for release, tags in state.engine.releases(repository, deadline).items():
        fit = [tag for tag in tags if tag.endswith(GPU_IMAGE_SUFFIX) == state.decision.use_gpu] or tags
        state = evolve(state, release=release, image=f"{repository}:{fit[0]}")
        if state.decision.use_gpu and not fit[0].endswith(GPU_IMAGE_SUFFIX):
            state = evolve(state, decision=fall_back(absent))
            findings = tuple(decision_findings(state.decision, state.raw))
        message = f"{absent}; going on with the release {release}, which is there"
        break
    where = state.raw.values.get(FLOWER_VERSION.name)
    why = codes.VERSION_FALLBACK.at(message, variable=FLOWER_VERSION.name, position=where.position if where else None)
    return Ended(state, message, findings, failed=True, why=why)


def start(state: State, deadline: Deadline) -> Ended:
    """Start the container, and once more without the GPU where it does not start with it."""
    planned = state.plan()
    state = evolve(state, container=planned)
    why = state.engine.run(planned, deadline)
    findings: tuple[Finding, ...] = ()
    if why and state.decision.use_gpu:
        state, why, findings = _without_gpu(state, why, deadline)
    if why:
        return Ended(state, f"{planned.name} did not start: {why}", findings, failed=True)
    findings += _sidecar(state, deadline)
    assert state.container is not None  # noqa: S101 - it was just started
    return Ended(state, f"{planned.name} was started from {state.container.image}", findings)


def _without_gpu(state: State, why: str, deadline: Deadline) -> tuple[State, str | None, tuple[Finding, ...]]:
    """Start the container without the GPU; return the state, why that failed, and what is to be said."""
    reason = f"the container does not run with a GPU: {why}"
    tried = state.plan().image
    plain = tried.removesuffix(GPU_IMAGE_SUFFIX)
    # Without a network the image with the GPU's programs may be the only one, and it runs on a CPU as well.
    image = plain if state.engine.has_image(plain, deadline) else tried
    state = evolve(state, decision=fall_back(reason), image=image)
    state = evolve(state, container=state.plan())
    assert state.container is not None  # noqa: S101 - it was just planned
    return state, state.engine.run(state.container, deadline), tuple(decision_findings(state.decision, state.raw))


def _sidecar(state: State, deadline: Deadline) -> tuple[Finding, ...]:
    """Start what exports the GPUs' metrics where they are wanted and used; remove that of an earlier boot elsewhere."""
    if not is_supernode(state.appliance):
        return ()
    if not (state.decision.use_gpu and state.values.get(FL_DCGM_ENABLED) is True):
        state.engine.remove(DCGM_NAME, deadline)
        return ()
    why = state.engine.run(dcgm_sidecar(), deadline)
    name = FL_DCGM_ENABLED.name
    return (codes.SIDECAR.at(f"{name}: the exporter did not start: {why}", variable=name),) if why else ()


def wait_until_running(state: State, deadline: Deadline) -> Ended:
    """Wait until the container stays up, and start it without the GPU where it does not stay up with it."""
    name = state.appliance.name
    # With a GPU, half of the time is kept for going on without it.
    first = Deadline.after(deadline.left(60.0) / 2) if state.decision.use_gpu else deadline
    why = state.engine.settle(name, first)
    findings: tuple[Finding, ...] = ()
    if why and state.decision.use_gpu:
        state, why, findings = _without_gpu(state, why, deadline)
        _sidecar(state, deadline)
        why = why or state.engine.settle(name, deadline)
    said = f"{name} does not stay up: {why}" if why else f"{name} is up"
    return Ended(state, said, findings, failed=why is not None)


def publish(state: State, deadline: Deadline) -> Ended:
    """Tell OneGate what runs here; that the machine is ready comes last, when everything else is there."""
    told = published(state.appliance, state.raw, state.values, state.decision, state.release)
    done: dict[str, str] = {}
    problems: list[str] = []
    try:
        onegate = find_onegate(state.system, state.raw)
        for name, value in sorted(told.items(), key=lambda pair: pair[0].endswith("READY")):
            try:
                onegate.put(name, value, deadline.left(ATTEMPT_SECONDS))
                done[name] = value
            except NotReachedError:
                raise
            except OneGateError as error:
                problems.append(f"{name} not published: {error}")
    except OneGateError as error:
        left = ", ".join(name for name in told if name not in done)
        problems.append(f"{left} not published: {error}")
    state = evolve(state, published=done)
    said = "; ".join([*problems, " ".join(f"{name}={value}" for name, value in done.items())]).rstrip("; ")
    why = codes.NOT_PUBLISHED.at("; ".join(problems)) if problems else None
    return Ended(state, said, failed=why is not None, why=why)


ACTIONS: dict[str, Callable[[State, Deadline], Ended]] = {
    "context": load,
    "validate": judge,
    "folders": make_folders,
    "files": write_files,
    "discover": discover,
    "docker": wait_for_docker,
    "gpu": detect,
    "version": choose_version,
    "start": start,
    "running": wait_until_running,
    "publish": publish,
}
"""What the agent does at each step of its own, by the step's id."""
