"""Conditions in a language that knows no "perhaps".

A condition on a value that failed neither holds nor does not. So each is translated twice: into what is true where it
certainly holds, and into what is true where it certainly does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from attrs import frozen

from ctxschema.model.closed import Leaf, closed_condition
from ctxschema.model.conditions import AllOf, AnyOf, Condition, Not

T = TypeVar("T")


class CannotSayError(Exception):
    """A condition that a language has no words for; the message is the condition in ours."""


@frozen
class Language(Generic[T]):
    """A language that conditions are translated into.

    Args:
        leaf: Translates a condition without others in it: that it holds, or that it does not.
            Raises `CannotSayError` for one that the language has no words for.
        all_of: Joins statements that all hold.
        any_of: Joins statements of which one holds.
    """

    leaf: Callable[[Leaf, bool], T]
    all_of: Callable[[Iterable[T]], T]
    any_of: Callable[[Iterable[T]], T]

    def holds(self, condition: Condition, *, wanted: bool = True) -> T:
        """Return the statement that a condition certainly holds, or that it certainly does not."""
        each = closed_condition(condition)
        if isinstance(each, Not):
            return self.holds(each.condition, wanted=not wanted)
        if isinstance(each, AllOf | AnyOf):
            joined = self.all_of if isinstance(each, AllOf) is wanted else self.any_of
            return joined(self.holds(part, wanted=wanted) for part in each.conditions)
        return self.leaf(each, wanted)
