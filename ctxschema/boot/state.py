"""What a boot was asked for, where it has got to, and how one of its steps ended."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from ctxschema.boot.docker import Container, container, env_file_path
from ctxschema.boot.engine import Engine
from ctxschema.context.raw import RawContext
from ctxschema.context.values import Values
from ctxschema.core.finding import Finding
from ctxschema.core.secret import Secret
from ctxschema.gpu.decision import NOT_REQUESTED, GpuDecision
from ctxschema.gpu.smi import Gpu
from ctxschema.machine.log import Log
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance


@frozen
class Options:
    """What a boot was asked for.

    Args:
        context: The file that holds the context; looked for where contextualization leaves it if None.
        hardened: Whether the container is to lose its rights.
    """

    context: str | None = None
    hardened: bool = True


@frozen
class State:
    """Where a boot has got to.

    Attributes:
        release: The release of Flower that is used in place of FLOWER_VERSION, which is not there.
        image: The image that is used in place of the one that is not there.
    """

    appliance: Appliance
    options: Options
    system: System
    log: Log
    raw: RawContext = field(factory=lambda: RawContext("mapping", {}))
    values: Values = field(factory=lambda: Values({}, {}))
    certificates: Mapping[str, Secret] = field(factory=dict, repr=False)
    address: str | None = None
    gpus: tuple[Gpu, ...] = ()
    decision: GpuDecision = NOT_REQUESTED
    release: str | None = None
    image: str | None = None
    container: Container | None = None
    published: Mapping[str, str] = field(factory=dict)

    @property
    def engine(self) -> Engine:
        """Docker on this machine."""
        return Engine(self.system)

    def plan(self) -> Container:
        """Return the container as it would be started now."""
        planned = container(
            self.appliance,
            self.values,
            self.decision,
            superlink_address=self.address,
            hardened=self.options.hardened,
            # It is Docker's client that reads it, so it stands where it really stands.
            env_file=self.system.real(env_file_path(self.appliance)),
            release=self.release,
        )
        return evolve(planned, image=self.image) if self.image else planned


@frozen
class Ended:
    """How a step ended.

    Args:
        state: The state for the next step.
        said: What happened, in one line.
        findings: What somebody should look at.
        failed: Whether it failed; how bad that is stands in the declaration.
        skipped: Whether there was nothing to do.
        why: Why it failed, where there is more to say than one line; how bad that is stands in the declaration, too.
    """

    state: State
    said: str
    findings: tuple[Finding, ...] = ()
    failed: bool = False
    skipped: bool = False
    why: Finding | None = None
