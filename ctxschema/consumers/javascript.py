"""The conversions of JavaScript that Sunstone applies to numbers and texts."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from ctxschema.grammar.types import JAVASCRIPT_BLANKS as WHITE_SPACE

_DECIMAL = r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_DECIMAL_PREFIX = re.compile(_DECIMAL)
_DECIMAL_WHOLE = re.compile(_DECIMAL + r"\Z")
_INTEGER_PREFIX = re.compile(r"(?P<sign>[+-]?)(?:0[xX](?P<hex>[0-9a-fA-F]*)|(?P<digits>[0-9]+))")
_RADIX = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)\Z")


class Undefined:
    """JavaScript's ``undefined``."""

    def __repr__(self) -> str:
        return "undefined"

    def __bool__(self) -> bool:
        return False


UNDEFINED = Undefined()


def trimmed(text: str) -> str:
    """Return the result of ``trim``."""
    return text.strip(WHITE_SPACE)


def without_white_space(text: str) -> str:
    """Return a text without any white space."""
    return "".join(character for character in text if character not in WHITE_SPACE)


def parse_int(text: str | Undefined, radix: int | None = None) -> float:
    """Return the result of ``parseInt``; without a radix it accepts hexadecimal numbers."""
    match = _INTEGER_PREFIX.match(str(text).lstrip(WHITE_SPACE))
    if match is None:
        return math.nan
    if match["hex"] is None or radix == 10:
        magnitude = _decimal(match["digits"] or "0")
    elif match["hex"]:
        magnitude = _float(int(match["hex"], 16))
    else:
        return math.nan
    return -magnitude if match["sign"] == "-" else magnitude


def parse_float(text: str | Undefined) -> float:
    """Return the result of ``parseFloat``."""
    match = _DECIMAL_PREFIX.match(str(text).lstrip(WHITE_SPACE))
    return _decimal(match.group()) if match else math.nan


def to_number(text: str | Undefined) -> float:
    """Return the result of ``Number``."""
    if isinstance(text, Undefined):
        return math.nan
    text = trimmed(text)
    if not text:
        return 0.0
    if _RADIX.match(text):
        return _float(int(text, 0))
    return _decimal(text) if _DECIMAL_WHOLE.match(text) else math.nan


def _decimal(text: str) -> float:
    return float(text)


def _float(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def number_text(number: float) -> str:
    """Return a number as yup prints it in a message."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return str(number).replace("inf", "Infinity")
    if number == 0 or 1e-6 <= abs(number) < 1e21:
        return f"{Decimal(repr(number)):f}".removesuffix(".0")
    return re.sub(r"e([+-])0*", r"e\1", repr(number))


def plain(value: Any) -> Any:
    """Return a value for JSON, with undefined and NaN in the notation of the probes."""
    if isinstance(value, Undefined):
        return "<<undefined>>"
    if isinstance(value, float):
        return _plain_number(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def _plain_number(number: float) -> int | float | str | None:
    if math.isnan(number):
        return "<<NaN>>"
    if math.isinf(number):
        return None
    return int(number) if number == int(number) and abs(number) < 2**53 else number
