"""What params with another separator than OpenNebula's probably mean."""

from __future__ import annotations

import re

from ctxschema.core.later import later
from ctxschema.grammar.numbers import range_bounds
from ctxschema.grammar.types import InputType

_NUMBER = r"-?\d+(?:\.\d+)?"
_BOUNDS = later(rf"\s*({_NUMBER})\s*(?:[-\u2013,;:]|\bto\b)\s*({_NUMBER})\s*\Z")
_LONGEST = 1000
_SEPARATORS = (later(r"\s*;\s*", re.ASCII), later(r"\s+", re.ASCII))


def options_meant(params: str, default: str) -> str | None:
    """Return the options of a list separated by commas, where ``;`` or blanks stand between them.

    Args:
        params: The params of the list.
        default: Its default, without blanks around it.

    Returns:
        None, unless the default is one of several options so separated.
    """
    if "," in params or len(params) > _LONGEST:
        return None
    for separator in _SEPARATORS:
        options = list(dict.fromkeys(filter(None, separator.split(params.strip()))))
        if len(options) > 1 and default in options:
            return ",".join(options)
    return None


def bounds_meant(params: str, kind: InputType) -> str | None:
    """Return the params of a range as ``min..max``, where another separator, such as ``-``, stands between them.

    Args:
        params: The params of the range.
        kind: Its type.

    Returns:
        None, unless they are two numbers of the type in their order.
    """
    match = _BOUNDS.match(params) if len(params) <= _LONGEST else None
    if match is None:
        return None
    meant = f"{match[1]}..{match[2]}"
    bounds = range_bounds(meant, kind)
    return meant if bounds is not None and bounds[0] < bounds[1] else None
