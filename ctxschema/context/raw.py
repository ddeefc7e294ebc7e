"""A context as it was read: texts with their origins, nothing judged yet."""

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
"""No context has nearly so many; a file with more of them, or of faults, is read no further."""

_BLANK = re.compile(r"[ \t\r\n]*(?:\n|\Z)")
_COMMENT = re.compile(r"[ \t]*#")
_TOLD = re.compile(r"^[ \t\r]*[^ \t\r\n#]", re.MULTILINE)


def skip(text: str, at: int) -> int:
    """Return where the first line from an offset on begins that is neither blank nor a comment; the end without one.

    One search does for all of them: a file may be nothing but line ends.

    Args:
        text: The text.
        at: The beginning of a line.
    """
    if blank := _BLANK.match(text, at):
        at = blank.end()
    if _COMMENT.match(text, at):
        told = _TOLD.search(text, at)
        at = told.start() if told else len(text)
    return at


def too_many(source: SourceText, at: int) -> Finding:
    """Return the finding of a file that is read no further from an offset on."""
    message = f"{source.name} has more than {MOST_ENTRIES:,} entries and faults, and is read no further"
    return codes.CONTEXT_TOO_MANY.at(message, position=source.at(at))


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
        broken: Whether it was meant to be a context and nothing in it can be trusted. Defaults are no answer to that.
    """

    format: str
    values: dict[str, RawValue] = field(repr=lambda values: f"<{len(values)} names>")
    findings: tuple[Finding, ...] = ()
    broken: bool = False

    def given(self, variable: Variable[Any]) -> RawValue | None:
        """Return what was said of a variable: under its own name, or else under the first alias that says something.

        What could not be read counts as said, for nobody knows what it would have been.
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
