"""Trees of mappings, lists and texts with positions: one form for everything that is imported."""

from __future__ import annotations

from typing import Any

from ctxschema.core.source import Position, SourceText, Span
from ctxschema.grammar.ast import Template
from ctxschema.grammar.data import Mapping, Node, Scalar, Sequence
from ctxschema.grammar.server import inner_text

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null")),
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}
"""The values of unquoted words in YAML 1.1, which Ruby reads."""

_LONGEST = 18
_NOWHERE = Span(0, 0)


def template_tree(template: Template) -> Mapping:
    """Return a parsed template as a tree; a repeated attribute occurs repeatedly."""
    source = template.source
    if template.items:
        pairs: list[tuple[Scalar, Node]] = []
        for item in template.items:
            key = _scalar(item.name, source, item.name_span)
            if not isinstance(item.value, tuple):
                pairs.append((key, scalar_of(inner_text(item.value, source))))
                continue
            members = [
                (_scalar(member.name, source, member.name_span), scalar_of(inner_text(member.value, source)))
                for member in item.members
            ]
            pairs.append((key, Mapping(tuple(members), item.span)))
        return Mapping(tuple(pairs), _NOWHERE)
    # In XML only definitions have positions.
    inputs = tuple((_loose(name, source), scalar_of(definition.source)) for name, definition in template.user_inputs)
    others: list[tuple[Scalar, Node]] = [(_loose("USER_INPUTS", source), Mapping(inputs, _NOWHERE))]
    for name, value in template.attributes:
        if name == "USER_INPUTS":
            continue
        node: Node
        if isinstance(value, str):
            node = _loose(value, source)
        else:
            node = Mapping(tuple((_loose(k, source), _loose(v, source)) for k, v in value.items()), _NOWHERE)
        others.append((_loose(name, source), node))
    return Mapping(tuple(others), _NOWHERE)


def _scalar(text: str, source: SourceText, span: Span) -> Scalar:
    return scalar_of(SourceText(text, source.name, parent=source, anchors=((0, span.start),)))


def scalar_of(source: SourceText) -> Scalar:
    """Return a whole text as a value in quotes."""
    return Scalar(source.text, True, True, Span(0, len(source.text)), source)


def _loose(text: str, source: SourceText) -> Scalar:
    return scalar_of(SourceText(text, source.name, placed=False))


def scalar_place(node: Scalar) -> Position:
    """Return the position of a value."""
    return node.source.at(0, len(node.source.text))


def place(node: Node) -> Position | None:
    """Return the position of a node; for a mapping or a list, that of its first text."""
    if isinstance(node, Scalar):
        return scalar_place(node)
    inner = node.items if isinstance(node, Sequence) else tuple(key for key, _ in node.pairs)
    return place(inner[0]) if inner else None


def plain(node: Node) -> Any:
    """Return a node as plain data; an unquoted number or boolean is one if it is written the same way, else a text."""
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {key.text: plain(item) for key, item in node.pairs}
    text = node.text
    if node.string:
        return text
    if text.lower() in _WORDS and text in {text.lower(), text.upper(), text.capitalize()}:
        return _WORDS[text.lower()]
    if len(text) <= _LONGEST:
        for kind in (int, float):
            try:
                value = kind(text)
            except ValueError:
                continue
            if repr(value) == text:
                return value
    return text


def texts(node: Node) -> Any:
    """Return a node as a template has it: only texts, and without empty values."""
    if isinstance(node, Scalar):
        return node.text if node.string or node.text not in {"", "~", "null"} else None
    if isinstance(node, Sequence):
        return [made for item in node.items if (made := texts(item)) is not None]
    found: dict[str, Any] = {}
    for key, item in node.pairs:
        made = texts(item)
        if made is not None:
            found.setdefault(key.text.upper(), made)
    return found


def attributes(node: Mapping) -> dict[str, Any]:
    """Return the attributes of a template by upper-case name; a repeated attribute is a list."""
    found: dict[str, Any] = {}
    for key, item in node.pairs:
        made, name = texts(item), key.text.upper()
        if made is None or made in ({}, []):
            continue
        if name in found:
            before = found[name] if isinstance(found[name], list) else [found[name]]
            found[name] = [*before, *(made if isinstance(made, list) else [made])]
        else:
            found[name] = made
    return found
