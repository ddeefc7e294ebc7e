"""One step of a machine's boot, as data: the agent runs it, documents print it, tests break it."""

from __future__ import annotations

import enum

from attrs import field, frozen

from ctxschema.core.finding import Severity


class Runner(enum.Enum):
    """Who carries out a step."""

    AGENT = "agent"
    """The boot agent of this package."""
    IMAGE = "image"
    """What the machine's image brings: OpenNebula's contextualization, and the units of systemd."""


class StepKind(enum.Enum):
    """What a step does. The boot agent knows how to do each kind from the declaration of the appliance alone."""

    IMAGE = "image"
    """Nothing of the agent's: the machine's image does it."""
    READ = "read"
    """Read what the machine was told."""
    VALIDATE = "validate"
    """Judge it and apply the defaults."""
    FOLDERS = "folders"
    """Make the folders that the container mounts."""
    FILES = "files"
    """Write the env file, the other files and the certificates."""
    DISCOVER = "discover"
    """Look up in the service what was left empty."""
    ENGINE = "engine"
    """Wait until Docker answers."""
    GPU = "gpu"
    """Decide between GPU and CPU."""
    PULL = "pull"
    """See to it that the image is on the machine."""
    START = "start"
    """Start the container, and those beside it."""
    SETTLE = "settle"
    """Wait until it stays up."""
    PUBLISH = "publish"
    """Tell the service what runs here."""


@frozen
class Step:
    """One step. It has no number of its own: that is its place in the sequence.

    Args:
        id: Its name in reports.
        title: What it is called.
        what: What happens, in a sentence.
        why: Why it is there, and stands where it stands.
        actions: What is done, in order.
        severity: How bad it is when it fails: an error stops the boot, after a warning it goes on.
        recovery: What the boot does when it fails, and what a person does.
        onegate: What it changes in OneGate; nothing if empty.
        seconds: How long it may take; None where a variable of the context decides, as ``why`` says.
        kind: What it does.
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
        """Who carries it out."""
        return Runner.IMAGE if self.kind is StepKind.IMAGE else Runner.AGENT

    @property
    def stops_boot(self) -> bool:
        """Whether the boot ends when it fails."""
        return self.severity is Severity.ERROR

    @property
    def deadline_in_words(self) -> str:
        """How long it may take, as a reader would put it."""
        return "as long as the context says" if self.seconds is None else f"{self.seconds:g} seconds"


@frozen
class Backoff:
    """The pauses between attempts.

    Args:
        first: The first pause, in seconds.
        factor: What each pause is multiplied by to give the next.
        attempts: How many attempts there are; no limit if None.
    """

    first: float
    factor: float = 1
    attempts: int | None = None

    def pause(self, attempt: int, longest: float) -> float | None:
        """Return the pause after an attempt, counted from 1, or None after the last one.

        Args:
            attempt: The attempt that failed.
            longest: What no pause exceeds, in seconds.
        """
        if self.attempts is not None and attempt >= self.attempts:
            return None
        # The exponent is bounded so that no number grows without end; every pause has met the cap long before.
        return float(min(self.first * self.factor ** min(attempt - 1, 64), max(longest, 1)))
