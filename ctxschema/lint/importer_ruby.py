"""Importing a one-apps appliance in Ruby, from what it reads with ``env``.

Sources: docs/facts/opennebula.md, section 1.6, and flower-shipped.md.
"""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.core import codes
from ctxschema.core.source import Position, SourceText
from ctxschema.declaration.kinds import YesOrNo
from ctxschema.grammar.types import TYPES
from ctxschema.lint.importer_draft import Draft
from ctxschema.lint.importer_input import Guess
from ctxschema.lint.importer_program import add_variable, set_made
from ctxschema.model.texts import LABEL_HAZARDS, without_hazards

_ENV = re.compile(
    r"""^[ \t]*(?P<constant>[A-Z]\w*)[ \t]*=[ \t]*env[ \t]*\(?[ \t]*
        (?::|(?P<quote>['"]))(?P<name>[A-Z]\w*)(?(quote)(?P=quote))
        (?:[ \t]*,[ \t\n]*(?P<default>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n#]|\\.|\#(?!\{))*"|[^\n]*?))?
        [ \t]*\)?[ \t]*(?:\#(?!\{)(?P<behind>[^\n]*))?$""",
    re.MULTILINE | re.VERBOSE,
)
_INTEGER = re.compile(r"(?:0|[1-9][0-9]{0,17})\Z")
_LITERAL = re.compile(r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\Z""", re.DOTALL)
_SINGLE = re.compile(r"\\(['\\])")
_DOUBLE = re.compile(r"\\(.)", re.DOTALL)
_NOT_ASKED = re.compile(r"\bnot (?:be )?exposed\b", re.IGNORECASE)
_NOT_EXPOSED = "Not exposed to the user: "
"""The words before the label of a variable that is not asked for, in a ``config.rb`` of ours."""

_RULE = re.compile(r"[-=#*\s]*\Z")
_EXPECTED = re.compile(r"<[^>]*>")
_CODES = frozenset("uxcCM01234567")
"""The letters behind a backslash with which the code of a character begins."""

_ESCAPED = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "s": " ",
    "e": "\x1b",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
}


@frozen
class _Description:
    """The label and the help that comments give a name."""

    label: str = ""
    help: str = ""


def import_ruby(draft: Draft, source: SourceText) -> None:
    """Read a Ruby appliance; any other program says nothing."""
    found = list(_ENV.finditer(source.text))
    if not found:
        return
    headings = _headings(source.text)
    constants: dict[str, str] = {}
    reads: dict[str, Position] = {}
    for match in found:
        name = match["name"].upper()
        place = source.at(*match.span("name"))
        if name in reads:
            draft.note(codes.IMPORT_GUESSED, f"{name} is read twice; the first default counts", place, name)
            continue
        reads[name] = place
        guess = Guess(name, place)
        described = headings.get(name) or _above(source.text, match)
        guess.label(described.label)
        if described.help:
            guess.data["help"] = described.help
        _ruby_default(guess, match, source)
        if not name.startswith("ONEAPP_") or _NOT_ASKED.search(_block(source.text, match.start())):
            guess.data["hidden"] = True
        if match["constant"] != name:
            constants[name] = match["constant"]
        add_variable(draft, guess, asked=draft.asked)
    if constants:
        draft.extra.setdefault("ruby", {}).setdefault("constants", {}).update(constants)
    draft.read = {**(draft.read or {}), **reads}


def _ruby_default(guess: Guess, match: re.Match[str], source: SourceText) -> None:
    text = (match["default"] or "nil").strip()
    if text == "nil":
        return
    place = source.at(*match.span("default"))
    if _INTEGER.match(text):
        guess.data |= {"kind": "number", "default": int(text)}
    elif (value := ruby_text(text)) is None:
        set_made(guess, text, place)
    elif value in {"YES", "NO"}:
        guess.data |= {"kind": "boolean", "default": YesOrNo(value)}
    elif value:
        guess.default(value, TYPES["text"], place)
    else:
        guess.data["default"] = ""


def ruby_text(literal: str) -> str | None:
    """Return the value of a Ruby string literal; None if it is not one, or contains code."""
    if not _LITERAL.match(literal):
        return None
    inner = literal[1:-1]
    if literal[0] == "'":
        return _SINGLE.sub(r"\1", inner)
    if "#{" in inner or any(match[1] in _CODES for match in _DOUBLE.finditer(inner)):
        return None
    return _DOUBLE.sub(lambda match: _ESCAPED.get(match[1], match[1]), inner)


def _above(text: str, match: re.Match[str]) -> _Description:
    """Return the text of the comment above a line, or else at its end."""
    block = _block(text, match.start())
    if _NOT_ASKED.search(block):
        return _said(block.partition(_NOT_EXPOSED)[2])
    lines: list[str] = []
    for line in reversed(text[: match.start()].splitlines()):
        stripped = line.strip()
        if not stripped.startswith("#"):
            break
        words = stripped.lstrip("#").strip()
        if not words and lines:
            break
        if not _RULE.match(words):
            lines.insert(0, words)
    if not lines and match["behind"]:
        lines = [match["behind"].strip()]
    return _said(" ".join(lines))


def _block(text: str, at: int) -> str:
    """Return the words of the comments above a group of lines that ends before a blank line."""
    lines = (line.strip() for line in text[:at].rpartition("\n\n")[2].splitlines())
    return " ".join(line.lstrip("#").strip() for line in lines if line.startswith("#"))


def _headings(text: str) -> dict[str, _Description]:
    """Return the text about each name in a comment that describes several names."""
    lines_of: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in map(str.strip, text.splitlines()):
        words = line.lstrip("#").strip()
        name = re.match(r"(ONEAPP_[A-Z0-9_]+)\b[:\s-]*(.*)", words)
        if not line.startswith("#") or _RULE.match(words):
            lines = []
        elif name is not None:
            lines = lines_of[name[1]] = [name[2]]
        else:
            lines.append(words)
    return {name: _said(_EXPECTED.sub("", " ".join(lines))) for name, lines in lines_of.items()}


def _said(text: str) -> _Description:
    """Return a comment as a label, which is its first sentence, and a help text, if there is more."""
    text = without_hazards(" ".join(text.split()), LABEL_HAZARDS)
    first, dot, rest = text.partition(". ")
    return _Description(first.rstrip("."), f"{first}{dot}{rest}" if rest else "")
