"""The declaration of a GPU check: what is looked at on the machine, the possible answers, and the repair for each.

A check is data. The code that looks at the machine is in ``ctxschema.gpu.checks``, in Python and again in bash. Both
only report which answer was found and its details; every text comes from the declaration.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from attrs import field, frozen

from ctxschema.core.finding import Severity

DOCUMENT = "docs/reference/gpu-passthrough.md"
"""The document in which every check has an anchor of its id."""

_CODE_MARK = "`"


class Layer(enum.Enum):
    """The machine that a check looks at."""

    HOST = "host"
    """The KVM host, before virtual machines with GPUs are deployed on it."""
    VM = "vm"
    """The virtual machine in which the containers run."""


class Status(enum.Enum):
    """How bad an answer is, the worst first. Only ``FAIL`` fails a validation."""

    FAIL = "fail"
    WARN = "warn"
    PASS = "pass"  # noqa: S105 - no password
    SKIP = "skip"

    @property
    def rank(self) -> int:
        """The place in the order of the members; 0 is the worst."""
        return list(Status).index(self)


def plain(text: str) -> str:
    """Return a text without Markdown's backticks."""
    return text.replace(_CODE_MARK, "")


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of the placeholders in a text, in order, without repetitions."""
    import string

    names = (name for _, name, _, _ in string.Formatter().parse(text) if name)
    return tuple(dict.fromkeys(names))


def in_general(text: str) -> str:
    """Return a text with ``<name>`` in place of each placeholder, for documents."""
    return text.format_map({name: f"<{name}>" for name in placeholders(text)})


@frozen
class Answer:
    """One possible answer of a check.

    Texts are Markdown, of which only backticks are used, with placeholders such as ``{path}`` for details.

    Args:
        name: Its name, unique within the check.
        status: How bad it is.
        message: What was found.
        fix: What repairs it.
    """

    name: str
    status: Status
    message: str
    fix: str = ""


@frozen
class Check:
    """One GPU check: a question to a machine, and its possible answers.

    Args:
        id: Its name in every output.
        layer: The machine that it looks at.
        question: The question; yes is the good answer.
        probe: What is looked at: files and programs.
        passes: When the answer is yes.
        answers: All possible answers.
        needs_container: Whether it starts a container.
    """

    id: str
    layer: Layer
    question: str
    probe: str
    passes: str
    answers: tuple[Answer, ...] = field(repr=False)
    needs_container: bool = False

    def answer(self, name: str) -> Answer:
        """Return the answer with a name, which must be one of `answers`."""
        return next(answer for answer in self.answers if answer.name == name)

    @property
    def severity(self) -> Severity:
        """The severity of the worst answer."""
        worst = min(answer.status.rank for answer in self.answers)
        return Severity.ERROR if worst == Status.FAIL.rank else Severity.WARNING

    @property
    def link(self) -> str:
        """The link to its section in `DOCUMENT`."""
        return f"{DOCUMENT}#{self.id}"


Details = Mapping[str, str]
