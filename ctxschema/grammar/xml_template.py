"""Parsing the XML form of a template, which the server expects if the text begins with ``<``.

The rules are those of the server's sources: an element whose only child is text is a single attribute, one with child
elements is a vector, and anything else is dropped. The keys of vectors keep their case; of repeated keys the last
counts.
"""

from __future__ import annotations

from typing import Any, Protocol
from xml.parsers import expat

from attrs import define, field

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.ast import Template, UserInput
from ctxschema.grammar.nodes import server_name
from ctxschema.grammar.server import input_attribute_findings
from ctxschema.grammar.types import BLANKS

SHOWN = "VMTEMPLATE"
"""The root element that ``onetemplate show -x`` prints; its child TEMPLATE is the template."""


@define
class _Node:
    """An element with its children, or a text; comments and the like have neither."""

    name: str = ""
    text: str = ""
    start: int = 0
    end: int = 0
    children: list[_Node] = field(factory=list)

    @property
    def only_text(self) -> _Node | None:
        """The first child, if it is a text; the server stores it as the element's value."""
        first = self.children[0] if self.children else None
        return first if first is not None and first.text else None


class _DoctypeError(Exception):
    pass


class _Reader:
    """Builds the two levels of elements that a template has; deeper elements are counted but not stored."""

    def __init__(self, source: SourceText) -> None:
        self.bytes = source.text.encode("utf-8", "surrogatepass")
        self.open: list[_Node] = [_Node()]
        self.new_run = False
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartCdataSectionHandler = self.boundary
        self.parser.EndCdataSectionHandler = self.boundary
        self.parser.CommentHandler = lambda _text: self.other()
        self.parser.ProcessingInstructionHandler = lambda _target, _data: self.other()

    def offset(self) -> int:
        return len(self.bytes[: self.parser.CurrentByteIndex].decode("utf-8", "surrogatepass"))

    def doctype(self, *_declared: Any) -> None:
        # This happens before any entity is read, since entities that contain entities can grow exponentially.
        raise _DoctypeError

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        node = _Node(name, start=self.parser.CurrentByteIndex)
        self.open[-1].children.append(node)
        self.open.append(node)
        self.new_run = True

    def end(self, _name: str) -> None:
        self.open.pop().end = self.parser.CurrentByteIndex
        self.new_run = True

    def characters(self, text: str) -> None:
        siblings = self.open[-1].children
        if self.new_run or not siblings or not siblings[-1].text:
            siblings.append(_Node(start=self.parser.CurrentByteIndex))
            self.new_run = False
        siblings[-1].text += text

    def boundary(self) -> None:
        self.new_run = True

    def other(self) -> None:
        self.open[-1].children.append(_Node())
        self.new_run = True

    def read(self) -> _Node:
        self.parser.Parse(self.bytes, True)
        return self.open[0].children[-1]


class ParseDefinition(Protocol):
    """A function that parses a definition in a template."""

    def __call__(self, text: SourceText, *, variable: str | None = None) -> UserInput:
        """Return the tree of a definition; ``variable`` is the name of its input, for messages."""


def parse_xml_template(source: SourceText, parse_definition: ParseDefinition) -> Template:
    """Return the template in an XML text; it has attributes but no items.

    Args:
        source: The text.
        parse_definition: Parses the definitions in it.
    """
    reader = _Reader(source)
    try:
        root = reader.read()
    except _DoctypeError:
        at = max(source.text.find("<!DOCTYPE"), 0)
        finding = codes.XML_DOCTYPE.at("the XML has a document type", position=source.at(at, at + len("<!DOCTYPE")))
        return Template(source, (), False, [], (), (finding,))
    except (expat.ExpatError, ValueError) as error:
        at = reader.offset()
        finding = codes.XML.at(f"the XML is not well-formed: {error}", position=source.at(at, at))
        return Template(source, (), False, [], (), (finding,))
    if root.name == SHOWN:
        root = next((child for child in root.children if child.name == "TEMPLATE"), root)
    offsets = _Offsets(reader.bytes)
    attributes: list[tuple[str, str | dict[str, str]]] = []
    inputs: list[tuple[str, UserInput]] = []
    findings: list[Finding] = []
    for element in (child for child in root.children if child.name):
        name, value = server_name(element.name), _stored(element)
        if value is None:
            continue
        attributes.append((name, value))
        start = offsets.of(element.start) + 1
        findings += input_attribute_findings(source, name, value, Span(start, start + len(element.name)))
        if name == "USER_INPUTS" and isinstance(value, dict):
            for member in (child for child in element.children if child.name and child.only_text):
                inner = _inner(member, source, offsets, reader.bytes)
                inputs.append((member.name, parse_definition(inner, variable=member.name)))
    attributes.sort(key=lambda pair: pair[0].encode("utf-8", "surrogatepass"))
    findings += [finding for _, definition in inputs for finding in definition.findings]
    return Template(source, (), True, attributes, tuple(inputs), tuple(findings))


def _stored(element: _Node) -> str | dict[str, str] | None:
    """Return what the server stores of an element, or None if it drops the element."""
    if len(element.children) == 1 and element.only_text:
        return element.only_text.text.strip(BLANKS)
    members = [child for child in element.children if child.name]
    if not members:
        return None
    members_by_name = {member.name: member.only_text.text.strip(BLANKS) for member in members if member.only_text}
    return dict(sorted(members_by_name.items()))


class _Offsets:
    """Converts ascending byte offsets to character offsets."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.byte = self.character = 0

    def of(self, byte: int) -> int:
        if byte < self.byte:
            self.byte = self.character = 0
        self.character += len(self.data[self.byte : byte].decode("utf-8", "surrogatepass"))
        self.byte = byte
        return self.character


def _inner(member: _Node, source: SourceText, offsets: _Offsets, data: bytes) -> SourceText:
    """Return the text of a member with positions; entities in it may shift a column."""
    run: Any = member.only_text
    start = run.start + (len(b"<![CDATA[") if data.startswith(b"<![CDATA[", run.start) else 0)
    text = run.text.strip(BLANKS)
    margin = len(run.text) - len(run.text.lstrip(BLANKS))
    at = offsets.of(start) + margin
    end = len(source.text)
    anchors = ((0, min(at, end)), (max(1, min(len(text), end - at)), min(at + len(text), end)))
    return SourceText(text, source.name, source.confidential, source, anchors if len(text) > 1 else anchors[:1])
