"""Numbers and JSON that come from outside: whatever stands there is a value or an answer that it is none."""

from __future__ import annotations

import re
from typing import Any

LONGEST = 18
"""How many digits of a number are read; Python itself refuses to convert some thousands of them."""
_DIGITS = re.compile("[0-9]+")


def whole_number(text: str) -> int | None:
    """Return the number that digits of ASCII stand for, or None where a text is anything else or longer than 18."""
    return int(text) if len(text) <= LONGEST and _DIGITS.fullmatch(text) else None


def version_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a version such as ``28.2.1``; of endless ones the first 18 digits."""
    return tuple(int(digits[:LONGEST]) for digits in _DIGITS.findall(text))


def json_value(text: str | bytes) -> Any:
    """Return what a JSON text stands for.

    Raises:
        ValueError: It is no JSON, is nested too deep, or has a number that JSON has not, such as ``Infinity``.
    """
    import json

    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("the JSON is nested too deep") from None


def _refuse(word: str) -> Any:
    raise ValueError(f"JSON has no {word}")
