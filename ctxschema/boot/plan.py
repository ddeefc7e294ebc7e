"""The dry run of a boot: from a context to the command, without starting anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import evolve, field, frozen

from ctxschema.boot.container import appliance_container, plan_container, settings
from ctxschema.boot.container_plan import ContainerPlan
from ctxschema.boot.known import Known, authority_fact, context_facts
from ctxschema.boot.plan_findings import authority_findings, container_findings
from ctxschema.context.raw import RawContext
from ctxschema.context.validate import validate
from ctxschema.core import codes
from ctxschema.core.errors import UnknownNameError
from ctxschema.core.finding import Finding, Severity, has_errors
from ctxschema.core.source import Position
from ctxschema.gpu.decision import NOT_REQUESTED, GpuDecision, decide_gpu, requested
from ctxschema.gpu.facts import GpuFacts, detect_gpu
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance
from ctxschema.model.container import Container
from ctxschema.model.kinds import Shape
from ctxschema.model.variable import Variable


@frozen
class DryRun:
    """The result of a dry run.

    Attributes:
        container: The container that would be started; None if an error would stop the boot.
        decision: The decision between GPU and CPU.
        onegate: The attributes that would be published.
        findings: All findings.
        in_file: The environment variables that a boot writes into the env file, for which the command has ``-e``.
    """

    container: ContainerPlan | None
    decision: GpuDecision
    onegate: dict[str, str]
    findings: tuple[Finding, ...] = field(repr=False)
    in_file: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the machine would boot."""
        return self.container is not None

    @property
    def argv(self) -> list[str]:
        """The command from ``docker`` on; empty if an error would stop the boot."""
        return self.container.arguments() if self.container else []

    @property
    def env_file_note(self) -> str:
        """A sentence about the variables of the env file that stand in the command; empty if there are none."""
        if not self.in_file:
            return ""
        return f"A boot writes these into the env file, and the command here has -e instead: {', '.join(self.in_file)}."

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that are given to the container by ``-e``."""
        return {**self.container.environment, **self.decision.environment} if self.container else {}

    def as_dict(self) -> dict[str, Any]:
        """Return the stable JSON form; see ``docs/json.md``."""
        return {
            "ok": self.ok,
            "argv": self.argv,
            "env": self.environment,
            "gpu": self.decision.as_dict(),
            "onegate": self.onegate,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def dry_run(appliance: Appliance, raw: RawContext, detect: Callable[[], GpuFacts], *, hardened: bool = True) -> DryRun:
    """Work out from a context which command a boot would run.

    Args:
        appliance: An appliance with a container.
        raw: The context.
        detect: A function that returns the facts about GPUs; it is called only if a GPU is requested.
        hardened: Whether to drop the privileges that the declaration drops.

    Raises:
        UnknownNameError: The appliance is a service of several roles, or has no container.
    """
    container = bootable(appliance)
    result = validate(appliance, raw)
    values = result.values
    findings = list(boot_findings(appliance, result.findings))
    decision = decide_gpu(values, detect() if requested(values) else GpuFacts())
    findings.extend(decision_findings(decision, raw))
    known = Known(appliance, values, {**context_facts(raw), **decision.facts})
    if not has_errors(findings):
        findings.extend(plan_findings(known))
    if has_errors(findings):
        return DryRun(None, decision, {}, tuple(findings))
    for discover in container.discovers:
        if not values[discover.variable] and known.holds(discover.when):
            name = discover.variable.name
            lacking = "certificate" if discover.variable.kind.shape is Shape.ENCODED else "address"
            message = (
                f"no {lacking} of the {discover.role}: a boot discovers it through OneGate, and this command lacks it"
            )
            findings.append(codes.NO_ADDRESS.at(message, variable=name, repair=f"set {name} to see the whole command"))
    planned = plan_container(known, decision, hardened=hardened)
    if container.certificates is not None:
        from ctxschema.boot.certificates import given_certificates

        given = authority_fact(given_certificates(known, container.certificates))
        known = evolve(known, facts={**known.facts, **given})
    in_file = tuple(name for name in settings(known) if name in planned.environment)
    return DryRun(planned, decision, published(known, decision), tuple(findings), in_file)


def bootable(appliance: Appliance) -> Container:
    """Return the container of an appliance that is a single machine.

    Raises:
        UnknownNameError: The appliance is a service of several roles, or has no container.
    """
    if appliance.roles:
        family = appliance.name.rpartition("-")[0]
        roles = " or ".join(f"{family}-{role}" if family else role for role in appliance.roles)
        raise UnknownNameError(f"{appliance.name} is no single machine; boot {roles}")
    return appliance_container(appliance)


def published(known: Known, decision: GpuDecision) -> dict[str, str]:
    """Return the attributes that a machine publishes through OneGate once its container runs, in that order.

    The attribute that makes OneFlow consider the machine ready comes last.

    Args:
        known: The appliance, its values and the facts.
        decision: The decision between GPU and CPU.
    """
    found: dict[str, str] = {}
    entries = appliance_container(known.appliance).publishes
    for publish in sorted(entries, key=lambda entry: entry.opens_gate):
        if publish.opens_gate:
            found |= decision.onegate
        text = known.text(publish.text) if known.holds(publish.when) else None
        if text is not None:
            found[publish.name] = text
    return found | decision.onegate


def decision_findings(decision: GpuDecision, raw: RawContext) -> Iterable[Finding]:
    """Yield the findings about a decision between GPU and CPU."""
    request = decision.request
    if decision.warning:
        name = request.asked_by.name if request and request.asked_by else None
        code = codes.GPU_REQUIRED if decision.stops_boot else codes.GPU_FALLBACK
        where = _position(raw, request.asked_by if request else None)
        yield code.at(decision.warning, variable=name, position=where, repair=decision.reason or code.repair)
    if decision.notice and request and request.devices:
        name = request.devices.name
        yield codes.DEVICE_NOT_THERE.at(
            f"{name}: {decision.notice}", variable=name, position=_position(raw, request.devices)
        )


def plan_findings(known: Known) -> Iterable[Finding]:
    """Yield the findings about several values together: colliding mounts, keys that do not match certificates."""
    container = appliance_container(known.appliance)
    yield from container_findings(known, container)
    if container.certificates is not None:
        from ctxschema.boot.certificates import certificate_findings, given_certificates

        yield from certificate_findings(container.certificates, given_certificates(known, container.certificates))
        yield from authority_findings(known, container)


def _position(raw: RawContext, variable: Variable[Any] | None) -> Position | None:
    given = raw.given(variable) if variable is not None else None
    return given.position if given else None


def stopped(findings: Iterable[Finding]) -> DryRun:
    """Return a dry run that ended with findings before anything was planned."""
    return DryRun(None, NOT_REQUESTED, {}, tuple(findings))


_ABOUT_A_VALUE = {code.id for code in (codes.KIND, codes.LIMIT, codes.UNSAFE_VALUE, codes.CONTEXT_ENCODING)}


def boot_findings(appliance: Appliance, findings: Iterable[Finding]) -> Iterable[Finding]:
    """Yield findings with the severity that they have at boot: a wrong value of an optional feature is a warning.

    A malformed file stays an error, whichever variable the finding names.
    """
    for finding in findings:
        variable = appliance.by_name.get(finding.variable or "")
        if variable is not None and not variable.stops_boot and finding.code in _ABOUT_A_VALUE:
            yield evolve(finding, severity=max(finding.severity, Severity.WARNING, key=lambda each: each.rank))
        else:
            yield finding


def gpu_facts(answer: str, system: System) -> Callable[[], GpuFacts]:
    """Return a function that returns facts about GPUs: fixed ones for ``yes`` and ``no``, real ones for ``detect``."""
    if answer == "yes":
        return lambda: GpuFacts(driver_loaded=True, nvidia_smi=True)
    if answer == "no":
        return lambda: GpuFacts(reason="the dry run was told that there is no GPU")
    return lambda: detect_gpu(system)
