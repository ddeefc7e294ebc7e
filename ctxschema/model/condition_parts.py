"""The parts of a condition, and whether two conditions exclude each other."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.model.conditions import AllOf, AnyOf, Condition, Is, Not
from ctxschema.model.gpu_request import GpuUsed


def parts(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and, recursively, every condition in it."""
    yield condition
    if isinstance(condition, Not):
        yield from parts(condition.condition)
    elif isinstance(condition, (AllOf, AnyOf)):
        for part in condition.conditions:
            yield from parts(part)


def mentions_gpu(condition: Condition | None) -> bool:
    """Say whether a condition depends on the decision between GPU and CPU."""
    return condition is not None and any(isinstance(part, GpuUsed) for part in parts(condition))


def exclude(one: Condition | None, other: Condition | None) -> bool:
    """Say whether two conditions provably never hold together; False where that is not certain. None always holds."""
    if one is None or other is None:
        return False
    for left in _needed(one):
        for right in _needed(other):
            if Not(left) == right or Not(right) == left:
                return True
            same = isinstance(left, Is) and isinstance(right, Is) and left.variable is right.variable
            if same and left.value != right.value:  # type: ignore[attr-defined]
                return True
    return False


def _needed(condition: Condition) -> Iterator[Condition]:
    """Yield conditions that all hold whenever a condition holds."""
    if isinstance(condition, AllOf):
        for part in condition.conditions:
            yield from _needed(part)
    else:
        yield condition
