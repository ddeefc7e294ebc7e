"""Template text, and the XML form of it, as a document."""

from __future__ import annotations

from ctxschema.core.source import SourceText
from ctxschema.grammar.ast import Template
from ctxschema.grammar.nodes import Attribute
from ctxschema.grammar.parser import parse_template
from ctxschema.grammar.server import inner_text
from ctxschema.lint.document import Document, Entry, Input, Kind, Section

INPUT_ATTRIBUTES = {"USER_INPUTS", "USER_INPUT"}
OWN_ATTRIBUTES = INPUT_ATTRIBUTES | {"INPUTS_ORDER", "CONTEXT", "USER_INPUTS_METADATA"}
"""What a section has a place for; all other attributes are names to it."""


def read_template(source: SourceText) -> Document:
    """Return a template text as a document."""
    template = parse_template(source)
    return Document(Kind.TEMPLATE, source, (section_of(template),), template.findings)


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
    attributes = frozenset(item.key for item in template.items if item.key not in OWN_ATTRIBUTES)
    kept = None if context is None else tuple(context)
    return Section(where, tuple(inputs), order, kept, attributes, tuple(metadata))


def _entries(item: Attribute, source: SourceText) -> tuple[Entry, ...]:
    return tuple(
        Entry(member.name, source.span(member.name_span), inner_text(member.value, source)) for member in item.members
    )


def _from_attributes(template: Template) -> Section:
    """The same of XML, where only definitions know their place."""
    where = template.source.at(0, min(1, len(template.source.text)))
    name = template.source.name

    def entries(kept: dict[str, str]) -> tuple[Entry, ...]:
        return tuple(Entry(key, where, SourceText(text, name=name, placed=False)) for key, text in kept.items())

    inputs = tuple(
        Input(key, definition.source.at(0, len(definition.source.text)), definition)
        for key, definition in template.user_inputs
    )
    order: SourceText | None = None
    context: tuple[Entry, ...] | None = None
    metadata = []
    for key, kept in template.attributes:
        if key == "INPUTS_ORDER" and isinstance(kept, str):
            order = SourceText(kept, name=name, placed=False)
        elif key == "CONTEXT" and isinstance(kept, dict):
            context = entries(kept)
        elif key == "USER_INPUTS_METADATA" and isinstance(kept, dict):
            metadata.append(entries(kept))
    attributes = frozenset(key for key, _ in template.attributes if key not in OWN_ATTRIBUTES)
    return Section(where, inputs, order, context, attributes, tuple(metadata))
