"""The document of a declaration as plain data in which the place of every value is known.

An unquoted word that YAML 1.1 reads as a boolean, an octal number or a time keeps its text, as a `BareWord`, so that
a finding can say what to quote.
"""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Iterator
from typing import Any, TypeAlias

from attrs import define, field, frozen

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText, Span
from ctxschema.grammar.data import Mapping, Node, Scalar, Sequence

Path: TypeAlias = "tuple[str | int, ...]"

FORMATS = (".yaml", ".yml", ".json", ".toml")
"""The suffixes of files that hold a declaration."""

_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")


class BareWord(str):
    """An unquoted text in YAML that some YAML reader takes for another type."""

    __slots__ = ()


@define
class Plain:
    """A document as plain data.

    Attributes:
        source: The text that it was read from.
        data: Mappings, lists, texts, numbers, booleans and None.
        places: The position of each value by its path, which consists of keys, and of indices from 0 in lists.
        keys: The position of the key of each value in a mapping, by the same path.
        findings: What is wrong with its syntax.
    """

    source: SourceText
    data: Any = None
    places: dict[Path, Position] = field(factory=dict)
    keys: dict[Path, Position] = field(factory=dict)
    findings: list[Finding] = field(factory=list)

    def place(self, path: Path) -> Position:
        """Return the position of a value, or of the innermost value around it that has one."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path) or Position(self.source)

    def key(self, path: Path) -> Position:
        """Return the position of a value's key, or else of the value."""
        return self.keys.get(path) or self.place(path)


def read_plain(source: SourceText) -> Plain:
    """Return a document as plain data; the suffix of its name selects JSON or TOML, and YAML otherwise."""
    ending = os.path.splitext(source.name)[1].lower()
    if ending == ".toml":
        return _toml(source)
    if ending == ".json":
        from ctxschema.grammar.json_document import parse_json as parse
    else:
        from ctxschema.grammar.yaml_document import parse_yaml as parse
    node, findings = parse(source)
    plain = Plain(source, findings=[_as_error(finding) for finding in findings])
    if node is not None:
        plain.data = _Reader(plain).value(node, ())
    return plain


def _as_error(finding: Finding) -> Finding:
    """Return a finding as an error. Elsewhere a repeated key is a warning; here it would void a part."""
    from attrs import evolve

    from ctxschema.core.finding import Severity

    return evolve(finding, severity=Severity.ERROR)


@frozen
class _Reader:
    plain: Plain

    def value(self, node: Node, path: Path) -> Any:
        self.plain.places.setdefault(path, self.plain.source.span(node.span))
        if isinstance(node, Scalar):
            return _scalar(node)
        if isinstance(node, Sequence):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.items)]
        return self.mapping(node, path)

    def mapping(self, node: Mapping, path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: list[Mapping] = []
        for key, item in node.pairs:
            if key.text == "<<" and not key.quoted:
                merged += self.merged(item)
                continue
            inner = (*path, key.text)
            self.plain.keys[inner] = self.plain.source.span(key.span)
            made[key.text] = self.value(item, inner)
        for other in merged:
            for name, value in self.mapping_of(other, path).items():
                made.setdefault(name, value)
        return made

    def merged(self, item: Node) -> list[Mapping]:
        """Return the mappings under ``<<``; anything else there is a finding."""
        for each in _several(item):
            if not isinstance(each, Mapping):
                position = self.plain.source.span(each.span)
                message = "<< merges mappings, and this is none"
                self.plain.findings.append(
                    codes.DECLARATION_FORM.at(message, position=position, repair="write an alias of a mapping")
                )
        return [each for each in _several(item) if isinstance(each, Mapping)]

    def mapping_of(self, node: Mapping, path: Path) -> dict[str, Any]:
        """Return a mapping that is merged in; positions of keys that the document has itself are kept."""
        inner = _Reader(Plain(self.plain.source))
        made = inner.mapping(node, path)
        for positions, found in ((self.plain.places, inner.plain.places), (self.plain.keys, inner.plain.keys)):
            for where, position in found.items():
                positions.setdefault(where, position)
        return made


def _several(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def _scalar(node: Scalar) -> Any:
    text = node.text
    if node.string:
        return text
    if text.lower() in _WORDS and text in {text.lower(), text.upper(), text.capitalize()}:
        return _WORDS[text.lower()]
    if _INTEGER.match(text) and len(text) < sys.int_info.default_max_str_digits // 4:
        return int(text)
    if _FLOAT.match(text) and any(character.isdigit() for character in text):
        number = float(text)
        return number if math.isfinite(number) else BareWord(text)
    return BareWord(text)


# ---- TOML -------------------------------------------------------------------------------------------------


def _toml(source: SourceText) -> Plain:
    """Read TOML with the standard library, which reports no positions; those of keys are searched for."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    plain = Plain(source)
    try:
        plain.data = _toml_value(tomllib.loads(source.text), 0)
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        message = f"it is nested more than {_DEEPEST} levels deep" if deep else str(error).partition(";")[0]
        found = re.search(r"\(at line (\d+), column (\d+)\)", message)
        at = source.offset(int(found[1]) - 1, int(found[2]) - 1) if found else len(source.text)
        position = source.at(at, min(at + 1, len(source.text)))
        plain.findings.append(
            codes.DECLARATION_FORM.at(f"this is no TOML: {message}", position=position, repair="mend the TOML")
        )
        return plain
    plain.places[()] = source.at(0)
    for path, span in _toml_keys(source.text):
        value = _TOML_VALUE.match(source.text, span.end)
        plain.keys.setdefault(path, source.span(span))
        plain.places.setdefault(path, source.span(Span(value.start(1), value.end(1)) if value else span))
    return plain


_DEEPEST = 64


def _toml_value(data: Any, depth: int) -> Any:
    """Return a TOML value as one that YAML and JSON can express; dates, NaN and infinities become bare words."""
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(data, dict):
        return {name: _toml_value(value, depth + 1) for name, value in data.items()}
    if isinstance(data, list):
        return [_toml_value(value, depth + 1) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return BareWord(data)
    if type(data) is int and data.bit_length() > _MOST_BITS:
        return BareWord(hex(data))
    return data if isinstance(data, (str, bool, int, float)) else BareWord(data)


_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_PATH = rf"[ \t]*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*"
_HEADER = re.compile(rf"^[ \t]*(\[\[?){_PATH}\]\]?[ \t]*(?:#.*)?\r?$")
_PAIR = re.compile(rf"^{_PATH}=")
_PART = re.compile(_KEY)
_TOML_VALUE = re.compile(r"""[ \t]*=[ \t]*("(?:[^"\\\n]|\\.)*"(?!")|'[^'\n]*'(?!')|[^\s"'#,{}\[\]]+)""")
_MOST_BITS = 4000  # less than the largest integer that Python converts to digits


def _toml_keys(text: str) -> Iterator[tuple[Path, Span]]:
    """Yield the paths of the tables and keys in a TOML text that are at the beginning of a line."""
    table: Path = ()
    counts: dict[Path, int] = {}
    at = 0
    for line in text.splitlines(keepends=True):
        header, pair = _HEADER.match(line), _PAIR.match(line)
        if header is not None:
            table = tuple(part.strip("\"'") for part in _PART.findall(header[2]))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, Span(at + header.start(2), at + header.end(2))
        elif pair is not None:
            path = (*table, *(part.strip("\"'") for part in _PART.findall(pair[1])))
            yield path, Span(at + pair.start(1), at + pair.end(1))
        at += len(line)
