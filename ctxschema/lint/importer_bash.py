"""Importing a one-apps appliance in bash, from its parameters and defaults.

Sources: docs/facts/opennebula.md, section 1.6, and flower-shipped.md.
"""

from __future__ import annotations

import re

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position, SourceText
from ctxschema.grammar.parser import parse_user_input
from ctxschema.lint.document import Entry, Parameter, Script
from ctxschema.lint.importer_draft import Draft
from ctxschema.lint.importer_input import Guess, of_definition, of_value
from ctxschema.lint.importer_program import add_variable, set_made
from ctxschema.lint.pieces import joined
from ctxschema.lint.script_reader import read_script
from ctxschema.model.variable import Stage

_SPEC = re.compile(r"[MOmo0]\|[a-z0-9-]+\s*(\||\Z)")
"""The fourth column with flag and type; without them, the column is the default."""

_COMPUTED = re.compile(r"\$\(|`|\$\{?\w")
_WITH_CODE = re.compile(
    r"""^[ \t]*(?:export[ \t]+|readonly[ \t]+|declare[ \t]+(?:-\w+[ \t]+)?)?
        (?P<name>\w+)=(?P<quote>"?)\$\{(?P=name):?[-=]
        (?P<value>.*)\}(?P=quote)[ \t]*(?:\#.*)?$""",
    re.MULTILINE | re.VERBOSE,
)
_USED = re.compile(r"\$\{?([A-Z_]\w*)")
_TITLES = {"ONE_SERVICE_NAME": "title", "ONE_SERVICE_SHORT_DESCRIPTION": "summary"}
_TITLE = re.compile(
    r"""^(ONE_SERVICE_NAME|ONE_SERVICE_SHORT_DESCRIPTION)=(?:'([^'\n]*)'|"([^"\n$`]*)")""", re.MULTILINE
)


def import_bash(draft: Draft, source: SourceText) -> None:
    """Read a bash appliance; any other script says nothing."""
    document = read_script(source)
    if document.kind is None:
        return
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
        add_variable(draft, guess, asked=asked)
    named = {each.key for each in parameters}
    for name, entry in defaults.items():
        if name not in named and name.startswith("ONEAPP_"):
            guess = Guess(name, entry.name_position)
            guess.label("")
            guess.data["hidden"] = True
            _bash_default(guess, entry)
            add_variable(draft, guess, asked=asked)
    draft.read = {**(draft.read or {}), **{each.key: each.name_position for each in parameters}}
    for match in _USED.finditer(source.text):
        draft.read.setdefault(match[1], source.at(*match.span(1)))


def _bash_defaults(source: SourceText, parts: tuple[object, ...]) -> dict[str, Entry]:
    found = {entry.key: entry for part in parts if isinstance(part, Script) for entry in part.defaults}
    for match in _WITH_CODE.finditer(source.text):
        entry = found.get(match["name"])
        if _COMPUTED.search(match["value"]) or entry is None:
            value = joined(source, [match.span("value")])
            found[match["name"]] = Entry(match["name"], source.at(*match.span("name")), value)
    return found


def _parameter(each: Parameter, default: Entry | None, *, specs: bool) -> Guess:
    given, label = each.input.value, each.description.value.text
    if not specs:
        guess = of_value(each.key, label, given.text, given.at(0, len(given.text)))
        if default is not None and _COMPUTED.search(default.value.text) and not given.text:
            _bash_default(guess, default)
        elif default is not None and not _same(default.value.text, given.text):
            message = f"the parameter says {quoted(given.text)}, and the script applies {quoted(default.value.text)}"
            guess.note(message, codes.IMPORT_DISAGREE, default.position)
    elif not given.text:
        guess = Guess(each.key, each.name_position)
        guess.label(label)
        guess.data["hidden"] = True
        if default is not None:
            _bash_default(guess, default)
    else:
        flag, _, kind = given.text.partition("|")
        text = default.value.text if default is not None else ""
        simple = "" if _COMPUTED.search(text) else text
        words = [*kind.split("|"), "", "", ""]
        whole = "|".join((flag, words[0], label.replace("|", "/"), words[2], words[3] or simple))
        guess = of_definition(each.key, parse_user_input(SourceText(whole)), each.name_position)
        guess.findings = [_at(guess, finding.message, each.name_position, finding.code) for finding in guess.findings]
        if default is not None and simple != text:
            guess.data.pop("default", None)
            _bash_default(guess, default)
    _stage(guess, each.stage)
    return guess


def _at(guess: Guess, message: str, place: Position, code: str) -> Finding:
    return next(each for each in codes.TABLE if each.id == code).at(message, variable=guess.name, position=place)


def _same(text: str, given: str) -> bool:
    return not text or text == given or _COMPUTED.search(text) is not None


def _bash_default(guess: Guess, default: Entry) -> None:
    """Set the default that a script applies, or what the machine generates."""
    found = default.value.text
    if _COMPUTED.search(found):
        set_made(guess, found, default.position)
    elif found:
        other = of_value(guess.name, guess.data["label"], found, default.position)
        guess.data = {**other.data, **guess.data}
        guess.findings += other.findings


def _stage(guess: Guess, stage: Entry) -> None:
    known = {each.value for each in Stage}
    if stage.value.text not in known:
        guess.note(f"the stage {quoted(stage.value.text)} is taken for configure", place=stage.position)
    elif stage.value.text != Stage.CONFIGURE.value:
        guess.data["stage"] = stage.value.text
