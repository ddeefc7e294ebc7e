"""The XML form of a template, which the server reads when the text begins with ``<``.

The server's own rules, from its sources: an element whose only child is text is a single attribute, one with
elements in it a vector; anything else is dropped. Vector keys keep their case, and of two the last wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.grammar.ast import Template, UserInput, server_name
from ctxschema.grammar.types import BLANKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.dom.minidom import Element


def parse_xml_template(source: SourceText) -> Template:
    """Return the template of an XML text; it has attributes and no items with positions."""
    from ctxschema.grammar.parser import parse_user_input

    try:
        # Expat itself bounds what entities may grow to, and opens no external ones.
        root = minidom.parseString(source.text.encode("utf-8", "surrogatepass")).documentElement  # noqa: S318
    except (ExpatError, ValueError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "offset", 0)
        start = sum(len(text) + 1 for text in source.text.split("\n")[: line - 1]) + column
        finding = codes.XML.at(f"the XML is not well-formed: {error}", position=source.at(min(start, len(source.text))))
        return Template(source, (), False, [], (), (finding,))
    pairs = [] if root is None else list(_attributes(root))
    attributes = sorted(pairs, key=lambda pair: pair[0].encode("utf-8", "surrogatepass"))
    inputs: list[tuple[str, UserInput]] = [
        (key, parse_user_input(SourceText(text, name=source.name), variable=key))
        for name, kept in attributes
        if name == "USER_INPUTS" and isinstance(kept, dict)
        for key, text in kept.items()
    ]
    findings = tuple(finding for _, definition in inputs for finding in definition.findings)
    return Template(source, (), True, attributes, tuple(inputs), findings)


def _attributes(root: Element) -> Iterator[tuple[str, str | dict[str, str]]]:
    for element in _elements(root):
        children = element.childNodes
        name = server_name(element.tagName)
        text = _text(element) if len(children) == 1 else None
        if text is not None:
            yield name, text
        elif any(True for _ in _elements(element)):
            texts = ((child.tagName, _text(child)) for child in _elements(element))
            yield name, dict(sorted((key, text) for key, text in texts if text is not None))


def _elements(parent: Element) -> Iterator[Element]:
    return (child for child in parent.childNodes if isinstance(child, minidom.Element))


def _text(element: Element) -> str | None:
    """Return the first child of an element as the server keeps it, if it is text."""
    child = element.firstChild
    return child.data.strip(BLANKS) if isinstance(child, minidom.Text) else None
