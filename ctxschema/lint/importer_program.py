"""Importing the programs of one-apps: the parameters of a bash appliance, and what a Ruby one reads with ``env``.

Sources: opennebula.md, section 1.6, and flower-shipped.md.
"""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position, SourceText
from ctxschema.declaration.kinds import YesOrNo
from ctxschema.grammar.parser import parse_user_input
from ctxschema.grammar.types import TYPES
from ctxschema.lint.document import Entry, Parameter, Script
from ctxschema.lint.importer_draft import Draft
from ctxschema.lint.importer_input import Guess, of_definition, of_value
from ctxschema.lint.script_reader import read_script
from ctxschema.model.texts import LABEL_HAZARDS, without_hazards
from ctxschema.model.variable import Maker, Stage

_SPEC = re.compile(r"[MOmo0]\|[a-z0-9-]+\s*(\||\Z)")
"""The fourth column with flag and type; without them, the column is the default."""

_MADE = (
    (Maker.PASSWORD, re.compile(r"gen_password|gen_pass\b|openssl\s+rand|pwgen|SecureRandom\.(?!uuid)|/dev/u?random")),
    (Maker.UUID, re.compile(r"uuidgen|SecureRandom\.uuid|/random/uuid")),
    (Maker.ADDRESS, re.compile(r"get_local_ip|hostname\s+(?:-I|--all-ip-addresses)"
                               r"|\bip\s+(?:-\S+\s+)*(?:a|addr|route)\b|ip_address_list|\bdetect_addrs\b|\bip_addr")),
    (Maker.HOSTNAME, re.compile(r"\$\(\s*hostname\b|`hostname\b|Socket\.gethostname|/etc/hostname|\$\{?HOSTNAME\b")),
)  # fmt: skip
_COMPUTED = re.compile(r"\$\(|`|\$\{?\w")
_WITH_CODE = re.compile(
    r"""^[ \t]*(?:export[ \t]+|readonly[ \t]+)?(?P<name>[A-Z_]\w*)=(?P<quote>"?)\$\{(?P=name):?[-=]
        (?P<value>.*)\}(?P=quote)[ \t]*(?:\#.*)?$""",
    re.MULTILINE | re.VERBOSE,
)
_USED = re.compile(r"\$\{?([A-Z_][A-Z0-9_]*)\b")
_TITLES = {"ONE_SERVICE_NAME": "title", "ONE_SERVICE_SHORT_DESCRIPTION": "summary"}
_TITLE = re.compile(
    r"""^(ONE_SERVICE_NAME|ONE_SERVICE_SHORT_DESCRIPTION)=(?:'([^'\n]*)'|"([^"\n$`]*)")""", re.MULTILINE
)


def made_by(code: str) -> Maker | None:
    """Return the generator that the code of a default corresponds to, or None if a declaration cannot express it."""
    return next((maker for maker, pattern in _MADE if pattern.search(code)), None)


def import_bash(draft: Draft, source: SourceText) -> bool:
    """Read a bash appliance; return whether the text is one."""
    document = read_script(source)
    if document.kind is None:
        return False
    draft.findings += document.findings
    for match in _TITLE.finditer(source.text):
        field = _TITLES[match[1]]
        if not getattr(draft, field):
            setattr(draft, field, draft.text(field, match[2] or match[3] or "", source.at(*match.span())))
    parameters = [each for part in document.parts if isinstance(part, Script) for each in part.parameters]
    defaults = _bash_defaults(source, document.parts)
    specs = any(_SPEC.match(each.input.value.text) for each in parameters)
    if not specs and not any(each.input.value.text for each in parameters):
        specs = True  # without any flag and type, no parameter is exposed
    asked = draft.asked
    for each in parameters:
        guess = _parameter(each, defaults.get(each.key), specs=specs)
        _program_variable(draft, guess, asked=asked)
    named = {each.key for each in parameters}
    for name, entry in defaults.items():
        if name not in named and name.startswith("ONEAPP_"):
            guess = Guess(name, entry.name_position)
            guess.label("")
            guess.data["hidden"] = True
            _bash_default(guess, entry, text=True)
            _program_variable(draft, guess, asked=asked)
    draft.read = {**(draft.read or {}), **{each.key: each.name_position for each in parameters}}
    for match in _USED.finditer(source.text):
        draft.read.setdefault(match[1], source.at(*match.span(1)))
    return True


def _bash_defaults(source: SourceText, parts: tuple[object, ...]) -> dict[str, Entry]:
    found = {entry.key: entry for part in parts if isinstance(part, Script) for entry in part.defaults}
    for match in _WITH_CODE.finditer(source.text):
        entry = found.get(match["name"])
        if _COMPUTED.search(match["value"]) or entry is None:
            value = SourceText(match["value"], source.name, parent=source, anchors=((0, match.start("value")),))
            found[match["name"]] = Entry(match["name"], source.at(*match.span("name")), value)
    return found


def _parameter(each: Parameter, default: Entry | None, *, specs: bool) -> Guess:
    given, label = each.input.value, each.description.value.text
    if not specs:
        guess = of_value(each.key, label, given.text, given.at(0, len(given.text)))
        if default is not None and _COMPUTED.search(default.value.text) and not given.text:
            _bash_default(guess, default, text=False)
        elif default is not None and not _same(default.value.text, given.text):
            message = f"the parameter says {quoted(given.text)}, and the script applies {quoted(default.value.text)}"
            guess.note(message, codes.IMPORT_DISAGREE, default.position)
    elif not given.text:
        guess = Guess(each.key, each.name_position)
        guess.label(label)
        guess.data["hidden"] = True
        if default is not None:
            _bash_default(guess, default, text=True)
    else:
        flag, _, kind = given.text.partition("|")
        text = default.value.text if default is not None else ""
        simple = "" if _COMPUTED.search(text) else text
        words = [*kind.split("|"), "", "", ""]
        whole = "|".join((flag, words[0], label.replace("|", "/"), words[2], words[3] or simple))
        guess = of_definition(each.key, parse_user_input(SourceText(whole, placed=False)), each.name_position)
        guess.findings = [_at(guess, finding.message, each.name_position, finding.code) for finding in guess.findings]
        if default is not None and simple != text:
            guess.data.pop("default", None)
            _bash_default(guess, default, text=False)
    _stage(guess, each.stage)
    return guess


def _at(guess: Guess, message: str, place: Position, code: str) -> Finding:
    return next(each for each in codes.TABLE if each.id == code).at(message, variable=guess.name, position=place)


def _same(text: str, given: str) -> bool:
    return not text or text == given or _COMPUTED.search(text) is not None


def _bash_default(guess: Guess, default: Entry, *, text: bool) -> None:
    """Set the default that a script applies, or what the machine generates."""
    found = default.value.text
    if _COMPUTED.search(found):
        _made(guess, found, default.position)
    elif text and found:
        other = of_value(guess.name, guess.data["label"], found, default.position)
        guess.data = {**other.data, **guess.data}
        guess.findings += other.findings


def _made(guess: Guess, code: str, place: Position) -> None:
    maker = made_by(code)
    if maker is None:
        message = f"the default is computed ({quoted(code)}), in a way that a declaration cannot say; it is left out"
        guess.note(message, codes.IMPORT_COMPUTED, place)
        return
    guess.data["made"] = maker.value
    guess.data.pop("default", None)
    if maker is Maker.PASSWORD and guess.data.get("kind", "text") == "text":
        guess.data["kind"] = "password"


def _stage(guess: Guess, stage: Entry) -> None:
    known = {each.value for each in Stage}
    if stage.value.text not in known:
        guess.note(f"the stage {quoted(stage.value.text)} is taken for configure", place=stage.position)
    elif stage.value.text != Stage.CONFIGURE.value:
        guess.data["stage"] = stage.value.text


def _program_variable(draft: Draft, guess: Guess, *, asked: bool) -> None:
    """Add a variable that a program reads. If there is a template, only its inputs are asked for."""
    there = draft.variables.get(guess.name)
    if there is None:
        if asked and "hidden" not in guess.data:
            guess.note("no template asks for it, so that it is hidden")
            guess.data["hidden"] = True
            guess.data.pop("mandatory", None)
        draft.add(guess)
        return
    for name in ("stage", "help"):
        if name in guess.data:
            there.setdefault(name, guess.data[name])
    before, now = there.get("default"), guess.data.get("default")
    if "made" in guess.data and before in {None, ""}:
        there.pop("default", None)
        there["made"] = guess.data["made"]
    elif now not in (None, "") and before not in (None, "") and str(now) != str(before):
        message = f"{guess.name}: the template says {quoted(str(before))}, and the script {quoted(str(now))}"
        draft.note(codes.IMPORT_DISAGREE, message, guess.place, guess.name)
    elif now not in (None, "") and before in (None, ""):
        message = f"{guess.name}: the template has no default, and the script applies {quoted(str(now))}"
        draft.note(codes.IMPORT_DISAGREE, message, guess.place, guess.name)


# ---- Ruby ----

_ENV = re.compile(
    r"""^[ \t]*(?P<constant>[A-Z]\w*)[ \t]*=[ \t]*env[ \t]*\(?[ \t]*
        (?::|(?P<quote>['"]))(?P<name>[A-Z]\w*)(?(quote)(?P=quote))
        (?:[ \t]*,[ \t\n]*(?P<default>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n#]|\\.|\#(?!\{))*"|[^\n]*?))?
        [ \t]*\)?[ \t]*(?:\#(?P<behind>[^\n]*))?$""",
    re.MULTILINE | re.VERBOSE,
)
_INTEGER = re.compile(r"(?:0|[1-9][0-9]{0,17})\Z")
_LITERAL = re.compile(r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\Z""", re.DOTALL)
_SINGLE = re.compile(r"\\(['\\])")
_DOUBLE = re.compile(r"\\(.)", re.DOTALL)
_NOT_ASKED = re.compile(r"\bnot (?:be )?exposed\b", re.IGNORECASE)
_RULE = re.compile(r"[-=#*\s]*\Z")
_EXPECTED = re.compile(r"<[^>]*>")
_ESCAPED = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "s": " ",
    "0": "\0",
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


def import_ruby(draft: Draft, source: SourceText) -> bool:
    """Read a Ruby appliance; return whether the text is one."""
    found = list(_ENV.finditer(source.text))
    if not found:
        return False
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
        _program_variable(draft, guess, asked=draft.asked)
    if constants:
        draft.extra.setdefault("ruby", {})["constants"] = constants
    draft.read = {**(draft.read or {}), **reads}
    return True


def _ruby_default(guess: Guess, match: re.Match[str], source: SourceText) -> None:
    text = (match["default"] or "nil").strip()
    place = source.at(*match.span("default")) if match["default"] else guess.place
    if text == "nil":
        return
    if _INTEGER.match(text):
        guess.data |= {"kind": "number", "default": int(text)}
    elif (value := ruby_text(text)) is None:
        _made(guess, text, place)
    elif value in {"YES", "NO"}:
        guess.data |= {"kind": "boolean", "default": YesOrNo(value)}
    else:
        other = Guess(guess.name, place, data={"label": guess.data["label"]})
        other.default(value, TYPES["text"], place)
        guess.findings += other.findings
        if value == "" or "default" in other.data:
            guess.data["default"] = other.data.get("default", "")


def ruby_text(literal: str) -> str | None:
    """Return the value of a Ruby string literal; None if it is not one, or contains code."""
    if not _LITERAL.match(literal):
        return None
    inner = literal[1:-1]
    if literal[0] == "'":
        return _SINGLE.sub(r"\1", inner)
    if "#{" in inner or re.search(r"\\[uxcCM0-7]", inner):
        return None
    return _DOUBLE.sub(lambda match: _ESCAPED.get(match[1], match[1]), inner)


def _above(text: str, match: re.Match[str]) -> _Description:
    """Return the text of the comment above a line, or else at its end."""
    lines: list[str] = []
    if _NOT_ASKED.search(_block(text, match.start())):
        match_of_note = re.search(
            r"(?:^|# )Not exposed to the user: (.*)", _block(text, match.start()).replace(" # ", " ")
        )
        return _said(match_of_note[1]) if match_of_note else _Description()
    for line in reversed(text[: match.start()].splitlines()):
        stripped = line.strip()
        if not stripped.startswith("#"):
            break
        words = stripped.lstrip("#").strip()
        if _RULE.match(stripped) and not words:
            if lines:
                break
            continue
        if not _RULE.match(stripped):
            lines.insert(0, words)
    if not lines and match["behind"]:
        lines = [match["behind"].strip()]
    return _said(" ".join(lines))


def _block(text: str, at: int) -> str:
    """Return the comment above a group of lines that ends before a blank line."""
    lines = text[:at].rpartition("\n\n")[2].splitlines()
    return " ".join(line for line in lines if line.lstrip().startswith("#"))


def _headings(text: str) -> dict[str, _Description]:
    """Return the text about each name in a comment that describes several names."""
    lines_of: dict[str, list[str]] = {}
    current = ""
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped.startswith("#"):
            current = ""
            continue
        words = stripped.lstrip("#").strip()
        name = re.match(r"(ONEAPP_[A-Z0-9_]+)\b[:\s-]*(.*)", words)
        if name is not None:
            current = name[1]
            lines_of[current] = [name[2]]
        elif not words or _RULE.match(stripped):
            current = ""
        elif current:
            lines_of[current].append(words)
    return {name: _said(_EXPECTED.sub("", " ".join(lines)).strip()) for name, lines in lines_of.items()}


def _said(text: str) -> _Description:
    """Return a comment as a label, which is its first sentence, and a help text, if there is more."""
    text = without_hazards(" ".join(text.split()), LABEL_HAZARDS)
    first, dot, rest = text.partition(". ")
    return _Description(first.rstrip("."), f"{first}{dot}{rest}" if rest else "")
