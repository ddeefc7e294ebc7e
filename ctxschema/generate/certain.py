"""Translating conditions into a language that knows only true and false.

A condition on a value that failed neither holds nor fails to hold. So each condition has two translations: a statement
that is true if the condition certainly holds, and one that is true if it certainly does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from attrs import frozen

from ctxschema.model.closed import Leaf, closed_condition
from ctxschema.model.conditions import AllOf, AnyOf, Condition, Not

T = TypeVar("T")


class CannotSayError(Exception):
    """A condition that cannot be expressed in a language; the message is the condition in words."""


@frozen
class Language(Generic[T]):
    """A language that conditions are translated into.

    Args:
        leaf: Translates a condition without others in it into a statement that it holds, or that it does not. Raises
            `CannotSayError` if the language cannot express that.
        all_of: Joins statements with "and".
        any_of: Joins statements with "or".
    """

    leaf: Callable[[Leaf, bool], T]
    all_of: Callable[[Iterable[T]], T]
    any_of: Callable[[Iterable[T]], T]

    def holds(self, condition: Condition, *, wanted: bool = True) -> T:
        """Return a statement that a condition certainly holds; with ``wanted=False``, that it certainly does not."""
        each = closed_condition(condition)
        if isinstance(each, Not):
            return self.holds(each.condition, wanted=not wanted)
        if isinstance(each, AllOf | AnyOf):
            joined = self.all_of if isinstance(each, AllOf) is wanted else self.any_of
            return joined(self.holds(part, wanted=wanted) for part in each.conditions)
        return self.leaf(each, wanted)
