"""Making a variable from an existing definition, with a finding for every decision."""

from __future__ import annotations

import re
from typing import Any

from attrs import define, field

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Finding
from ctxschema.core.outside import whole_number
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position
from ctxschema.declaration.kinds import YesOrNo
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.meant import bounds_meant, options_meant
from ctxschema.grammar.numbers import canonical_number, range_bounds
from ctxschema.grammar.types import COMMON_MISTAKES, FLOAT, RUBY_BLANKS, TYPES, InputType, Params
from ctxschema.lint.checks.secrets import SECRET_WORD
from ctxschema.model import kinds
from ctxschema.model.input_names import GROUPED
from ctxschema.model.texts import DEFAULT_HAZARDS, LABEL_HAZARDS, OPTION_HAZARDS, hazards, without_hazards

_PARTS = 5
_FLAGS = {"M": True, "O": False, "m": True, "o": False, "0": False}
_TRUE, _FALSE = {"YES", "TRUE", "1"}, {"NO", "FALSE", "0"}
_KINDS = {name for name in TYPES if name not in {"array", "network"}}
_FLOATS = {"number-float", "range-float"}


@define
class Guess:
    """A variable as plain data in the form of the schema, with the decisions that were made.

    Attributes:
        name: The name of the variable.
        place: Its position, for findings without one of their own.
        in_service: Whether a service asks for it; the server demands a value for every input of a service.
        data: The variable, without its name.
        findings: The decisions.
    """

    name: str
    place: Position
    in_service: bool = False
    data: dict[str, Any] = field(factory=dict)
    findings: list[Finding] = field(factory=list)

    def note(self, message: str, code: Code = codes.IMPORT_GUESSED, place: Position | None = None) -> None:
        """Add a finding about a decision."""
        where = self.place if place is None else place
        self.findings.append(code.at(f"{self.name}: {message}", variable=self.name, position=where))

    def label(self, text: str) -> None:
        """Set the label."""
        label = without_hazards(text, LABEL_HAZARDS)
        if label != text:
            hazards_found = ", ".join(words for words, _ in hazards(text, LABEL_HAZARDS))
            self.note(f"the description had {hazards_found}")
        if not label:
            self.note("there was no description, so that it is the name", codes.IMPORT_ADDED)
        self.data["label"] = label or self.name

    def default(self, text: str, kind: InputType, place: Position | None = None) -> None:
        """Set the default, if the text can be one."""
        if not text:
            return
        if kind.name == "password":
            self.note("a default in clear is left out", codes.IMPORT_SECRET, place)
            return
        found: Any = None
        if kind.name == "boolean":
            found = self.boolean(text)
        elif kind.number is not None:
            found = self.number(kind, text)
        elif kind.params is Params.OPTIONS:
            found = self.choice(kind, text)
        elif not any(hazards(text, DEFAULT_HAZARDS)):
            found = text
        if found is not None:
            self.data["default"] = found
        elif "$" in text:
            self.note(f"the default {quoted(text)} has a dollar in it, and is left out", codes.IMPORT_DOLLAR, place)
        else:
            self.note(f"the default {quoted(text)} cannot be declared, and is left out", codes.IMPORT_LEFT_OUT, place)

    def boolean(self, text: str) -> Any:
        if text.upper() not in _TRUE | _FALSE:
            return None
        meant = YesOrNo("YES" if text.upper() in _TRUE else "NO")
        if text != meant:
            self.note(f"the default was {quoted(text)}, and is {meant}")
        return meant

    def choice(self, kind: InputType, text: str) -> Any:
        options = self.data["options"]
        if kind.name == "list-multiple":
            chosen = text.split(",")
            return chosen if set(chosen) <= set(options) else None
        if text in options:
            return text
        folded = {option.upper(): option for option in options}
        if text.upper() not in folded:
            return None
        self.note(f"the default was {quoted(text)}, and is {quoted(folded[text.upper()])}")
        return folded[text.upper()]

    def number(self, kind: InputType, text: str) -> Any:
        if not kind.number_fits(text):
            return None
        try:
            value, written = _number(kind, text)
        except ValueError:
            return None
        bounds = self.data.get("limits")
        if bounds and not bounds["from"] <= value <= bounds["to"]:
            return None
        if written != text:
            self.note(f"the default {quoted(text)} is written {written}")
        return value


def _number(kind: InputType, text: str) -> tuple[float, str]:
    """Return the number in a text, as an integer if it is written as one, and its spelling.

    Raises:
        ValueError: It is not a number of the type.
    """
    text = canonical_number(text)
    if kind.name in _FLOATS and not re.fullmatch(kinds.NUMBER.pattern, text):
        value = kinds.NUMBER_FLOAT.parse(text)
        return value, kinds.NUMBER_FLOAT.format(value)
    number = kinds.NUMBER.parse(text)
    return number, kinds.NUMBER.format(number)


class _Definition(Guess):
    """A variable made from a USER_INPUTS definition."""

    def of(self, definition: UserInput) -> None:
        parts = [part.text.strip(RUBY_BLANKS) for part in definition.parts]
        if any(parts[_PARTS:]):
            self.note(f"there are {len(parts)} parts, of which the first five are taken")
        flag, given, description, params, default = [*parts, "", "", "", ""][:_PARTS]
        mandatory = _FLAGS.get(flag, True)
        if flag not in {"M", "O"}:
            self.note(f"the flag {quoted(flag)} is taken for {'mandatory' if mandatory else 'optional'}")
        self.label(description)
        kind = self.kind(given, params, default)
        if kind.name != "text":
            self.data["kind"] = kind.name
        place = definition.source.span(definition.parts[4].span) if len(parts) >= _PARTS else None
        self.default(default, kind, place)
        if "default" not in self.data and not mandatory:
            mandatory = self.without_default(kind)
        if "default" not in self.data and kind.name == "boolean":
            self.data["default"] = YesOrNo("NO")
            self.note("a boolean needs a default; it is NO")
        if mandatory:
            self.data["mandatory"] = True

    def without_default(self, kind: InputType) -> bool:
        """Decide about an optional input without a default; return whether it becomes mandatory."""
        if kind.name in {"text", "text64"}:
            self.data["default"] = ""
        elif self.in_service and kind.name != "boolean":
            if kind.name in {"password", "fixed"}:
                self.data["default"] = ""
                return False
            self.note("it is optional and has no default, and a service has to be told one, so that it is mandatory")
            return True
        return False

    def kind(self, given: str, params: str, default: str) -> InputType:
        """Return the type; store the options of a list or the bounds of a range."""
        lower = given.lower()
        name = COMMON_MISTAKES.get(lower, lower)
        name = name if name in _KINDS else "text"
        if name != given:
            self.note(f"the type {quoted(given)} is taken for {name}")
        if TYPES[name].params is Params.RANGE:
            return self.range(TYPES[name], params)
        if TYPES[name].params is Params.OPTIONS:
            return self.list(TYPES[name], params, default)
        if params:
            self.note(f"the params {quoted(params)} mean nothing for the type {name}, and are left out")
        if name == "number" and not TYPES[name].number_fits(default) and FLOAT.match(default):
            self.note(f"the default {default} is no integer, so that the type is number-float")
            name = "number-float"
        return TYPES[name]

    def range(self, kind: InputType, given: str) -> InputType:
        params = next(filter(None, (bounds_meant(given, each) for each in (kind, TYPES["range-float"]))), given)
        if params != given:
            self.note(f"the bounds {quoted(given)} are taken for {params}")
        for candidate in (kind, TYPES["range-float"]):
            bounds = range_bounds(params, candidate)
            if bounds is not None and bounds[0] < bounds[1]:
                try:
                    low, high = (_number(candidate, each.strip(RUBY_BLANKS))[0] for each in params.split(".."))
                except ValueError:
                    break
                if candidate is not kind:
                    self.note(f"the bounds {quoted(params)} are no integers, so that the type is range-float")
                self.data["limits"] = {"from": low, "to": high}
                return candidate
        instead = TYPES["number" if kind.name == "range" else "number-float"]
        bounds = range_bounds(params, TYPES["range-float"])
        problem = (
            "are no min..max" if bounds is None else "hold no choice" if bounds[0] >= bounds[1] else "are too large"
        )
        self.note(f"the bounds {quoted(params)} {problem}, so that the type is {instead.name}")
        return instead

    def list(self, kind: InputType, given: str, default: str) -> InputType:
        params = (options_meant(given, default) if kind.name == "list" else None) or given
        options = list(dict.fromkeys(filter(None, (option.strip() for option in params.split(",")))))
        if not options or any(any(hazards(option, OPTION_HAZARDS)) for option in options):
            self.note(f"the options {quoted(params)} cannot be declared, so that the type is text")
            return TYPES["text"]
        if ",".join(options) != given:
            self.note(f"the options were {quoted(given)}")
        self.data["options"] = options
        return kind


def of_definition(name: str, definition: UserInput, place: Position, *, in_service: bool = False) -> Guess:
    """Return the variable for an existing input."""
    made = _Definition(name, place, in_service)
    made.of(definition)
    _grouped(made)
    return made


def of_value(name: str, label: str, value: str, place: Position) -> Guess:
    """Return the variable for a name and a value, whose kind is derived from the value."""
    made = Guess(name, place)
    made.label(label)
    kind = "text"
    if value in {"YES", "NO"}:
        kind = "boolean"
    elif whole_number(value) is not None and str(whole_number(value)) == value:
        kind = "number"
    elif SECRET_WORD.search(name):
        kind = "password"
    if kind != "text":
        made.data["kind"] = kind
        made.note(f"it is a {kind} by its {'name' if kind == 'password' else 'default'}")
    made.default(value, TYPES[kind])
    if kind == "text":
        made.data.setdefault("default", "")
    _grouped(made)
    return made


def _grouped(made: Guess) -> None:
    if (grouped := GROUPED.match(made.name)) is not None:
        made.data["group"] = grouped["group"].lower()
