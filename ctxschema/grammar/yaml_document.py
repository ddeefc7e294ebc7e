"""Parsing YAML documents into trees with positions. No objects are constructed, so aliases cannot multiply them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.secret import quoted
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.data import DEEPEST, Mapping, Node, Scalar, Sequence

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_COPIED = 1_000_000
"""The greatest size of what aliases expand to, in characters and nodes; OpenNebula's documents have no aliases."""

_ESCAPES = {
    r"\"": '"', r"\\": "\\", r"\/": "/", r"\n": "\n", r"\t": "\t", r"\r": "\r", r"\0": "\0", r"\a": "\a", r"\b": "\b",
    r"\e": "\x1b", r"\f": "\f", r"\v": "\v", r"\ ": " ", r"\_": "\xa0", r"\N": "\x85", r"\L": "\u2028", r"\P": "\u2029",
}  # fmt: skip
_SINGLE_ESCAPES = {"''": "'"}
_NO_ESCAPES: dict[str, str] = {}
_ESCAPES_OF: dict[str | None, dict[str, str]] = {'"': _ESCAPES, "'": _SINGLE_ESCAPES}
"""The escape sequences of each style of scalar."""

# Texts that YAML 1.1, which Ruby's loader reads, takes for something other than a string unless quoted.
_NOT_A_STRING = re.compile(
    r"(?:|~|null|true|false|yes|no|on|off|y|n|[-+]?[0-9][0-9_]*|[-+]?0x[0-9a-f_]+|[-+]?0o?[0-7_]+|0b[01_]+"
    r"|[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:e[-+]?[0-9]+)?|[-+]?[0-9][0-9_]*e[-+]?[0-9]+|[-+]?\.inf|\.nan"
    r"|[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|:[a-z_].*)\Z",
    re.IGNORECASE,
)

_ODD_LINES = re.compile("\r(?!\n)|[\x85\u2028\u2029\ufeff]")
"""Characters that end a line in YAML but not in a source, and the byte order mark, which parsers count differently."""


def is_plain_text(text: str) -> bool:
    """Say whether every YAML reader takes an unquoted text for a string."""
    return not _NOT_A_STRING.match(text)


def parse_yaml(source: SourceText) -> tuple[Node | None, list[Finding]]:
    """Return the tree of the first document in a YAML text, and findings; the tree is None if there is none."""
    reader = _Reader(source)
    try:
        return reader.read(), reader.findings
    except yaml.MarkedYAMLError as error:
        at = reader.offset(error.problem_mark)
        message = " ".join(part for part in (error.context, error.problem) if part)
        finding = codes.YAML_SYNTAX.at(message, position=source.at(at, min(at + 1, len(source.text))))
    except (yaml.YAMLError, ValueError) as error:
        finding = codes.YAML_SYNTAX.at(f"this is no YAML: {str(error).splitlines()[0]}", position=source.at(0, 1))
    except _TooDeepError as error:
        message = f"the document is nested more than {DEEPEST} levels deep"
        finding = codes.TOO_DEEP.at(message, position=source.at(error.at, error.at + 1))
    except _TooLargeError as error:
        message = f"the aliases of the document stand for more than {MOST_COPIED:,} characters"
        finding = codes.ALIASES.at(message, position=source.at(error.at, error.at + 1))
    return None, [*reader.findings, finding]


class _RefusedError(Exception):
    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at


class _TooDeepError(_RefusedError):
    pass


class _TooLargeError(_RefusedError):
    pass


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        text = source.text
        self.odd = ("\r" in text or not text.isascii()) and _ODD_LINES.search(text) is not None
        self.findings: list[Finding] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.size = 0  # the size of all nodes so far, with aliases expanded
        self.copied = 0
        self.flow = 0  # the number of open brackets and braces

    def offset(self, mark: Any) -> int:
        """Return the offset of a mark, whose index is another where the lines of YAML are not those of the source."""
        return self.source.offset(mark.line, mark.column)

    def read(self) -> Node | None:
        loader = _LOADER(self.source.text)
        try:
            # What `yaml.parse` yields, without a call in Python for each.
            events = iter(loader.get_event, None)
            for event in events:
                if isinstance(event, NodeEvent):
                    node = self.node(event, events, 0)
                    for _ in events:  # the rest has to be valid YAML as well
                        pass
                    return node
        finally:
            loader.dispose()
        return None

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if depth > DEEPEST:
            raise _TooDeepError(self.offset(event.start_mark))
        before = self.size
        node: Node
        if isinstance(event, ScalarEvent):
            self.size += 1 + len(event.value)
            node = self.scalar(event)
        elif isinstance(event, AliasEvent):
            return self.alias(event)
        else:
            self.size += 1
            self.flow += bool(event.flow_style)
            read = self.sequence if isinstance(event, SequenceStartEvent) else self.mapping
            node = read(event, events, depth)
            self.flow -= bool(event.flow_style)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.size - before)
        return node

    def alias(self, event: AliasEvent) -> Node:
        known = self.anchors.get(str(event.anchor))
        if known is None:
            message = f"the alias {quoted(str(event.anchor))} stands before, or inside, what it stands for"
            self.findings.append(codes.ALIASES.at(message, position=self.source.span(self.span(event, event))))
            return Sequence((), self.span(event, event))
        node, size = known
        self.size += size
        self.copied += size
        if self.copied > MOST_COPIED:
            raise _TooLargeError(self.offset(event.start_mark))
        return node

    def span(self, first: Any, last: Any) -> Span:
        start, end = first.start_mark, last.end_mark
        return Span(self.offset(start), self.offset(end)) if self.odd else Span(start.index, end.index)

    def scalar(self, event: ScalarEvent) -> Scalar:
        value, style = event.value, event.style  # for a plain scalar, the C parser gives "" and the Python parser None
        span = self.span(event, event)
        start, end = span.start, span.end
        quoted_style = bool(style)
        if style in {"|", ">"}:
            start = self.source.text.find("\n", start) + 1 or end
        elif quoted_style:
            start += 1
        string = quoted_style or event.tag == "tag:yaml.org,2002:str" or not _NOT_A_STRING.match(value)
        place = (self.source, start, end, _ESCAPES_OF.get(style, _NO_ESCAPES), not quoted_style and self.flow > 0)
        return Scalar(value, string, quoted_style, span, place)

    def sequence(self, start: SequenceStartEvent, events: Iterator[Any], depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(events), CollectionEndEvent):
            items.append(self.node(event, events, depth + 1))
        return Sequence(tuple(items), self.span(start, event))

    def mapping(self, start: MappingStartEvent, events: Iterator[Any], depth: int) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        seen: set[str] = set()
        while not isinstance(event := next(events), CollectionEndEvent):
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if not isinstance(key, Scalar):
                found = codes.KEY_NO_TEXT.at("a key is a list or a mapping", position=self.source.span(key.span))
                self.findings.append(found)
                continue
            if key.text in seen:
                message = f"{quoted(key.text)} stands twice in one mapping; the last counts"
                self.findings.append(codes.DUPLICATE_KEY.at(message, position=self.source.span(key.span)))
            seen.add(key.text)
            pairs.append((key, value))
        return Mapping(tuple(pairs), self.span(start, event))
