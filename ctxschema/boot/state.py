"""What a boot was asked for, where it has got to, and how one of its steps ended."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from ctxschema.boot.container import ContainerPlan, appliance_container, env_file_path, plan_container, with_discovered
from ctxschema.boot.engine import Engine
from ctxschema.boot.known import Known, authority_fact, told_facts
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
    """What a boot was asked for.

    Args:
        context: The file that holds the context; looked for where contextualization leaves it if None.
        hardened: Whether the container is to lose its rights.
        check_gpu: Whether the checks of the GPU are to be made once the container runs with it.
    """

    context: str | None = None
    hardened: bool = True
    check_gpu: bool = False


@frozen
class State:
    """Where a boot has got to.

    Attributes:
        discovered: What was looked up in the service, by the name of the variable that it is the value of.
        place: The facts about the place of the machine in its service.
        release: The release that is used in place of the declared one, which is not there.
        image: The image that is used in place of the one that is not there.
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
        """Docker on this machine."""
        return Engine(self.system)

    @property
    def declared(self) -> Container:
        """The container as it is declared."""
        return appliance_container(self.appliance)

    @property
    def known(self) -> Known:
        """What texts and conditions of the declaration are filled with and judged by now."""
        values = with_discovered(self.values, self.discovered)
        release = self.declared.image.release
        if release is not None and self.release is not None:
            values = values.also({release.name: self.release})
        facts = {**told_facts(self.raw), **self.decision.facts, **self.place, **authority_fact(self.certificates)}
        return Known(self.appliance, values, facts)

    def plan(self) -> ContainerPlan:
        """Return the container as it would be started now."""
        return plan_container(
            self.known,
            self.decision,
            hardened=self.options.hardened,
            # It is Docker's client that reads it, so it stands where it really stands.
            env_file=self.system.real(env_file_path(self.appliance)),
            image=self.image,
        )


@frozen
class StepOutcome:
    """How a step ended.

    Args:
        state: The state for the next step.
        summary: What happened, in one line.
        findings: What somebody should look at.
        failed: Whether it failed; how bad that is stands in the declaration.
        skipped: Whether there was nothing to do.
        finding: Why it failed, where there is more to say than one line; its severity stands in the declaration, too.
    """

    state: State
    summary: str
    findings: tuple[Finding, ...] = ()
    failed: bool = False
    skipped: bool = False
    finding: Finding | None = None
