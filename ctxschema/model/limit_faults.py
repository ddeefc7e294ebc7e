"""Checks of a declaration: limits that are wrong in themselves, or do not fit the variable that has them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from ctxschema.core.secret import Secret
from ctxschema.model.limits import Between, Limit, Matches, NoneOf, OneOf
from ctxschema.model.node_config import NodeConfig
from ctxschema.model.pem import Pem
from ctxschema.model.variable import Variable

_NUMBERS = (int, float)
_TAKES: tuple[tuple[type[Limit], tuple[type[Any], ...], str], ...] = (
    (Between, _NUMBERS, "numbers"),
    (NoneOf, _NUMBERS, "numbers"),
    (OneOf, (str, tuple), "text"),
    (Matches, (str,), "text"),
    (NodeConfig, (str,), "text"),
    (Pem, (str, Secret), "text"),
)


def limit_faults(variable: Variable[Any]) -> Iterator[str]:
    """Yield what is wrong with the limits of a variable, one sentence each."""
    kind = variable.kind
    values = type(kind.parse(kind.example))
    for limit in variable.limits:
        yield from (f"the limit {fault}" for fault in own_faults(limit))
        for cls, takes, words in _TAKES:
            if isinstance(limit, cls) and not issubclass(values, takes):
                yield f"the limit {limit.words!r} judges {words}, and {kind.name} takes {values.__name__}"
            elif isinstance(limit, cls) and values is bool:
                yield f"the limit {limit.words!r} judges {words}, and a boolean is YES or NO"


def own_faults(limit: Limit) -> Iterator[str]:
    """Yield what is wrong with a limit on any variable; each completes a sentence that begins "the limit"."""
    if isinstance(limit, Matches):
        for pattern in (limit.pattern, *(each.pattern for each in limit.instead)):
            if problem := pattern_problem(pattern):
                yield problem
    elif isinstance(limit, Between):
        ends = [end for end in (limit.low, limit.high) if end is not None]
        if not ends:
            yield "has no end"
        elif not all(_finite(end) for end in ends):
            yield f"ends at {next(str(end) for end in ends if not _finite(end))}, which is no number; leave it out"
        elif limit.low is not None and limit.high is not None and limit.low > limit.high:
            yield f"begins at {limit.low}, above its end at {limit.high}"
    elif isinstance(limit, OneOf) and not limit.options:
        yield "allows nothing, for it has no words"


def _finite(end: float) -> bool:
    return isinstance(end, int) or math.isfinite(end)


def pattern_problem(pattern: str) -> str | None:
    """Return why a text is not a valid regular expression, to complete a sentence, or None if it is valid."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"has the pattern {pattern[:200]!r}, which is no regular expression: {error}"
    return None
