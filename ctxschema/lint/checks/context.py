"""Checks of CONTEXT: its references and dollar signs. Sources: docs/facts/opennebula.md, sections 1.1, 1.2 and 5.2."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.names import Suggestions, nearest
from ctxschema.core.secret import quoted
from ctxschema.grammar.references import SEPARATOR, SPECIAL, Fault, Reference, references
from ctxschema.lint.checks.capacity import CAPACITY
from ctxschema.lint.document import Entry, Section

_VECTORS = ("NETWORK", "IMAGE", "USER", "NIC", "NIC_ALIAS", "DISK", "PCI", "GRAPHICS")
"""The vectors that a machine has, or may get when it is instantiated, whatever its template says."""

ADDED = ("SERVICE_ID", "ROLE_NAME", "VMID")
"""The names that the server and OneFlow add to a machine of a service."""

_SCRIPTS = ("START_SCRIPT", "READY_SCRIPT")
_NEARLY = 0.85
"""The similarity from which a name is taken for a misspelling of another."""

FILES = "FILES_DS"
"""The entry that is removed from CONTEXT before references are resolved; its syntax is its own: $FILE[IMAGE_ID=7]."""


def context(section: Section) -> Iterator[Finding]:
    """Yield the findings about the references in CONTEXT."""
    judge = _Judge(section)
    for entry in section.context or ():
        yield from judge.entry(entry)
        yield from _separator(entry)
    for each in section.inputs:
        yield from _separator(Entry(each.name, each.name_position, each.definition.source))
    # A block of only inputs is a fragment of a template, whose CONTEXT is elsewhere.
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
        self.known = {*self.inputs, *section.attributes, *SPECIAL, *ADDED}
        self.vectors = {*section.attributes, *_VECTORS}
        self.near = Suggestions(self.inputs)
        self.written = {each.name for entry in section.context or () for each in references(entry.value.text)}
        self.referred: set[str] = set()

    def entry(self, entry: Entry) -> Iterator[Finding]:
        found = list(references(entry.value.text)) if entry.key != FILES else []
        impossible = [each for each in found if each.fault is None and each.name[:1].isdigit()]
        if not impossible or entry.key in _SCRIPTS:
            for reference in found:
                yield from self.reference(entry, reference)
            return
        # No name begins with a digit, so this is a text with dollar signs, such as a password hash.
        for reference in found:
            if reference.fault is not None:
                yield from self.reference(entry, reference)
        message = f"{impossible[0].text} is taken for a reference, and becomes nothing"
        where = entry.value.span(impossible[0].span)
        repair = codes.CONTEXT_DOLLAR.repair
        yield codes.REFERENCE_UNDEFINED.at(message, variable=entry.key, position=where, repair=repair)

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
        """Say whether a service may send the value: it writes its inputs into its roles under their own names."""
        if entry.key in _SCRIPTS:
            return False
        own_name = reference.attribute is None and entry.value.text.strip().upper() == f"${entry.key}"
        alone = not self.inputs and not self.section.attributes  # a fragment, whose template is elsewhere
        of_a_role = self.section.entry and not self.inputs
        return alone or of_a_role or (own_name and self.misspelt(reference.name) is None)

    def misspelt(self, name: str) -> str | None:
        """Return the input that a name is probably meant to be: a very similar one that nothing refers to."""
        return nearest(name, [each for each in self.inputs if each not in self.written], _NEARLY)

    def undefined(self, entry: Entry, reference: Reference) -> Finding:
        where = entry.value.span(reference.span)
        if entry.key in _SCRIPTS:
            message = f"{reference.text} is taken for a reference, and becomes nothing"
            return codes.CONTEXT_SHELL_VARIABLE.at(message, variable=entry.key, position=where)
        meant = self.misspelt(reference.name)
        if meant is not None:
            self.referred.add(meant)
            message = f"{reference.text} refers to nothing that the template defines; did you mean {meant}?"
            repair, edits = f"write ${meant}", (Edit(where, f"${meant}"),) if reference.attribute is None else ()
            return codes.REFERENCE_UNDEFINED.at(
                message, variable=entry.key, position=where, repair=repair, edits=edits, safe=False
            )
        message = f"{reference.text} refers to nothing that the template defines{self.near(reference.name)}"
        # A template without inputs is probably one for a role of a service, which sends the values.
        severity = None if self.inputs else Severity.INFO
        return codes.REFERENCE_UNDEFINED.at(message, variable=entry.key, position=where, severity=severity)

    def not_used(self) -> Iterator[Finding]:
        for name, each in self.inputs.items():
            if name not in self.referred and name not in CAPACITY:
                message = f"no entry of CONTEXT refers to {name}"
                repair = f'write {name} = "${name}" in CONTEXT'
                yield codes.INPUT_NOT_USED.at(message, variable=name, position=each.name_position, repair=repair)
