"""The kinds of a variable: one for every type that USER_INPUTS knows.

A kind says how text becomes a value and how a value becomes text. Which values are allowed is for the limits.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Callable
from typing import Generic, TypeVar

from attrs import frozen

from ctxschema.core.secret import Secret

T = TypeVar("T")


class Shape(enum.Enum):
    """The type of a value. What treats every member ends in `assert_never`, so that mypy reports a missing one."""

    TEXT = "text"
    """Any text."""
    ENCODED = "encoded text"
    """A text that may arrive encoded in base64."""
    BOOLEAN = "boolean"
    """Yes or no."""
    INTEGER = "integer"
    """A whole number."""
    DECIMAL = "decimal"
    """A number that may have a fraction."""
    CHOICE = "choice"
    """One of several words that the variable lists."""
    CHOICES = "choices"
    """Several of the words that the variable lists."""

    @property
    def is_number(self) -> bool:
        """Whether values are numbers."""
        return self in {Shape.INTEGER, Shape.DECIMAL}

    @property
    def has_options(self) -> bool:
        """Whether values are chosen from the variable's options."""
        return self in {Shape.CHOICE, Shape.CHOICES}


@frozen(eq=False)
class Kind(Generic[T]):
    """How the text of a context variable becomes a value, and back.

    Args:
        name: The USER_INPUTS type of its input.
        shape: The type of its values.
        words: What the text must be, to complete "is not ...".
        pattern: A regular expression for the whole text, in the syntax that POSIX and ECMAScript share.
        convert: Turns a text that matches into a value.
        format: Turns a value into text.
        example: A valid text.
        counterexample: An invalid text, or empty if every text is valid.
        secret: Whether the value must never be shown.
        repair: What to write instead of an invalid text.
    """

    name: str
    shape: Shape
    words: str
    pattern: str
    convert: Callable[[str], T]
    format: Callable[[T], str]
    example: str = "text"
    counterexample: str | None = None
    secret: bool = False
    repair: str = ""

    def parse(self, text: str) -> T:
        """Return the value of a text.

        Raises:
            ValueError: The text is not of this kind; the message completes a sentence that begins with the text.
        """
        if not re.fullmatch(self.pattern, text, re.DOTALL):
            raise ValueError(f"is not {self.words}")
        return self.convert(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("is too large")
    return number


def _plain(number: float) -> str:
    """Return a number in decimal digits without an exponent, which some readers do not understand."""
    text = repr(number)
    if "e" not in text:
        return text
    from decimal import Decimal

    return format(Decimal(text), "f")


def _reveal(value: Secret) -> str:
    return value.reveal()


# An integer of at most 18 digits fits the arithmetic of every shell. The exponent is JavaScript's way of writing
# small numbers, and Sunstone sends what JavaScript writes.
_INTEGER = "-?[0-9]{1,18}"
_NUMBER = r"-?[0-9]{1,18}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?"
_ANYTHING = ".*"

TEXT = Kind[str]("text", Shape.TEXT, "text", _ANYTHING, str, str)
TEXT64 = Kind[str]("text64", Shape.ENCODED, "text", _ANYTHING, str, str, example="dGV4dA==")
SECRET_TEXT64 = Kind[Secret](
    "text64", Shape.ENCODED, "text", _ANYTHING, Secret, _reveal, example="dGV4dA==", secret=True
)
PASSWORD = Kind[Secret]("password", Shape.TEXT, "text", _ANYTHING, Secret, _reveal, secret=True)
FIXED = Kind[str]("fixed", Shape.TEXT, "text", _ANYTHING, str, str)
LIST = Kind[str]("list", Shape.CHOICE, "text", _ANYTHING, str, str)
BOOLEAN = Kind[bool](
    "boolean",
    Shape.BOOLEAN,
    "YES or NO",
    "[yY][eE][sS]|[nN][oO]",
    lambda text: text.upper() == "YES",
    lambda value: "YES" if value else "NO",
    example="YES",
    counterexample="maybe",
    repair="write YES or NO",
)
NUMBER = Kind[int](
    "number",
    Shape.INTEGER,
    "an integer",
    _INTEGER,
    int,
    str,
    example="5",
    counterexample="5.5",
    repair="write an integer such as 5",
)
NUMBER_FLOAT = Kind[float](
    "number-float",
    Shape.DECIMAL,
    "a number",
    _NUMBER,
    _finite,
    _plain,
    example="0.5",
    counterexample="0,5",
    repair="write a number such as 0.5",
)
RANGE = Kind[int](
    "range",
    Shape.INTEGER,
    "an integer",
    _INTEGER,
    int,
    str,
    example="5",
    counterexample="5.5",
    repair="write an integer such as 5",
)
RANGE_FLOAT = Kind[float](
    "range-float",
    Shape.DECIMAL,
    "a number",
    _NUMBER,
    _finite,
    _plain,
    example="0.5",
    counterexample="0,5",
    repair="write a number such as 0.5",
)
LIST_MULTIPLE = Kind[tuple[str, ...]](
    "list-multiple", Shape.CHOICES, "text", _ANYTHING, lambda text: tuple(text.split(",")), ",".join, example="a,b"
)
