"""From one existing definition to the arguments of a `Variable`, with a note wherever something had to be guessed."""

from __future__ import annotations

from attrs import define, field

from ctxschema.core.quoting import comment, python_string
from ctxschema.core.secret import quoted
from ctxschema.grammar.numbers import canonical_number, range_bounds
from ctxschema.grammar.types import COMMON_MISTAKES, FLOAT, RUBY_BLANKS, TYPES, InputType, Params
from ctxschema.lint.checks.secrets import SECRET_WORD
from ctxschema.lint.document import Input
from ctxschema.model import kinds
from ctxschema.model.texts import DEFAULT_HAZARDS, LABEL_HAZARDS, OPTION_HAZARDS, hazards, without_hazards

_PARTS = 5
_FLAGS = {"M": True, "O": False, "m": True, "o": False, "0": False}
_TRUE, _FALSE = {"YES", "TRUE", "1"}, {"NO", "FALSE", "0"}
KIND_NAMES = {name: name.upper().replace("-", "_") for name in TYPES if name not in {"array", "network"}}
"""Under which name each kind is declared in ``ctxschema.model.kinds``."""


@define
class Declaration:
    """A variable to declare.

    Attributes:
        name: Its name, which is that of the input: upper-case letters of ASCII, digits and ``_``.
        identifier: The name of the Python variable.
        notes: What had to be guessed.
        arguments: The arguments of `Variable` behind the name, as Python.
    """

    name: str
    identifier: str
    notes: list[str] = field(factory=list)
    arguments: list[str] = field(factory=list)

    def lines(self) -> list[str]:
        """Return the Python lines that declare it."""
        told = [f"# {comment(f'Guessed: {note}.')}" for note in self.notes]
        arguments = [f"    {argument}," for argument in (python_string(self.name), *self.arguments)]
        return [*told, f"{self.identifier} = Variable(", *arguments, ")"]


def declaration(each: Input) -> Declaration:
    """Return how to declare an existing input."""
    return _Guess(each).declaration()


class _Guess:
    def __init__(self, each: Input) -> None:
        parts = [part.text.strip(RUBY_BLANKS) for part in each.definition.parts]
        # The module's own variable is called APPLIANCE; an input's name never ends in a lower-case letter.
        self.made = Declaration(each.key, "APPLIANCE_input" if each.key == "APPLIANCE" else each.key)
        self.note = self.made.notes.append
        if len(parts) > _PARTS and any(parts[_PARTS:]):
            self.note(f"there are {len(parts)} parts, of which the first five are taken")
        self.flag, self.type, self.description, self.params, self.default = [*parts, "", "", "", ""][:_PARTS]

    def declaration(self) -> Declaration:
        mandatory = self.mandatory()
        kind, options, limits = self.kind()
        default = self.value(kind, options, limits)
        if default is None and not mandatory and kind.name in {"text", "text64"}:
            default = '""'
        elif default is None and kind.name == "boolean":
            default = "False"
            self.note("a boolean needs a default; it is NO")
        arguments = self.made.arguments
        arguments += [f"kinds.{KIND_NAMES[kind.name]}", f"label={python_string(self.label())}"]
        arguments += [f"default={default or 'None'}"]
        words = self.made.name.split("_")
        if words[0] == "ONEAPP" and len(words) > 3:
            arguments.append(f"group={python_string(words[2].lower())}")
        if options:
            arguments.append(f"options=({', '.join(map(python_string, options))}{',' * (len(options) == 1)})")
        if limits:
            arguments.append(f"limits=(Between({', '.join(limits)}),)")
        if mandatory:
            arguments.append("mandatory=True")
        return self.made

    def mandatory(self) -> bool:
        if self.flag not in {"M", "O"}:
            meant = "optional" if _FLAGS.get(self.flag) is False else "mandatory"
            self.note(f"the flag {quoted(self.flag)} is taken for {meant}")
        return _FLAGS.get(self.flag, True)

    def label(self) -> str:
        label = without_hazards(self.description, LABEL_HAZARDS)
        if label != self.description:
            told = ", ".join(words for words, _ in hazards(self.description, LABEL_HAZARDS))
            self.note(f"the description had {told}")
        if not label:
            self.note("there was no description")
        return label or self.made.name

    def kind(self) -> tuple[InputType, tuple[str, ...], tuple[str, ...]]:
        """Return the type, the options of a list and the bounds of a range."""
        lower = self.type.lower()
        name = self.type if self.type in KIND_NAMES else COMMON_MISTAKES.get(lower, lower)
        name = name if name in KIND_NAMES else "text"
        if name != self.type:
            self.note(f"the type {quoted(self.type)} is taken for {name}")
        if TYPES[name].params is Params.RANGE:
            return self.range(TYPES[name])
        if TYPES[name].params is Params.OPTIONS:
            return self.list(TYPES[name])
        if self.params:
            self.note(f"the params {quoted(self.params)} mean nothing for the type {name}, and are left out")
        if name == "number" and not TYPES[name].number_fits(self.default) and FLOAT.match(self.default):
            self.note(f"the default {self.default} is no integer, so that the type is number-float")
            name = "number-float"
        return TYPES[name], (), ()

    def range(self, kind: InputType) -> tuple[InputType, tuple[str, ...], tuple[str, ...]]:
        for candidate in (kind, TYPES["range-float"]):
            bounds = range_bounds(self.params, candidate)
            if bounds is not None and bounds[0] < bounds[1]:
                if candidate is not kind:
                    self.note(f"the bounds {quoted(self.params)} are no integers, so that the type is range-float")
                texts = (canonical_number(piece.strip(RUBY_BLANKS)) for piece in self.params.split(".."))
                return candidate, (), tuple(texts)
        instead = TYPES["number" if kind.name == "range" else "number-float"]
        self.note(f"the bounds {quoted(self.params)} hold no choice, so that the type is {instead.name}")
        return instead, (), ()

    def list(self, kind: InputType) -> tuple[InputType, tuple[str, ...], tuple[str, ...]]:
        options = tuple(dict.fromkeys(filter(None, (option.strip() for option in self.params.split(",")))))
        if not options or any(any(hazards(option, OPTION_HAZARDS)) for option in options):
            self.note(f"the options {quoted(self.params)} cannot be declared, so that the type is text")
            return TYPES["text"], (), ()
        if ",".join(options) != self.params:
            self.note(f"the options were {quoted(self.params)}")
        return kind, options, ()

    def value(self, kind: InputType, options: tuple[str, ...], limits: tuple[str, ...]) -> str | None:
        """Return the default as Python, or None where there is none that could be kept."""
        text = self.default
        if not text:
            return None
        if kind.name == "password":
            self.note("a default in clear is left out")
            return None
        if kind.name == "boolean":
            found = self.boolean(text)
        elif kind.number is not None:
            found = self.number(kind, text, limits)
        elif kind.params is Params.OPTIONS:
            found = self.choice(kind, text, options)
        else:
            found = self.text(text)
        if found is None:
            self.note(f"the default {quoted(text)} cannot be declared, and is left out")
        return found

    def boolean(self, text: str) -> str | None:
        if text.upper() not in _TRUE | _FALSE:
            return None
        if text not in {"YES", "NO"}:
            self.note(f"the default was {quoted(text)}")
        return str(text.upper() in _TRUE)

    def choice(self, kind: InputType, text: str, options: tuple[str, ...]) -> str | None:
        if kind.name == "list-multiple":
            chosen = text.split(",")
            return f"({', '.join(map(python_string, chosen))},)" if set(chosen) <= set(options) else None
        if text in options:
            return python_string(text)
        folded = {option.upper(): option for option in options}
        if text.upper() not in folded:
            return None
        self.note(f"the default was {quoted(text)}")
        return python_string(folded[text.upper()])

    def text(self, text: str) -> str | None:
        if any(hazards(text, DEFAULT_HAZARDS)):
            return None
        if SECRET_WORD.search(self.made.name):
            self.note("it is no secret, although its name says so; kinds.PASSWORD would keep its value out of logs")
        return python_string(text)

    @staticmethod
    def number(kind: InputType, text: str, limits: tuple[str, ...]) -> str | None:
        if not kind.number_fits(text):
            return None
        try:
            value = getattr(kinds, KIND_NAMES[kind.name]).parse(canonical_number(text))
        except ValueError:
            return None
        if limits and not float(limits[0]) <= value <= float(limits[1]):
            return None
        return canonical_number(text)
