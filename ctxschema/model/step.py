"""One step of a machine's boot, as data that the agent runs and documents list."""

from __future__ import annotations

import enum

from attrs import field, frozen

from ctxschema.core.finding import Severity


class Runner(enum.Enum):
    """What carries out a step."""

    AGENT = "agent"
    """The boot agent of this package."""
    IMAGE = "image"
    """The machine's image: OpenNebula's contextualization and the units of systemd."""


class StepKind(enum.Enum):
    """What a step does. The boot agent carries out each kind from the appliance's declaration alone."""

    IMAGE = "image"
    """Done by the machine's image; the agent does nothing."""
    READ = "read"
    """Read the context."""
    VALIDATE = "validate"
    """Judge the context and apply the defaults."""
    FOLDERS = "folders"
    """Create the folders that the container mounts."""
    FILES = "files"
    """Write the env file, the other files and the certificates."""
    DISCOVER = "discover"
    """Look up through OneGate what the context left empty."""
    ENGINE = "engine"
    """Wait until Docker answers."""
    GPU = "gpu"
    """Decide between GPU and CPU."""
    PULL = "pull"
    """Make sure that the image is on the machine."""
    START = "start"
    """Start the container, and those beside it."""
    SETTLE = "settle"
    """Wait until the container has stayed up long enough to count as running."""
    PUBLISH = "publish"
    """Publish the attributes through OneGate."""


@frozen
class Step:
    """One step of a boot. Its number is its place in the sequence.

    Args:
        id: Its name in reports and on the command line.
        title: Its title.
        what: What happens, in one sentence.
        why: Why the step exists, and why it comes at this place.
        actions: What is done, in order.
        severity: How bad its failure is: an error ends the boot, after a warning the boot goes on.
        recovery: What the boot does when the step fails, and what a person should do.
        onegate: What it changes in OneGate; nothing if empty.
        seconds: Its time limit; None where a variable of the context sets it, as ``why`` explains.
        kind: What the agent does for it.
    """

    id: str
    title: str
    what: str
    why: str
    actions: tuple[str, ...]
    severity: Severity
    recovery: str
    onegate: str = ""
    seconds: float | None = None
    kind: StepKind = field(kw_only=True)

    @property
    def runner(self) -> Runner:
        """What carries it out."""
        return Runner.IMAGE if self.kind is StepKind.IMAGE else Runner.AGENT

    @property
    def stops_boot(self) -> bool:
        """Whether its failure ends the boot."""
        return self.severity is Severity.ERROR

    @property
    def deadline_in_words(self) -> str:
        """Its time limit in words."""
        return "as long as the context says" if self.seconds is None else f"{self.seconds:g} seconds"


@frozen
class Backoff:
    """Pauses between attempts that grow by a factor.

    Args:
        first: The first pause, in seconds.
        factor: The factor by which each pause is multiplied to give the next.
        attempts: The number of attempts; no limit if None.
    """

    first: float
    factor: float = 1
    attempts: int | None = None

    def pause(self, attempt: int, longest: float) -> float | None:
        """Return the pause after a failed attempt, in seconds, or None if it was the last.

        Args:
            attempt: The number of the attempt that failed, from 1.
            longest: The longest pause, in seconds; at least one second is used.
        """
        if self.attempts is not None and attempt >= self.attempts:
            return None
        # The exponent has a bound so that the number cannot overflow; every pause reaches the longest well before it.
        return float(min(self.first * self.factor ** min(attempt - 1, 64), max(longest, 1)))
