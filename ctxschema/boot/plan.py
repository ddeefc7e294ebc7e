"""A boot from context to command, without starting anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from attrs import evolve, field, frozen

from ctxschema.boot.docker import Container, container, mounts
from ctxschema.boot.flower_command import EVERY_ADDRESS, EVERY_IPV6_ADDRESS
from ctxschema.catalog.flower.base import FLOWER_VERSION
from ctxschema.catalog.flower.gpu import FL_CUDA_VISIBLE_DEVICES, FL_GPU_ENABLED
from ctxschema.catalog.flower.network import FL_FLEET_API_ADDRESS, FL_SUPERLINK_ADDRESS
from ctxschema.catalog.flower.tls import FL_TLS_ENABLED
from ctxschema.context.raw import RawContext
from ctxschema.context.validate import validate
from ctxschema.context.values import Values
from ctxschema.core import codes
from ctxschema.core.errors import UnknownNameError
from ctxschema.core.finding import Finding, Severity, has_errors
from ctxschema.core.source import Position
from ctxschema.gpu.decision import NOT_REQUESTED, GpuDecision, decide_gpu
from ctxschema.gpu.facts import GpuFacts, detect_gpu
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance


@frozen
class DryRun:
    """What a boot would do.

    Attributes:
        container: What would be started; None where an error stops the boot.
        decision: GPU or CPU.
        onegate: What would be published.
        findings: Everything that somebody should look at.
    """

    container: Container | None
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
        appliance: ``flower-supernode`` or ``flower-superlink``.
        raw: What the machine was told.
        detect: Says what is known of its GPUs; asked only where a GPU was requested.
        hardened: Whether the container is to lose its rights.

    Raises:
        UnknownNameError: The appliance is no single role.
    """
    single_role(appliance)
    result = validate(appliance, raw)
    values = result.values
    findings = list(boot_findings(appliance, result.findings))
    requested = values.get(FL_GPU_ENABLED) is True
    decision = decide_gpu(values, detect()) if requested else NOT_REQUESTED
    findings.extend(decision_findings(decision, raw))
    if not has_errors(findings):
        findings.extend(plan_findings(appliance, values))
    if has_errors(findings):
        return DryRun(None, decision, {}, tuple(findings))
    if is_supernode(appliance) and not values[FL_SUPERLINK_ADDRESS]:
        message = "no address of a SuperLink: a boot discovers it through OneGate, and this command lacks it"
        findings.append(codes.NO_ADDRESS.at(message, variable=FL_SUPERLINK_ADDRESS.name))
    planned = container(appliance, values, decision, hardened=hardened)
    return DryRun(planned, decision, published(appliance, raw, values, decision), tuple(findings))


def single_role(appliance: Appliance) -> None:
    """Refuse to boot a service, which is several machines.

    Raises:
        UnknownNameError: The appliance is no single role.
    """
    if appliance.roles:
        roles = " or ".join(f"flower-{role}" for role in appliance.roles)
        raise UnknownNameError(f"{appliance.name} is no single machine; boot {roles}")


def is_supernode(appliance: Appliance) -> bool:
    """Say whether the machine looks for a SuperLink rather than being one."""
    return FL_SUPERLINK_ADDRESS.name in appliance.by_name


def published(
    appliance: Appliance, raw: RawContext, values: Values, decision: GpuDecision, release: str | None = None
) -> dict[str, str]:
    """Return what a machine publishes to OneGate once its container runs.

    Args:
        appliance: Which machine it is.
        raw: What it was told.
        values: The same, judged.
        decision: GPU or CPU.
        release: The release of Flower that really runs, if it is not FLOWER_VERSION.
    """
    version = {"FL_VERSION": release or values[FLOWER_VERSION]}
    if is_supernode(appliance):
        return {"FL_NODE_READY": "YES", **_known("FL_NODE_ID", _given(raw, "VMID")), **version, **decision.onegate}
    endpoint = _endpoint(raw, values[FL_FLEET_API_ADDRESS])
    return {"FL_READY": "YES", **_known("FL_ENDPOINT", endpoint), **version, "FL_ROLE": "superlink"}


def decision_findings(decision: GpuDecision, raw: RawContext) -> Iterable[Finding]:
    """Yield what somebody should know of a decision."""
    if decision.warning:
        repair = decision.reason or codes.GPU_FALLBACK.repair
        where = _position(raw, FL_GPU_ENABLED.name)
        yield codes.GPU_FALLBACK.at(decision.warning, variable=FL_GPU_ENABLED.name, position=where, repair=repair)
    if decision.notice:
        name = FL_CUDA_VISIBLE_DEVICES.name
        yield codes.DEVICE_NOT_THERE.at(f"{name}: {decision.notice}", variable=name, position=_position(raw, name))


def plan_findings(appliance: Appliance, values: Values) -> Iterable[Finding]:
    """Yield what is wrong across values: mounts that collide, certificates and keys that do not fit."""
    yield from _mount_findings(mounts(appliance, values))
    if values.get(FL_TLS_ENABLED) is True:
        from ctxschema.boot.certificates import certificate_findings, given_certificates

        yield from certificate_findings(given_certificates(values))


def _position(raw: RawContext, name: str) -> Position | None:
    given = raw.values.get(name)
    return given.position if given else None


def _mount_findings(planned: Iterable[str]) -> Iterable[Finding]:
    """Find folders of the machine that would be mounted over one another."""
    seen: dict[str, str] = {}
    for mount in planned:
        folder, inside, _ = mount.split(":")
        inside = inside.rstrip("/")
        if inside in seen:
            message = f"{folder} and {seen[inside]} would both be mounted at {inside}"
            yield codes.MOUNT.at(message)
        seen[inside] = folder


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


def _given(raw: RawContext, name: str) -> str | None:
    value = raw.values.get(name)
    return value.text if value else None


def _known(name: str, value: str | None) -> dict[str, str]:
    return {name: value} if value else {}


def _endpoint(raw: RawContext, address: str) -> str | None:
    host, _, port = address.rpartition(":")
    if host in {EVERY_ADDRESS, EVERY_IPV6_ADDRESS}:
        host = _given(raw, "ETH0_IP") or ""
    return f"{host}:{port}" if host else None


def gpu_facts(answer: str, system: System) -> Callable[[], GpuFacts]:
    """Return what tells the facts: those of ``yes`` or ``no``, or of a machine for ``detect``."""
    if answer == "yes":
        return lambda: GpuFacts(driver_loaded=True, nvidia_smi=True)
    if answer == "no":
        return lambda: GpuFacts(reason="the dry run was told that there is no GPU")
    return lambda: detect_gpu(system)
