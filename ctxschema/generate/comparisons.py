"""Comparisons of a variable with a constant, as limits."""

from __future__ import annotations

from ctxschema.model.conditions import Compare
from ctxschema.model.limits import Between
from ctxschema.model.variable import Variable

_MIRRORED = str.maketrans("<>", "><")


def one_sided(condition: Compare) -> Between | None:
    """Return a comparison of a variable with a constant as a limit of that variable, or None if it is another one."""
    left, sign, right = condition.left, condition.sign, condition.right
    if isinstance(left, (int, float)):
        left, right, sign = right, left, sign.translate(_MIRRORED)
    if not isinstance(left, Variable) or not isinstance(right, (int, float)):
        return None
    if sign == "=":
        return Between(right, right)
    if sign.startswith("<"):
        return Between(high=right, high_included=sign == "<=")
    return Between(low=right, low_included=sign == ">=")
