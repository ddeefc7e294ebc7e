"""A boot from context to command, without starting anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import evolve, field, frozen

from ctxschema.boot.container import ContainerPlan, appliance_container, plan_container
from ctxschema.boot.known import Known, authority_fact, told_facts
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
    """What a boot would do.

    Attributes:
        container: What would be started; None where an error stops the boot.
        decision: GPU or CPU.
        onegate: What would be published.
        findings: Everything that somebody should look at.
    """

    container: ContainerPlan | None
    decision: GpuDecision
    onegate: dict[str, str]
    findings: tuple[Finding, ...] = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the machine would boot."""
        return self.container is not None

    @property
    def argv(self) -> list[str]:
        """The command from ``docker`` on; empty where an error stops the boot."""
        return self.container.arguments() if self.container else []

    @property
    def environment(self) -> dict[str, str]:
        """What is set in the container, by ``-e``."""
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
    """Go from a context to the command that a boot would run.

    Args:
        appliance: One with a container.
        raw: What the machine was told.
        detect: Says what is known of its GPUs; asked only where a GPU was requested.
        hardened: Whether the container is to lose its rights.

    Raises:
        UnknownNameError: The appliance is no single machine, or has no container.
    """
    container = bootable(appliance)
    result = validate(appliance, raw)
    values = result.values
    findings = list(boot_findings(appliance, result.findings))
    decision = decide_gpu(values, detect() if requested(values) else GpuFacts())
    findings.extend(decision_findings(decision, raw))
    known = Known(appliance, values, {**told_facts(raw), **decision.facts})
    if not has_errors(findings):
        findings.extend(plan_findings(known))
    if has_errors(findings):
        return DryRun(None, decision, {}, tuple(findings))
    for discover in container.discovers:
        if not values[discover.variable] and known.holds(discover.when):
            name = discover.variable.name
            lacking = "certificate" if discover.variable.kind.shape is Shape.ENCODED else "address"
            message = (
                f"no {lacking} of a {discover.role}: a boot discovers it through OneGate, and this command lacks it"
            )
            findings.append(codes.NO_ADDRESS.at(message, variable=name, repair=f"set {name} to see the whole command"))
    planned = plan_container(known, decision, hardened=hardened)
    if container.certificates is not None:
        from ctxschema.boot.certificates import given_certificates

        given = authority_fact(given_certificates(known, container.certificates))
        known = evolve(known, facts={**known.facts, **given})
    return DryRun(planned, decision, published(known, decision), tuple(findings))


def bootable(appliance: Appliance) -> Container:
    """Return the container of a machine; refuse to boot a service, which is several machines.

    Raises:
        UnknownNameError: The appliance is no single role, or has no container.
    """
    if appliance.roles:
        family = appliance.name.rpartition("-")[0]
        roles = " or ".join(f"{family}-{role}" if family else role for role in appliance.roles)
        raise UnknownNameError(f"{appliance.name} is no single machine; boot {roles}")
    return appliance_container(appliance)


def published(known: Known, decision: GpuDecision) -> dict[str, str]:
    """Return what a machine publishes to OneGate once its container runs, in that order.

    What makes OneFlow take it for ready comes last, when everything else is there.

    Args:
        known: The appliance, its values and the facts.
        decision: GPU or CPU.
    """
    found: dict[str, str] = {}
    entries = appliance_container(known.appliance).publishes
    for publish in sorted(entries, key=lambda entry: entry.opens_gate):
        if publish.opens_gate:
            found |= decision.onegate
        text = known.text(publish.text) if known.holds(publish.when) else None
        if text is not None:
            found[publish.name] = text
    return {**found, **decision.onegate} if not decision.onegate.keys() <= found.keys() else found


def decision_findings(decision: GpuDecision, raw: RawContext) -> Iterable[Finding]:
    """Yield what somebody should know of a decision."""
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
    """Yield what is wrong across values: mounts that collide, certificates and keys that do not fit."""
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
    """Return a boot that went no further than its findings."""
    return DryRun(None, NOT_REQUESTED, {}, tuple(findings))


_ABOUT_A_VALUE = {code.id for code in (codes.KIND, codes.LIMIT, codes.UNSAFE_VALUE, codes.CONTEXT_ENCODING)}


def boot_findings(appliance: Appliance, findings: Iterable[Finding]) -> Iterable[Finding]:
    """Yield findings as a boot sees them: a wrong value of what can be done without stops nothing.

    A file that is itself broken does stop it, whatever variable the fault was met at.
    """
    for finding in findings:
        variable = appliance.by_name.get(finding.variable or "")
        if variable is not None and not variable.stops_boot and finding.code in _ABOUT_A_VALUE:
            yield evolve(finding, severity=max(finding.severity, Severity.WARNING, key=lambda each: each.rank))
        else:
            yield finding


def gpu_facts(answer: str, system: System) -> Callable[[], GpuFacts]:
    """Return what tells the facts: those of ``yes`` or ``no``, or of a machine for ``detect``."""
    if answer == "yes":
        return lambda: GpuFacts(driver_loaded=True, nvidia_smi=True)
    if answer == "no":
        return lambda: GpuFacts(reason="the dry run was told that there is no GPU")
    return lambda: detect_gpu(system)
