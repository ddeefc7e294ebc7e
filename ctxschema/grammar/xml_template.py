"""Parsing the XML form of a template, which the server expects if the text begins with ``<``.

The rules are those of the server's sources: an element whose only child is text is a single attribute, one with child
elements is a vector, and anything else is dropped. The keys of vectors keep their case; of repeated keys the last
counts.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Protocol
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

DOCTYPE = "<!DOCTYPE"
"""How the declaration begins that only the prolog of an XML text can have."""


@define
class _Text:
    """A text in pieces, and the byte at which it begins."""

    start: int
    pieces: list[str] = field(factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@define
class _Element:
    """An element with what is in it, and the byte at which it begins; comments and the like are None."""

    name: str = ""
    start: int = 0
    children: list[_Element | _Text | None] = field(factory=list)

    @property
    def elements(self) -> list[_Element]:
        """The elements among its children."""
        return [child for child in self.children if isinstance(child, _Element)]

    @property
    def first_text(self) -> _Text | None:
        """The first child, if it is a text; the server stores it as the element's value."""
        first = self.children[0] if self.children else None
        return first if isinstance(first, _Text) else None


class _DoctypeError(Exception):
    pass


class _Reader:
    """Builds the elements of an XML text."""

    def __init__(self, source: SourceText) -> None:
        self.bytes = source.text.encode("utf-8", "surrogatepass")
        self.open = [_Element()]
        self.text: _Text | None = None  # to which characters are added; None where they begin a new one
        self.parser = expat.ParserCreate("utf-8")
        self.parser.DefaultHandler = self.refuse_doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartCdataSectionHandler = self.start_cdata
        self.parser.EndCdataSectionHandler = self.end_text
        self.parser.CommentHandler = self.other
        self.parser.ProcessingInstructionHandler = self.other

    def offset(self) -> int:
        return len(self.bytes[: self.parser.CurrentByteIndex].decode("utf-8", "ignore"))

    def refuse_doctype(self, text: str) -> None:
        # This happens before any entity is read, since entities that contain entities can grow exponentially.
        if text == DOCTYPE:
            raise _DoctypeError

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        element = _Element(name, self.parser.CurrentByteIndex)
        self.open[-1].children.append(element)
        self.open.append(element)
        self.end_text()

    def end(self, _name: str) -> None:
        self.open.pop()
        self.end_text()

    def start_text(self, start: int) -> _Text:
        self.text = _Text(start)
        self.open[-1].children.append(self.text)
        return self.text

    def end_text(self) -> None:
        self.text = None

    def start_cdata(self) -> None:
        self.start_text(self.parser.CurrentByteIndex + len("<![CDATA["))

    def characters(self, text: str) -> None:
        run = self.text or self.start_text(self.parser.CurrentByteIndex)
        run.pieces.append(text)

    def other(self, *_texts: str) -> None:
        self.open[-1].children.append(None)
        self.end_text()

    def read(self) -> _Element:
        self.parser.Parse(self.bytes, True)
        return self.open[0].elements[0]


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
        at = reader.offset()
        finding = codes.XML_DOCTYPE.at("the XML has a document type", position=source.at(at, at + len(DOCTYPE)))
        return Template(source, (), False, [], (), (finding,))
    except expat.ExpatError as error:
        at = reader.offset()
        finding = codes.XML.at(f"the XML is not well-formed: {error}", position=source.at(at))
        return Template(source, (), False, [], (), (finding,))
    if root.name == SHOWN:
        root = next((element for element in root.elements if element.name == "TEMPLATE"), root)
    offsets = _Offsets(reader.bytes)
    attributes: list[tuple[str, str | dict[str, str]]] = []
    inputs: list[tuple[str, UserInput]] = []
    findings: list[Finding] = []
    for element in root.elements:
        name, value = server_name(element.name), _stored(element)
        if value is None:
            continue
        attributes.append((name, value))
        start = offsets.of(element.start) + 1
        findings += input_attribute_findings(source, name, value, Span(start, start + len(element.name)))
        if name == "USER_INPUTS":
            for member in element.elements:
                if member.first_text is not None:
                    inner = _inner(member.first_text, source, offsets)
                    inputs.append((member.name, parse_definition(inner, variable=member.name)))
    attributes.sort(key=itemgetter(0))
    findings += [finding for _, definition in inputs for finding in definition.findings]
    return Template(source, (), True, attributes, tuple(inputs), tuple(findings))


def _stored(element: _Element) -> str | dict[str, str] | None:
    """Return what the server stores of an element, or None if it drops the element."""
    if len(element.children) == 1 and element.first_text is not None:
        return element.first_text.text.strip(BLANKS)
    if not element.elements:
        return None
    texts = ((member.name, member.first_text) for member in element.elements)
    return dict(sorted({name: text.text.strip(BLANKS) for name, text in texts if text is not None}.items()))


class _Offsets:
    """Converts ascending byte offsets to character offsets."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.byte = self.character = 0

    def of(self, byte: int) -> int:
        self.character += len(self.data[self.byte : byte].decode("utf-8"))
        self.byte = byte
        return self.character


def _inner(run: _Text, source: SourceText, offsets: _Offsets) -> SourceText:
    """Return a text without blanks around it, with positions; entities in it may shift a column."""
    text = run.text
    margin = len(text) - len(text.lstrip(BLANKS))
    anchors = ((0, offsets.of(run.start) + margin),)
    return SourceText(text.strip(BLANKS), source.name, source.confidential, source, anchors)
