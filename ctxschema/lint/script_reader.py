"""Reading the shell script of a one-apps appliance without running it: its parameters and defaults.

Source: docs/facts/opennebula.md, section 1.6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.later import later
from ctxschema.core.source import SourceText
from ctxschema.lint.document import Document, Entry, Kind, Parameter, Script
from ctxschema.lint.pieces import joined
from ctxschema.lint.published import early_findings

WORDS = 4
"""The number of words of a parameter."""

_ARRAY = later(r"^[ \t]*ONE_SERVICE_PARAMS\+?=\(", re.MULTILINE)
_BETWEEN = later(r"[ \t\r\n]+|\\\n|#[^\n]*")
_PIECE = later(r"""'([^']*)'|\$?"([^"\\]*(?:\\.[^"\\]*)*)"|\\(?:\n()|(.))|[^\s'"()\\]+""", re.DOTALL)
_IN_SINGLE = later(r"(?<=\\)'|'([^'\n]*)'")
_DEFAULT = later(
    r"""^[ \t]*(?:export[ \t]+|readonly[ \t]+|declare[ \t]+(?:-\w+[ \t]+)?)?
        (?P<name>\w+)=(?P<quote>"?)\$\{(?P=name):?[-=]
        (?P<value>(?:'[^'\n]*'|\\')+(?=\})|[^}\n]*)\}(?P=quote)""",
    re.MULTILINE | re.VERBOSE,
)


def read_script(source: SourceText) -> Document:
    """Return a shell script as a document; it has no parts if it is not an appliance's."""
    found = _ARRAY.search(source.text)
    findings = list(early_findings(source))
    if found is None:
        return Document(None, source, findings=tuple(findings))
    parameters: list[Parameter] = []
    while found is not None:
        words, end, finding = _words(source, found.end())
        if [word.name for word in words] == [":"]:
            words = []  # a single word declares nothing, but keeps the array from being empty
        parameters += _parameters(words, findings)
        if finding is not None:
            findings.append(finding)
            break
        found = _ARRAY.search(source.text, end)
    return Document(Kind.SCRIPT, source, (Script(tuple(parameters), tuple(_defaults(source))),), tuple(findings))


def _words(source: SourceText, at: int) -> tuple[list[Entry], int, Finding | None]:
    """Return the words of an array, the offset of its end, and a finding if it is malformed."""
    words: list[Entry] = []
    text = source.text
    while True:
        while between := _BETWEEN.match(text, at):
            at = between.end()
        if text.startswith(")", at):
            return words, at, None
        word, end = _word(source, at)
        if word is None:
            message = "ONE_SERVICE_PARAMS is never closed, or holds what cannot be read without running it"
            finding = codes.PARAMS_COUNT.at(message, position=source.at(at), repair="close it with )")
            return words, at, finding
        words.append(word)
        at = end


def _word(source: SourceText, start: int) -> tuple[Entry | None, int]:
    """Return the word at an offset without its quotes, and the offset of its end; None if there is none."""
    at, spans = start, []
    while piece := _PIECE.match(source.text, at):
        spans.append(piece.span(piece.lastindex or 0))
        at = piece.end()
    if at == start:
        return None, start
    value = joined(source, spans)
    return Entry(value.text, source.at(start, at), value), at


def _parameters(words: list[Entry], findings: list[Finding]) -> Iterator[Parameter]:
    for at in range(0, len(words), WORDS):
        group = words[at : at + WORDS]
        if len(group) < WORDS:
            message = f"{len(group)} words left over: every parameter has {WORDS}"
            findings.append(codes.PARAMS_COUNT.at(message, variable=group[0].name, position=group[0].name_position))
            return
        name, stage, description, given = group
        if not name.name:
            message = "an empty name; what stands behind it is never read"
            findings.append(codes.PARAMS_BLANK_NAME.at(message, position=name.name_position))
            return
        yield Parameter(name.name, name.name_position, stage, description, given)


def _defaults(source: SourceText) -> Iterator[Entry]:
    for match in _DEFAULT.finditer(source.text):
        if not match["quote"] and match["value"].startswith("'"):
            value = unquoted(source, *match.span("value"))
        else:
            value = joined(source, [match.span("value")])
        yield Entry(match["name"], source.at(*match.span("name")), value)


def unquoted(source: SourceText, start: int, end: int) -> SourceText:
    """Return the value of a word in single quotes; in a default, outside double quotes, they quote."""
    return joined(source, [piece.span(piece.lastindex or 0) for piece in _IN_SINGLE.finditer(source.text, start, end)])
