"""The options of a boot, its state, and the outcome of a step."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from ctxschema.boot.container import appliance_container, env_file_path, plan_container, with_discovered
from ctxschema.boot.container_plan import ContainerPlan
from ctxschema.boot.engine import Engine
from ctxschema.boot.known import Known, authority_fact, context_facts
from ctxschema.context.raw import RawContext
from ctxschema.context.values import Values
from ctxschema.core.finding import Finding
from ctxschema.core.secret import Secret
from ctxschema.gpu.decision import NOT_REQUESTED, GpuDecision
from ctxschema.gpu.smi import Gpu
from ctxschema.machine.log import Log
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance
from ctxschema.model.container import Container


@frozen
class Options:
    """The options of a boot.

    Args:
        context: The file that holds the context; if None, the places where contextualization leaves it are tried.
        hardened: Whether to drop the privileges that the declaration drops.
        check_gpu: Whether to run the GPU checks once the container runs with a GPU.
    """

    context: str | None = None
    hardened: bool = True
    check_gpu: bool = False


@frozen
class State:
    """The state of a boot.

    Attributes:
        discovered: The values that were looked up in the service, by the name of the variable.
        place: The facts about the machine's index in its role.
        release: The release that is used instead of the declared one, if that could not be had.
        image: The image that is used instead of the declared one, if that could not be had.
    """

    appliance: Appliance
    options: Options
    system: System
    log: Log
    raw: RawContext = field(factory=lambda: RawContext("mapping", {}))
    values: Values = field(factory=lambda: Values({}, {}))
    certificates: Mapping[str, Secret] = field(factory=dict, repr=False)
    discovered: Mapping[str, str] = field(factory=dict)
    place: Mapping[str, str] = field(factory=dict)
    gpus: tuple[Gpu, ...] = ()
    decision: GpuDecision = NOT_REQUESTED
    release: str | None = None
    image: str | None = None
    container: ContainerPlan | None = None
    published: Mapping[str, str] = field(factory=dict)

    @property
    def engine(self) -> Engine:
        """The Docker engine of the machine."""
        return Engine(self.system)

    @property
    def declared(self) -> Container:
        """The declaration of the container."""
        return appliance_container(self.appliance)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the containers: the appliance's own, and those that may stand beside it."""
        own = self.declared
        return (own.name or self.appliance.name, *(each.name for each in own.beside))

    @property
    def known(self) -> Known:
        """The values and facts that are known at this point of the boot."""
        values = with_discovered(self.values, self.discovered)
        release = self.declared.image.release
        if release is not None and self.release is not None:
            values = values.also({release.name: self.release})
        facts = {**context_facts(self.raw), **self.decision.facts, **self.place, **authority_fact(self.certificates)}
        return Known(self.appliance, values, facts)

    def plan(self) -> ContainerPlan:
        """Return the container, planned with what is known at this point."""
        return plan_container(
            self.known,
            self.decision,
            hardened=self.options.hardened,
            # Docker's client reads the file, so it needs the real path.
            env_file=self.system.real(env_file_path(self.appliance)),
            image=self.image,
        )


@frozen
class StepOutcome:
    """The outcome of a step.

    Args:
        state: The state for the next step.
        summary: What happened, in one line.
        findings: Further findings.
        failed: Whether the step failed; the step declares how severe that is.
        skipped: Whether there was nothing to do.
        finding: Why it failed, if one line does not say it all; its severity is replaced by the declared one.
    """

    state: State
    summary: str
    findings: tuple[Finding, ...] = ()
    failed: bool = False
    skipped: bool = False
    finding: Finding | None = None
