"""Questions to a machine about its GPUs: what is looked at, which answers there are, and what repairs each.

A check is data. What looks at the machine stands under ``ctxschema.gpu``, once in Python and once in bash;
either only says which answer it came to and with which details, and takes every text from here.
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
    """Which machine is asked."""

    HOST = "host"
    """The KVM host, before virtual machines with GPUs are deployed on it."""
    VM = "vm"
    """The virtual machine in which the containers run."""


class Status(enum.Enum):
    """How an answer is to be taken; only ``FAIL`` fails a validation. The worst comes first."""

    FAIL = "fail"
    WARN = "warn"
    PASS = "pass"  # noqa: S105 - no password
    SKIP = "skip"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Status).index(self)


def plain(text: str) -> str:
    """Return a text without the marks that set code apart in Markdown."""
    return text.replace(_CODE_MARK, "")


def placeholders(text: str) -> tuple[str, ...]:
    """Return the names of the details that a text has room for, in order, each once."""
    import string

    names = (name for _, name, _, _ in string.Formatter().parse(text) if name)
    return tuple(dict.fromkeys(names))


def in_general(text: str) -> str:
    """Return a text with ``<name>`` in place of each detail."""
    return text.format_map({name: f"<{name}>" for name in placeholders(text)})


@frozen
class Answer:
    """One way in which a check comes out.

    Texts are Markdown with nothing but code marks in it, and have room for details in braces.

    Args:
        name: What it is called within its check.
        status: How it is to be taken.
        message: What was found.
        fix: What repairs it.
    """

    name: str
    status: Status
    message: str
    fix: str = ""


@frozen
class Check:
    """One question to a machine.

    Args:
        id: What it is called in every output.
        layer: Which machine is asked.
        question: The question, to be answered by yes.
        probe: What is looked at.
        passes: What the answer yes rests on.
        answers: Every answer that there is.
        needs_container: Whether a container is started for it.
    """

    id: str
    layer: Layer
    question: str
    probe: str
    passes: str
    answers: tuple[Answer, ...] = field(repr=False)
    needs_container: bool = False

    def answer(self, name: str) -> Answer:
        """Return the answer of a name; there is always one."""
        return next(answer for answer in self.answers if answer.name == name)

    @property
    def severity(self) -> Severity:
        """How bad it is at worst if the answer is no."""
        worst = min(answer.status.rank for answer in self.answers)
        return Severity.ERROR if worst == Status.FAIL.rank else Severity.WARNING

    @property
    def link(self) -> str:
        """Where the documents tell more."""
        return f"{DOCUMENT}#{self.id}"


Details = Mapping[str, str]
