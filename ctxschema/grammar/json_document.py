"""JSON documents with the place of every node."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.secret import quoted
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.data import DEEPEST, Mapping, Node, Scalar, Sequence, aligned

_ESCAPES = {r"\"": '"', r"\\": "\\", r"\/": "/", r"\b": "\b", r"\f": "\f", r"\n": "\n", r"\r": "\r", r"\t": "\t"}


@cache
def _parser() -> Lark:
    text = files("ctxschema.grammar").joinpath("json.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr")


def parse_json(source: SourceText) -> tuple[Node | None, list[Finding]]:
    """Return the tree of a JSON text and what is wrong with it; None where it is no JSON."""
    depth = deepest = 0
    for character in source.text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        message = f"the document is nested more than {DEEPEST} levels deep"
        return None, [codes.TOO_DEEP.at(message, position=source.at(0, 1))]
    try:
        tree = _parser().parse(source.text)
    except UnexpectedInput as error:
        return None, [_syntax(source, error)]
    reader = _ToNodes(source)
    node: Any = reader.transform(tree)
    return node, reader.findings


def _syntax(source: SourceText, error: UnexpectedInput) -> Finding:
    at: int = getattr(error, "pos_in_stream", None) or 0
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        at = len(source.text)
        message = "the document ends in the middle"
    elif isinstance(error, UnexpectedCharacters):
        message = f"{quoted(source.text[at : at + 1])} begins nothing that JSON has"
    else:
        message = f"{quoted(source.text[at : at + 20].split()[0])} is not what JSON has here"
    return codes.JSON_SYNTAX.at(message, position=source.at(at, min(at + 1, len(source.text))))


class _ToNodes(Transformer[Token, Any]):
    def __init__(self, source: SourceText) -> None:
        super().__init__()
        self.source = source
        self.findings: list[Finding] = []

    def scalar(self, token: Token) -> Scalar:
        start, end = token.start_pos or 0, token.end_pos or 0
        string = token.type == "STRING"
        text = str(token)
        if string:
            try:
                text = json.loads(text)
            except ValueError:  # \u without four digits
                position = self.source.at(start, end)
                self.findings.append(codes.JSON_SYNTAX.at("an escape that JSON does not know", position=position))
                text = text[1:-1]
        inner = aligned(text, self.source, start + string, end - string, _ESCAPES)
        return Scalar(text, string, string, Span(start, end), inner)

    def string(self, children: list[Token]) -> Scalar:
        return self.scalar(children[0])

    def literal(self, children: list[Token]) -> Scalar:
        return self.scalar(children[0])

    def pair(self, children: list[Any]) -> tuple[Scalar, Node]:
        return self.scalar(children[0]), children[2]

    def object(self, children: list[Any]) -> Mapping:
        pairs = tuple(child for child in children if isinstance(child, tuple))
        seen: set[str] = set()
        for key, _ in pairs:
            if key.text in seen:
                message = f"{quoted(key.text)} stands twice in one object; the last counts"
                self.findings.append(codes.DUPLICATE_KEY.at(message, position=self.source.span(key.span)))
            seen.add(key.text)
        return Mapping(pairs, _span(children))

    def array(self, children: list[Any]) -> Sequence:
        return Sequence(tuple(child for child in children if not isinstance(child, Token)), _span(children))


def _span(children: list[Any]) -> Span:
    return Span(children[0].start_pos or 0, children[-1].end_pos or 0)
