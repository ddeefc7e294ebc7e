"""Parsing JSON documents into trees with positions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Finding
from ctxschema.core.secret import quoted
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.data import DEEPEST, Mapping, Node, Scalar, Sequence
from ctxschema.grammar.plain import grammar

_ESCAPES = {r"\"": '"', r"\\": "\\", r"\/": "/", r"\b": "\b", r"\f": "\f", r"\n": "\n", r"\r": "\r", r"\t": "\t"}
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}
_NOT_BLANK = re.compile(r"[^ \t\n\r]")


@cache
def _parser() -> Lark:
    return Lark(grammar("json.lark"), parser="lalr", lexer=_JsonLexer)


class _RefusedError(Exception):
    def __init__(self, code: Code, at: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.at = at


class _JsonLexer(Lexer):
    """Splits a `SourceText` into tokens; the text of a string token is the value of the string."""

    __future_interface__ = 2

    def __init__(self, configuration: Any) -> None:
        patterns = (f"(?P<{each.name}>{each.pattern.to_regexp()})" for each in configuration.terminals)
        self._token = re.compile("|".join(patterns))

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:  # noqa: ARG002 - Lark's interface
        text: str = lexer_state.text.text
        at = depth = 0
        while found := _NOT_BLANK.search(text, at):
            start = at = found.start()
            if text[at] == '"':
                try:
                    value, at = scanstring(text, at + 1)
                except json.JSONDecodeError as error:
                    message = f"a string that JSON cannot have: {error.msg.removesuffix(' at').lower()}"
                    raise _RefusedError(codes.JSON_SYNTAX, min(error.pos, len(text)), message) from None
                yield Token("STRING", value, start, end_pos=at)
                continue
            match = self._token.match(text, at)
            if match is None:
                message = f"{quoted(text[at])} begins nothing that JSON has"
                raise _RefusedError(codes.JSON_SYNTAX, at, message)
            at = match.end()
            depth += _DEPTH.get(match.group(), 0)
            if depth > DEEPEST:
                raise _RefusedError(codes.TOO_DEEP, start, f"the document is nested more than {DEEPEST} levels deep")
            kind: Any = match.lastgroup
            yield Token(kind, match.group(), start, end_pos=at)


def parse_json(source: SourceText) -> tuple[Node | None, list[Finding]]:
    """Return the tree of a JSON text, and findings; the tree is None if the text is not JSON."""
    parser: Any = _parser()
    try:
        tree = parser.parse(source)
    except UnexpectedToken as error:
        token: Any = error.token
        if token.type == "$END":
            code, at, message = codes.JSON_SYNTAX, len(source.text), "the document ends in the middle"
        else:
            code, at = codes.JSON_SYNTAX, token.start_pos
            message = f"{quoted(source.text[at : min(at + 20, token.end_pos)])} is not what JSON has here"
    except _RefusedError as error:
        code, at, message = error.code, error.at, str(error)
    else:
        reader = _ToNodes(source)
        return reader.transform(tree), reader.findings
    return None, [code.at(message, position=source.at(at, min(at + 1, len(source.text))))]


class _ToNodes(Transformer[Token, Any]):
    def __init__(self, source: SourceText) -> None:
        super().__init__()
        self.source = source
        self.findings: list[Finding] = []

    def scalar(self, token: Any) -> Scalar:
        start, end = token.start_pos, token.end_pos
        string = token.type == "STRING"
        place = (self.source, start + string, end - string, _ESCAPES, not string)
        return Scalar(str(token), string, string, Span(start, end), place)

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
    return Span(children[0].start_pos, children[-1].end_pos)
