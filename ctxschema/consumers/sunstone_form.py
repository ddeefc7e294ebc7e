"""The form in which Sunstone 7 asks for the inputs of a VM: what it shows, accepts and sends.

Its fields are validated by yup 0.32.9, whose ``concat`` of schemas loses a transformation but keeps its check.
Source: docs/facts/opennebula.md, section 1.2, FireEdge at 132e4023f6, and user-input-probes.json, with which the
tests compare every answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from attrs import frozen

from ctxschema.consumers.javascript import (
    UNDEFINED,
    number_text,
    parse_float,
    parse_int,
    to_number,
    trimmed,
    without_white_space,
)
from ctxschema.consumers.sunstone import Read, Text, read
from ctxschema.grammar.ast import UserInput

WIDGETS = {
    "boolean": "switch",
    "list": "autocomplete",
    "list-multiple": "autocomplete",
    "range": "slider",
    "range-float": "slider",
}
"""The widget for each type in the form of a VM; any other type has ``text``."""


@frozen
class Outcome:
    """The result of submitting an answer: the value and what is sent for it, or an error."""

    ok: bool
    validated: Any = None
    submitted: Any = None
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it in the vocabulary of the probes."""
        if not self.ok:
            return {"ok": False, "error": self.error}
        return {"ok": True, "validated": self.validated, "submitted": self.submitted}


class Form:
    """The field for a definition in the form that instantiates a VM.

    Args:
        node: The definition.

    Attributes:
        read: The definition as the form reads it.
        widget: The widget that is shown.
        default: The initial content of the widget.
    """

    def __init__(self, node: UserInput) -> None:
        self.read = read(node)
        kind = str(self.read.type)
        self.widget = WIDGETS.get(kind, "text")
        self._rule = _RULES.get(kind, _Trimmed)(self.read)
        self.default = self._rule.default

    def untouched(self) -> Outcome:
        """Return the result of submitting the form unchanged."""
        return self._rule.submit(self.default)

    def typed(self, answer: str) -> Outcome:
        """Return the result of submitting an answer."""
        return self._rule.submit(self._rule.entered(answer))


class _Rule:
    """A schema of yup for a value: it casts the value, checks its type, and runs its tests in order."""

    type_name = "string"

    def __init__(self, form: Read) -> None:
        self.form = form
        self.default: Any = form.default

    def entered(self, answer: str) -> Any:
        """Return the value of the widget for an answer."""
        return answer

    def cast(self, value: Any) -> Any:
        return value

    def has_type(self, value: Any) -> bool:
        return isinstance(value, str)

    def present(self, value: Any) -> bool:
        return value is not UNDEFINED and value is not None and value != ""

    def tests(self) -> Iterator[tuple[Callable[[Any], bool], str]]:
        yield from ()

    def sent(self, value: Any) -> Any:
        return value

    def submit(self, given: Any) -> Outcome:
        value = given if given is UNDEFINED else self.cast(given)
        if value is UNDEFINED:
            value = self.default
        if value is not UNDEFINED and not self.has_type(value):
            return Outcome(False, error=self.type_error(value, given))
        for passes, message in self.tests():
            if not passes(value):
                return Outcome(False, error=message)
        return Outcome(True, value, self.sent(value))

    def type_error(self, value: Any, original: Any) -> str:
        final = f"the final value was: `{_printed(value)}` (cast from the value `{_printed(original)}`)."
        message = f"this must be a `{self.type_name}` type, but {final}"
        if value is None:
            message += '\n If "null" is intended as an empty value be sure to mark the schema as `.nullable()`'
        return message

    def required(self) -> Iterator[tuple[Callable[[Any], bool], str]]:
        if self.form.mandatory:
            yield self.present, "this is a required field"


def _printed(value: Any) -> str:
    if isinstance(value, float):
        return number_text(value)
    return "null" if value is None else f'"{value}"'


class _Text(_Rule):
    def tests(self) -> Iterator[tuple[Callable[[Any], bool], str]]:
        yield from self.required()


class _Trimmed(_Rule):
    def tests(self) -> Iterator[tuple[Callable[[Any], bool], str]]:
        yield lambda value: value is UNDEFINED or value == trimmed(value), "this must be a trimmed string"
        yield from self.required()


class _Number(_Rule):
    type_name = "number"

    def __init__(self, form: Read) -> None:
        super().__init__(form)
        number = self.parsed(form.default)
        self.default = UNDEFINED if math.isnan(number) else number

    def parsed(self, text: Text) -> float:
        return parse_float(text)

    def cast(self, value: Any) -> Any:
        number = value if isinstance(value, float) else _entered_number(value)
        return None if math.isnan(number) else number

    def has_type(self, value: Any) -> bool:
        return isinstance(value, float) and not math.isnan(value)

    def present(self, value: Any) -> bool:
        return value is not UNDEFINED and value is not None

    def tests(self) -> Iterator[tuple[Callable[[Any], bool], str]]:
        yield from self.required()


def _entered_number(text: str) -> float:
    packed = without_white_space(text)
    return to_number(packed) if packed else math.nan


class _Integer(_Number):
    def parsed(self, text: Text) -> float:
        return parse_int(text)

    def tests(self) -> Iterator[tuple[Callable[[Any], bool], str]]:
        yield (
            lambda value: value is UNDEFINED or (math.isfinite(value) and value == int(value)),
            "this must be an integer",
        )
        yield from self.required()


class _FloatRange(_Number):
    """A slider. What is not a number becomes the default; without a default, the minimum."""

    def __init__(self, form: Read) -> None:
        super().__init__(form)
        self.low, self.high = self.parsed(form.min), self.parsed(form.max)
        if self.default is UNDEFINED:
            self.default = self.low

    def cast(self, value: Any) -> Any:
        number = super().cast(value)
        return UNDEFINED if number is None else number

    def tests(self) -> Iterator[tuple[Callable[[Any], bool], str]]:
        yield from super().tests()
        low, high = self.low, self.high
        yield (
            lambda value: value is UNDEFINED or value >= low,
            f"this must be greater than or equal to {number_text(low)}",
        )
        yield (
            lambda value: value is UNDEFINED or value <= high,
            f"this must be less than or equal to {number_text(high)}",
        )


class _IntegerRange(_FloatRange, _Integer):
    """A slider of whole numbers."""


class _Boolean(_Rule):
    type_name = "boolean"

    def __init__(self, form: Read) -> None:
        super().__init__(form)
        self.default = is_yes(form.default)

    def entered(self, answer: str) -> Any:
        return is_yes(answer)

    def has_type(self, value: Any) -> bool:
        return isinstance(value, bool)

    def sent(self, value: Any) -> Any:
        return "YES" if value else "NO"


def is_yes(text: Text) -> bool:
    """Say whether Sunstone reads a text as yes."""
    return isinstance(text, str) and (text.lower() in {"yes", "true"} or to_number(text) == 1)


class _ListMultiple(_Rule):
    type_name = "array"

    def __init__(self, form: Read) -> None:
        super().__init__(form)
        self.default = form.default.split(",") if isinstance(form.default, str) and form.default else UNDEFINED

    def entered(self, answer: str) -> Any:
        return answer.split(",")

    def cast(self, value: Any) -> Any:
        return [trimmed(item) for item in value]

    def has_type(self, value: Any) -> bool:
        return isinstance(value, list)

    def present(self, value: Any) -> bool:
        return bool(value)

    def tests(self) -> Iterator[tuple[Callable[[Any], bool], str]]:
        yield from self.required()

    def sent(self, value: Any) -> Any:
        return ",".join(value) if value else UNDEFINED


class _FixedText(_Trimmed):
    def sent(self, value: Any) -> Any:  # noqa: ARG002 - what is fixed is sent whatever stands there
        return self.form.default


class _FixedNumber(_Number):
    def __init__(self, form: Read) -> None:
        super().__init__(form)
        self.default = parse_float(form.default)

    def cast(self, value: Any) -> Any:
        return value if isinstance(value, float) else _entered_number(value)

    def sent(self, value: Any) -> Any:  # noqa: ARG002
        return self.form.default


def _fixed(form: Read) -> _Rule:
    return _FixedText(form) if math.isnan(to_number(form.default)) else _FixedNumber(form)


_RULES: dict[str, Callable[[Read], _Rule]] = {
    "text": _Text,
    "number": _Integer,
    "number-float": _Number,
    "range": _IntegerRange,
    "range-float": _FloatRange,
    "boolean": _Boolean,
    "list-multiple": _ListMultiple,
    "fixed": _fixed,
}
