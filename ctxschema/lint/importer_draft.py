"""The draft of a declaration, to which each file of an appliance adds."""

from __future__ import annotations

import re
from typing import Any

from attrs import define, field

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Finding
from ctxschema.core.names import suggestion
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position
from ctxschema.lint.checks.secrets import SECRET_WORD
from ctxschema.lint.importer_input import Guess
from ctxschema.model.texts import LABEL_HAZARDS, context_hazards, hazards, without_hazards

NAME = re.compile(r"(?!XML)[A-Z_][A-Z0-9_]*\Z")
"""A name that a variable can have."""

WHY = "stands in the template that this was imported from"
SWITCHES = {"TOKEN"}
"""Names that look like those of secrets but are not: TOKEN says whether a machine gets a OneGate token."""

_ORDER = (
    *("label", "kind", "default", "help", "group", "scope", "options", "limits"),
    *("input_name", "mandatory", "hidden", "stage", "made"),
)
_SHOWN = ("kind", "default", "mandatory", "options")


@define
class Draft:
    """A draft of a declaration.

    Attributes:
        name: The name of the appliance.
        title: Its title, if a file has one.
        summary: Its summary, likewise.
        variables: The variables as plain data, by name.
        places: The position at which each variable was first found.
        infrastructure: The other entries of CONTEXT.
        parts: The other fields of the declaration.
        extra: Data that is copied into the declaration's ``extra``.
        read: The names that a script of the appliance reads; None if there is no script.
        asked: Whether a template asks users for variables.
        findings: The findings so far.
    """

    name: str
    title: str = ""
    summary: str = ""
    variables: dict[str, dict[str, Any]] = field(factory=dict)
    places: dict[str, Position] = field(factory=dict)
    infrastructure: dict[str, str] = field(factory=dict)
    parts: dict[str, Any] = field(factory=dict)
    extra: dict[str, dict[str, Any]] = field(factory=dict)
    read: dict[str, Position] | None = None
    asked: bool = False
    findings: list[Finding] = field(factory=list)

    def note(self, code: Code, message: str, place: Position | None = None, variable: str | None = None) -> None:
        """Add a finding."""
        self.findings.append(code.at(message, position=place, variable=variable))

    def text(self, where: str, text: str, place: Position | None) -> str:
        """Return a title or a summary with characters replaced that some consumer cannot carry."""
        fit = without_hazards(text, LABEL_HAZARDS)
        if fit != text:
            hazards_found = ", ".join(words for words, _ in hazards(text, LABEL_HAZARDS))
            self.note(codes.IMPORT_GUESSED, f"the {where} had {hazards_found}", place)
        return fit

    def add(self, guess: Guess) -> None:
        """Add a variable; if there is a different one with the same name, add a finding."""
        name = guess.name
        if not NAME.match(name):
            message = f"{quoted(name)} is no name for a variable, and is left out"
            self.note(codes.IMPORT_LEFT_OUT, message, guess.place, name)
            return
        there = self.variables.get(name)
        if there is None:
            self.variables[name], self.places[name] = guess.data, guess.place
            self.findings += guess.findings
            return
        differ = [each for each in _SHOWN if there.get(each) != guess.data.get(each)]
        if differ:
            differences = ", ".join(f"{each} {_said(there, each)} and {_said(guess.data, each)}" for each in differ)
            message = f"{name} is declared twice: {differences}; the first counts"
        else:
            message = f"{name} stands twice; the first is declared"
        self.note(codes.IMPORT_DISAGREE if differ else codes.IMPORT_GUESSED, message, guess.place, name)

    def entry(self, name: str, value: str, place: Position | None) -> None:
        """Add an entry of CONTEXT that is not a variable."""
        key = name.upper()
        if not NAME.match(key):
            message = f"CONTEXT sets {quoted(name)}, which is no name that it keeps, and is left out"
            self.note(codes.IMPORT_LEFT_OUT, message, place)
        elif in_clear(key, value):
            message = f"CONTEXT sets {key}, a secret by its name, which is left out"
            self.note(codes.IMPORT_SECRET, message, place, key)
        elif any(context_hazards(value)):
            self.extra["template"].setdefault("CONTEXT", {}).setdefault(key, value)
        else:
            self.infrastructure.setdefault(key, value)

    def unread(self, used: dict[str, Position], where: str) -> None:
        """Add findings for names that a file sets but no script reads."""
        for name, place in used.items():
            if self.read is not None and name not in self.read:
                hint = suggestion(name, [each for each in self.read if each not in used])
                message = f"{name} stands in {where}, and the script does not read it{hint}"
                self.note(codes.IMPORT_UNREAD, message, place, name)

    def unread_by_template(self, used: dict[str, Position]) -> None:
        """Add findings for names that a file sets but no template asks for, if there is no script."""
        for name, place in used.items() if self.asked else ():
            if name not in self.variables:
                message = (
                    f"{name} stands in metadata.yaml, and no template asks for it{suggestion(name, self.variables)}"
                )
                self.note(codes.IMPORT_DISAGREE, message, place, name)

    def data(self) -> dict[str, Any]:
        """Return the declaration as plain data in the form of the schema."""
        made: dict[str, Any] = {"name": self.name}
        title = self.title or without_hazards(self.name, LABEL_HAZARDS)
        if title != self.name:
            made["title"] = title
        if self.summary:
            made["summary"] = self.summary
        taken = {name for variable in self.variables for name in (variable, variable.removeprefix("FL_"))}
        for name in self.variables:  # the short name lacks the prefix
            if name.startswith("FL_") and name.removeprefix("FL_") in self.variables:
                self.variables[name]["input_name"] = name
        made["variables"] = {
            name: {key: data[key] for key in _ORDER if key in data} for name, data in self.variables.items()
        }
        infrastructure = {name: value for name, value in self.infrastructure.items() if name not in taken}
        if infrastructure:
            made["infrastructure"] = [
                {"name": name, "value": value, "why": WHY} for name, value in infrastructure.items()
            ]
        made |= self.parts
        if extra := {name: value for name, value in self.extra.items() if value}:
            made["extra"] = extra
        return made


_YES_NO = {"YES", "NO", ""}


def in_clear(name: str, value: str) -> bool:
    """Say whether a value is a secret by its name, and stands in clear."""
    return not (name in SWITCHES or value.startswith("$") or value in _YES_NO) and bool(SECRET_WORD.search(name))


def _said(data: dict[str, Any], name: str) -> str:
    value = data.get(name, "text" if name == "kind" else None)
    return "none" if value is None else quoted(str(value))
