"""A context as it was read: texts with their origins, nothing judged yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import field, frozen

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText


@frozen
class RawValue:
    """The text of one variable. Any may be a secret, so none is ever part of a representation.

    Attributes:
        text: The characters, or None where the entry was there and could not be read.
        position: Where it stood.
    """

    text: str | None = field(repr=False)
    position: Position = field(repr=False)


@frozen
class RawContext:
    """Everything that a machine was told.

    Attributes:
        format: How it was written: ``context.sh``, ``one_env``, ``environment`` or ``mapping``.
        values: Name to text.
        findings: What was wrong with the writing.
    """

    format: str
    values: dict[str, RawValue] = field(repr=lambda values: f"<{len(values)} names>")
    findings: tuple[Finding, ...] = ()


@frozen
class Entry:
    """One entry of a context file, in the order of the file."""

    name: str
    text: str | None = field(repr=False)
    position: Position = field(repr=False)


def gather(entries: Iterable[Entry], *, repeats_allowed: bool) -> tuple[dict[str, RawValue], list[Finding]]:
    """Make a dictionary of entries; of a name that stands twice the last counts, as for the shell.

    Args:
        entries: What was read.
        repeats_allowed: Whether the format itself repeats a name with the same value.
    """
    values: dict[str, RawValue] = {}
    findings = []
    for entry in entries:
        before = values.get(entry.name)
        if before is not None and not (repeats_allowed and before.text == entry.text):
            message = f"{entry.name} stands here again; it stood at {before.position} already"
            findings.append(codes.CONTEXT_DUPLICATE.at(message, variable=entry.name, position=entry.position))
        values[entry.name] = RawValue(entry.text, entry.position)
    return values, findings


def character_findings(source: SourceText, entries: Iterable[Entry]) -> Iterator[Finding]:
    """Yield what is wrong with the characters of a context file: NUL, and line ends with carriage returns."""
    nul = source.text.find("\0")
    if nul >= 0:
        holder = next((e for e in entries if e.text is not None and "\0" in e.text), None)
        name = holder.name if holder else None
        message = f"a NUL in the value of {name}" if name else "a NUL in the file"
        yield codes.CONTEXT_NUL.at(message, variable=name, position=source.at(nul, nul + 1))
