"""Reading template text, and templates in XML, as documents."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.grammar.ast import Template
from ctxschema.grammar.nodes import INPUT_ATTRIBUTES, Attribute
from ctxschema.grammar.server import inner_text
from ctxschema.lint.document import Content, Document, Entry, Input, Kind, Section
from ctxschema.lint.mended import mended

_HARMLESS = {codes.THREE_PARTS.id, codes.NO_DEFAULT.id}
OWN_ATTRIBUTES = INPUT_ATTRIBUTES | {"INPUTS_ORDER", "CONTEXT", "USER_INPUTS_METADATA"}
"""The attributes for which a section has fields; of all others it stores the names."""


def read_template(source: SourceText) -> Document:
    """Return a template text as a document."""
    template, findings = mended(source)
    return Document(Kind.TEMPLATE, source, (section_of(template),), tuple(map(in_template, findings)))


def in_template(finding: Finding) -> Finding:
    """Return a finding about a definition with its severity in a VM template.

    Three parts are legal there, and an author who makes an input mandatory without a default wants everybody to answer.
    """
    harmless = finding.severity is Severity.WARNING and finding.code in _HARMLESS and not _always_sent(finding)
    return evolve(finding, severity=Severity.INFO) if harmless else finding


def _always_sent(finding: Finding) -> bool:
    """Say whether a finding is about a range, for which Sunstone always sends a value, the minimum if necessary."""
    text = finding.position.source.text if finding.position else ""
    return text.partition("|")[2].partition("|")[0].strip() in {"range", "range-float"}


def section_of(template: Template) -> Section:
    """Return the section of a parsed template."""
    return _from_items(template) if template.items else _from_attributes(template)


def _from_items(template: Template) -> Section:
    source = template.source
    inputs: list[Input] = []
    definitions = iter(template.user_inputs)
    order: SourceText | None = None
    context: list[Entry] | None = None
    metadata = []
    where = source.span(template.items[0].name_span)
    for item in template.items:
        if item.key in INPUT_ATTRIBUTES:
            where = source.span(item.name_span)
            for member in item.members:
                _, definition = next(definitions)
                inputs.append(Input(member.name, source.span(member.name_span), definition))
        elif item.key == "INPUTS_ORDER" and not isinstance(item.value, tuple):
            order = inner_text(item.value, source)
        elif item.key == "CONTEXT" and isinstance(item.value, tuple):
            context = [*(context or ()), *_entries(item, source)]
        elif item.key == "USER_INPUTS_METADATA" and isinstance(item.value, tuple):
            metadata.append(_entries(item, source))
    others = [item for item in template.items if item.key not in OWN_ATTRIBUTES]
    return Section(
        where,
        tuple(inputs),
        order,
        None if context is None else tuple(context),
        frozenset(item.key for item in others),
        tuple(metadata),
        values=tuple(content for item in others for content in contents_of(item, source)),
    )


def contents_of(item: Attribute, source: SourceText) -> Iterator[Content]:
    """Yield the values of an attribute."""
    if not isinstance(item.value, tuple):
        yield Content(item.name, source.span(item.name_span), inner_text(item.value, source))
    for entry in _entries(item, source):
        yield Content(entry.name, entry.name_position, entry.value, item.key)


def _entries(item: Attribute, source: SourceText) -> tuple[Entry, ...]:
    return tuple(
        Entry(member.name, source.span(member.name_span), inner_text(member.value, source)) for member in item.members
    )


def _from_attributes(template: Template) -> Section:
    """Return the section of a template in XML, in which only definitions have positions."""
    where = template.source.at(0, min(1, len(template.source.text)))
    name = template.source.name

    def entries(value: dict[str, str]) -> tuple[Entry, ...]:
        return tuple(Entry(key, where, SourceText(text, name=name, placed=False)) for key, text in value.items())

    inputs = tuple(
        Input(key, definition.source.at(0, len(definition.source.text)), definition)
        for key, definition in template.user_inputs
    )
    order: SourceText | None = None
    context: tuple[Entry, ...] | None = None
    metadata = []
    values: list[Content] = []
    for key, value in template.attributes:
        if key == "INPUTS_ORDER" and isinstance(value, str):
            order = SourceText(value, name=name, placed=False)
        elif key == "CONTEXT" and isinstance(value, dict):
            context = entries(value)
        elif key == "USER_INPUTS_METADATA" and isinstance(value, dict):
            metadata.append(entries(value))
        elif key not in OWN_ATTRIBUTES and isinstance(value, dict):
            values += (Content(entry.name, entry.name_position, entry.value, key) for entry in entries(value))
    attributes = frozenset(key for key, _ in template.attributes if key not in OWN_ATTRIBUTES)
    return Section(where, inputs, order, context, attributes, tuple(metadata), values=tuple(values))
