"""A context as it was read: texts with their places, before anything is judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import field, frozen

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText
from ctxschema.model.variable import Variable

MOST_ENTRIES = 50_000
"""The most entries and findings that are read of one file; no real context comes near."""

_BLANK = re.compile(r"[ \t\r\n]*(?:\n|\Z)")
_COMMENT = re.compile(r"[ \t]*#")
_ENTRY_LINE = re.compile(r"^[ \t\r]*[^ \t\r\n#]", re.MULTILINE)


def skip(text: str, at: int) -> int:
    """Return the offset of the next line that is neither blank nor a comment, or of the end of the text.

    A single regular expression search skips any number of lines, so that a file of nothing but line ends costs no time.

    Args:
        text: The text.
        at: The offset of the beginning of a line.
    """
    if blank := _BLANK.match(text, at):
        at = blank.end()
    if _COMMENT.match(text, at):
        entry = _ENTRY_LINE.search(text, at)
        at = entry.start() if entry else len(text)
    return at


def too_many(source: SourceText, at: int) -> Finding:
    """Return the finding for a file of which nothing after the offset ``at`` is read."""
    message = f"{source.name} has more than {MOST_ENTRIES:,} entries and faults, and is read no further"
    return codes.CONTEXT_TOO_MANY.at(message, position=source.at(at))


@frozen
class RawValue:
    """The text of one variable. It may be a secret, so it is left out of ``repr``.

    Attributes:
        text: The text, or None if the entry is malformed.
        position: Where it stands.
    """

    text: str | None = field(repr=False)
    position: Position = field(repr=False)


@frozen
class RawContext:
    """Everything that a context sets.

    Attributes:
        format: How it was written: ``context.sh``, ``one_env``, ``environment`` or ``mapping``.
        values: The texts, by name.
        findings: What was malformed.
        broken: Whether it is no context that can be trusted at all; then it is not completed with defaults either.
    """

    format: str
    values: dict[str, RawValue] = field(repr=lambda values: f"<{len(values)} names>")
    findings: tuple[Finding, ...] = ()
    broken: bool = False

    def given(self, variable: Variable[Any]) -> RawValue | None:
        """Return what sets a variable: the entry of its own name, or of the first alias that has a text.

        A malformed entry counts as setting it, because its text is unknown.
        """
        found = (self.values.get(name) for name in variable.names)
        said = (value for value in found if value is not None and value.text != "")
        return next(said, self.values.get(variable.name))


@frozen
class Entry:
    """One entry of a context file, in the order of the file."""

    name: str
    text: str | None = field(repr=False)
    position: Position = field(repr=False)


def gather(entries: Iterable[Entry], *, repeats_allowed: bool) -> tuple[dict[str, RawValue], list[Finding]]:
    """Return the entries by name and findings about repeated names, of which the last counts, as in a shell.

    Args:
        entries: The entries that were read.
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
    """Yield findings about the characters of a context file: NUL, and carriage returns at line ends."""
    nul = source.text.find("\0")
    if nul >= 0:
        holder = next((e for e in entries if e.text is not None and "\0" in e.text), None)
        name = holder.name if holder else None
        message = f"a NUL in the value of {name}" if name else "a NUL in the file"
        yield codes.CONTEXT_NUL.at(message, variable=name, position=source.at(nul, nul + 1))
