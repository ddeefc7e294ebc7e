"""Checks of what a template itself sets: the machine, devices, and defaults that do not arrive.

Sources: docs/facts/opennebula.md, sections 1.2, 2, 5.2 and 7; the server's VirtualMachineContext.cc and
HostSharePCI.cc.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding
from ctxschema.core.later import later
from ctxschema.core.secret import shown
from ctxschema.core.source import SourceText
from ctxschema.grammar.references import references
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.document import Content, Entry, Input, Section

_LITERAL = {"DISK", "NIC", "NIC_ALIAS", "PCI", "OS", "CPU_MODEL", "TOPOLOGY"}
"""Vectors in which references are not resolved, and in which no text begins with a dollar sign on purpose."""

_FROM_FILES = {"KERNEL_DS", "INITRD_DS"}
"""The members of OS that accept ``$FILE[...]``."""

_WITH_DOMAIN = later(r"(?P<domain>[0-9a-fA-F]{4,8}):(?P<short>[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7])\Z")
_MACHINE = {"GRAPHICS", "NIC", "OS"}
_LISTENING = later(r"(?:\w+://)?(?:0\.0\.0\.0|\[::\]|::)(?::\d+)?(?:/.*)?\Z")
_LISTENS = later(r"listen|bind|expose|publish|allow|cidr|subnet|range", re.IGNORECASE)
_CONNECTS = later(r"\b(?:connects?|connecting|reach(?:es|ed)?|joins?|registers?)\b", re.IGNORECASE)
_OTHER_MACHINE = later(r"(?:^|_)(?:URL|URI|ENDPOINT|UPSTREAM|PEERS?|REMOTE|MASTER|JOIN|SUPERLINK)(?:_|\Z)")


def template(section: Section) -> Iterator[Finding]:
    """Yield the findings about what a VM template sets."""
    for content in section.values:
        yield from _literal(content)
        yield from pci_address(content)
    yield from _capacity(section)
    for each in section.inputs:
        yield from _dollar(each)


def _literal(content: Content) -> Iterator[Finding]:
    text = content.value.text
    if content.vector not in _LITERAL or content.key in _FROM_FILES or not text.startswith("$"):
        return
    first = next(references(text))
    if first.name:
        message = f"{shown(text)} stays as it stands in {content.vector}/{content.key}"
        yield codes.LITERAL_REFERENCE.at(message, variable=content.key, position=content.position)


def pci_address(content: Content) -> Iterator[Finding]:
    """Yield a finding about a PCI address that no host reports."""
    match = _WITH_DOMAIN.match(content.value.text)
    if content.vector == "PCI" and content.key == "SHORT_ADDRESS" and match is not None:
        short = match["short"]
        message = f"{content.value.text} has a PCI domain, and hosts report {short}"
        edits = (Edit(content.position, short),) if set(match["domain"]) == {"0"} else ()
        yield codes.PCI_ADDRESS.at(
            message, variable="SHORT_ADDRESS", position=content.position, repair=f"write {short}", edits=edits
        )


def _capacity(section: Section) -> Iterator[Finding]:
    """Find a machine without CPU or MEMORY. A text that has neither may be a fragment of a template."""
    asked = {each.key for each in section.inputs}
    missing = [name for name in ("CPU", "MEMORY") if name not in section.attributes and name not in asked]
    half = {"CPU", "MEMORY"} & section.attributes - asked
    whole = section.entry or half or ("DISK" in section.attributes and section.attributes & _MACHINE)
    something = section.attributes or section.context is not None or section.inputs
    if missing and whole and something:
        message = f"the template has no {' and no '.join(missing)}, and the server refuses to instantiate it"
        repair = f"write {' and '.join(missing)}"
        yield codes.NO_CAPACITY.at(message, variable=missing[0], position=section.position, repair=repair)


def _dollar(each: Input) -> Iterator[Finding]:
    definition, kind = each.definition, each.definition.input_type
    if kind is None or len(definition.parts) != 5 or kind.number is not None or kind.name == "boolean":
        return
    part = definition.parts[4]
    first = next(references(part.text), None)
    if first is None:
        return
    subject, problem = f"the default {shown(part.text.strip(RUBY_BLANKS))}", "its dollar fails the instantiation"
    if kind.name == "password":
        subject, problem = "the default", "its dollar is taken for a reference"
    elif first.fault is None:
        problem = f"the server takes {first.text} for a reference"
    message = f"Sunstone writes {subject} of {each.key} into CONTEXT, where {problem}"
    at = part.span.start
    where = definition.source.at(at + first.span.start, at + first.span.end)
    yield codes.DEFAULT_DOLLAR.at(message, variable=each.key, position=where)


def addresses(inputs: Iterable[Input], context: Iterable[Entry] = ()) -> Iterator[Finding]:
    """Yield findings about addresses to connect to that can only be listened on."""
    for each in inputs:
        definition = each.definition
        if len(definition.parts) == 5 and _connects(each.key, definition.parts[2].text):
            part = definition.parts[4]
            yield from _listening(each.key, part.text, definition.source, part.span.start)
    for entry in context:
        if _connects(entry.key, ""):
            yield from _listening(entry.key, entry.value.text, entry.value, 0)


def _connects(name: str, description: str) -> bool:
    if _LISTENS.search(name) or _LISTENS.search(description):
        return False
    return bool(_OTHER_MACHINE.search(name) or _CONNECTS.search(description))


def _listening(name: str, text: str, source: SourceText, at: int) -> Iterator[Finding]:
    if _LISTENING.match(text.strip()):
        message = f"{name} is an address to connect to, and {text.strip()} is one to listen on"
        yield codes.LISTENING_ADDRESS.at(message, variable=name, position=source.at(at, at + len(text)))
