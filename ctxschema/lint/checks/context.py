"""CONTEXT: what it refers to, and what its dollars do. Sources: opennebula.md sections 1.1, 1.2 and 5.2."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.names import Suggestions
from ctxschema.core.secret import quoted
from ctxschema.grammar.references import SEPARATOR, Fault, Reference, references
from ctxschema.lint.checks.capacity import CAPACITY
from ctxschema.lint.checks.names import SPECIAL
from ctxschema.lint.document import Entry, Section

_VECTORS = ("NETWORK", "IMAGE", "USER")
_ADDED = ("SERVICE_ID", "ROLE_NAME", "VMID")
_SCRIPTS = ("START_SCRIPT", "READY_SCRIPT")
_FILES = "FILES_DS"
"""Taken out of CONTEXT before its references are resolved; it has a grammar of its own: $FILE[IMAGE_ID=7]."""


def context(section: Section) -> Iterator[Finding]:
    """Yield what is wrong with the references of CONTEXT."""
    judge = _Judge(section)
    for entry in section.context or ():
        for reference in references(entry.value.text) if entry.key != _FILES else ():
            yield from judge.reference(entry, reference)
        yield from _separator(entry)
    for each in section.inputs:
        yield from _separator(Entry(each.name, each.name_position, each.definition.source))
    # A block of inputs alone is a piece of a template, and its CONTEXT stands elsewhere.
    if section.context is not None or section.attributes:
        yield from judge.not_used()


def _separator(entry: Entry) -> Iterator[Finding]:
    at = entry.value.text.find(SEPARATOR)
    if at >= 0:
        message = f"{entry.key} holds {SEPARATOR}, which ends the value and begins another variable"
        where = entry.value.at(at, at + len(SEPARATOR))
        yield codes.CONTEXT_SEPARATOR.at(message, variable=entry.key, position=where)


class _Judge:
    def __init__(self, section: Section) -> None:
        self.section = section
        self.inputs = {each.key: each for each in section.inputs}
        self.known = {*self.inputs, *section.attributes, *SPECIAL, *_ADDED}
        self.vectors = {*section.attributes, *_VECTORS}
        self.near = Suggestions(self.inputs)
        self.referred: set[str] = set()

    def reference(self, entry: Entry, reference: Reference) -> Iterator[Finding]:
        self.referred.add(reference.name)
        where, key, text = entry.value.span(reference.span), entry.key, entry.value.text
        if reference.fault is Fault.LITERAL:
            message = f"no name follows the dollar in {quoted(reference.text)}"
            repair = codes.CONTEXT_DOLLAR.repair
            if text[reference.span.start + 1 : reference.span.start + 2] == "{":
                repair = "write $NAME without braces, with a blank or a point behind it"
            if key in _SCRIPTS:
                repair = f"use {key}_BASE64"
            yield codes.CONTEXT_DOLLAR.at(message, variable=key, position=where, repair=repair)
        elif reference.fault is Fault.SUPPRESSED:
            message = f"{quoted(reference.text)} keeps its backslash in the value"
            yield codes.CONTEXT_BACKSLASH.at(message, variable=key, position=where)
        elif reference.fault is not None:
            behind = quoted(text[reference.span.end : reference.span.end + 1])
            message = f"{behind} right behind {reference.text}"
            yield codes.REFERENCE_TERMINATOR.at(message, variable=key, position=where)
        elif reference.name not in (self.known if reference.attribute is None else self.vectors):
            if not self.fed_from_outside(entry, reference):
                yield self.undefined(entry, reference)
        elif reference.span.start == 0 and self.inputs and text[1:] not in self.inputs:
            message = f"Sunstone drops {key}, because {quoted(text)} is not the name of an input"
            yield codes.REFERENCE_DROPPED.at(message, variable=key, position=where)

    def fed_from_outside(self, entry: Entry, reference: Reference) -> bool:
        """Say whether a service may send the value: it writes its inputs under their own names into its roles."""
        own_name = reference.attribute is None and entry.value.text.strip().upper() == f"${entry.key}"
        alone = not self.inputs and not self.section.attributes  # a piece, whose template stands elsewhere
        of_a_role = self.section.entry and not self.inputs
        return alone or of_a_role or (own_name and not self.near(reference.name))

    def undefined(self, entry: Entry, reference: Reference) -> Finding:
        where = entry.value.span(reference.span)
        if entry.key in _SCRIPTS:
            message = f"{reference.text} is taken for a reference, and becomes nothing"
            return codes.CONTEXT_SHELL_VARIABLE.at(message, variable=entry.key, position=where)
        message = f"{reference.text} refers to nothing that the template defines{self.near(reference.name)}"
        # Without inputs the template is one of a service, most likely, and the service sends the values.
        severity = None if self.inputs else Severity.INFO
        return codes.REFERENCE_UNDEFINED.at(message, variable=entry.key, position=where, severity=severity)

    def not_used(self) -> Iterator[Finding]:
        for name, each in self.inputs.items():
            if name not in self.referred and name not in CAPACITY:
                message = f"no entry of CONTEXT refers to {name}"
                repair = f'write {name} = "${name}" in CONTEXT'
                yield codes.INPUT_NOT_USED.at(message, variable=name, position=each.name_position, repair=repair)
