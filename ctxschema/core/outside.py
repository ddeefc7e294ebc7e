"""Reading numbers and JSON that come from outside the program, in whatever form."""

from __future__ import annotations

import re
from typing import Any

LONGEST = 18
"""The greatest number of digits of a number; Python refuses to convert numbers of several thousand digits."""
_DIGITS = re.compile("[0-9]+")


def whole_number(text: str) -> int | None:
    """Return the number that ASCII digits stand for, or None if the text is anything else or longer than `LONGEST`."""
    return int(text) if len(text) <= LONGEST and _DIGITS.fullmatch(text) else None


def version_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers in a version such as ``28.2.1``, each of at most `LONGEST` digits."""
    return tuple(int(digits[:LONGEST]) for digits in _DIGITS.findall(text))


def json_value(text: str | bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: It is not JSON, is nested too deep, or contains a number that JSON lacks, such as ``Infinity``.
    """
    import json

    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("the JSON is nested too deep") from None


def _refuse(word: str) -> Any:
    raise ValueError(f"JSON has no {word}")
