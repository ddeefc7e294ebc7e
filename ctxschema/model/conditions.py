"""Conditions: statements about the values of one or several variables, as data that can be judged and put in words."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import field, frozen

from ctxschema.core.secret import Secret
from ctxschema.model.variable import Variable

Values = Mapping[Any, Any]


@frozen
class Linear:
    """A number that is computed from a variable: ``times * variable + plus``."""

    variable: Variable[int]
    times: int = 1
    plus: int = 0

    def value(self, values: Values) -> int:
        """Return the number; the variable must be among the values."""
        number: int = values[self.variable]
        return self.times * number + self.plus

    @property
    def words(self) -> str:
        """The term as it is written in arithmetic, such as ``2 * FL_MIN_FIT_CLIENTS + 1``."""
        times = f"{self.times} x " if self.times != 1 else ""
        plus = f" + {self.plus}" if self.plus else ""
        return f"{times}{self.variable.name}{plus}"


Term: TypeAlias = "Variable[int] | Variable[float] | Linear | float"


@frozen
class Condition:
    """A statement about the values of variables.

    Attributes:
        variables: The variables that it mentions.
        words: The statement in words, for messages and documents.
    """

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        raise NotImplementedError

    @property
    def words(self) -> str:
        raise NotImplementedError

    def holds(self, values: Values) -> bool | None:
        """Say whether it holds for some values, or None if that depends on a variable that has no value."""
        if all(variable in values for variable in self.variables):
            return self._holds(values)
        return None

    def _holds(self, values: Values) -> bool:
        raise NotImplementedError


@frozen
class Is(Condition):
    """A variable has a given value."""

    variable: Variable[Any]
    value: Any

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return (self.variable,)

    @property
    def words(self) -> str:
        return f"{self.variable.name} = {self.variable.text_of(self.value)}"

    def _holds(self, values: Values) -> bool:
        return bool(values[self.variable] == self.value)


@frozen
class IsOneOf(Condition):
    """A variable has one of several given values."""

    variable: Variable[Any]
    choices: tuple[Any, ...]

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return (self.variable,)

    @property
    def words(self) -> str:
        return f"{self.variable.name} is {' or '.join(self.variable.text_of(value) for value in self.choices)}"

    def _holds(self, values: Values) -> bool:
        return values[self.variable] in self.choices


@frozen
class IsSet(Condition):
    """A variable has a value that is not empty."""

    variable: Variable[str] | Variable[Secret]

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return (self.variable,)

    @property
    def words(self) -> str:
        return f"{self.variable.name} is set"

    def _holds(self, values: Values) -> bool:
        return bool(values[self.variable])


@frozen
class Repeats(Condition):
    """A comma-separated list of numbers contains a number twice."""

    variable: Variable[str]

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return (self.variable,)

    @property
    def words(self) -> str:
        return f"{self.variable.name} names a number twice"

    def _holds(self, values: Values) -> bool:
        items = [item.lstrip("0") for item in values[self.variable].split(",")]
        return len(set(items)) < len(items)


_COMPARISONS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt}


@frozen
class Compare(Condition):
    """A comparison of two numbers with ``<``, ``<=``, ``=``, ``>=`` or ``>``."""

    left: Term
    sign: str = field()
    right: Term

    @sign.validator
    def _known(self, _attribute: object, sign: str) -> None:
        if sign not in _COMPARISONS:
            raise ValueError(f"{sign!r} is no comparison")

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        found: list[Variable[Any]] = []
        for term in (self.left, self.right):
            if isinstance(term, Linear):
                found.append(term.variable)
            elif isinstance(term, Variable):
                found.append(term)
        return tuple(found)

    @property
    def words(self) -> str:
        return f"{_words(self.left)} {self.sign} {_words(self.right)}"

    def _holds(self, values: Values) -> bool:
        return bool(_COMPARISONS[self.sign](_number(self.left, values), _number(self.right, values)))


_RELEASE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})*\Z", re.ASCII)


def release_parts(release: str) -> tuple[int, ...] | None:
    """Return the numbers of a release without trailing zeros, or None for a text such as ``latest``."""
    if not _RELEASE.match(release):
        return None
    parts = [int(part) for part in release.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


@frozen
class CompareRelease(Condition):
    """A comparison of the release that a variable names with another, number by number: 1.9 < 1.40 = 1.40.0.

    For a text that is no release, such as ``latest``, it is neither true nor false.
    """

    variable: Variable[str]
    sign: str = field()
    release: str = field()

    @sign.validator
    def _known(self, _attribute: object, sign: str) -> None:
        if sign not in _COMPARISONS:
            raise ValueError(f"{sign!r} is no comparison")

    @release.validator
    def _is_release(self, _attribute: object, release: str) -> None:
        if release_parts(release) is None:
            raise ValueError(f"{release!r} is no release; write numbers with dots between them, such as 1.40")

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return (self.variable,)

    @property
    def words(self) -> str:
        return f"{self.variable.name} {self.sign} {self.release}"

    def holds(self, values: Values) -> bool | None:
        own = release_parts(values[self.variable]) if self.variable in values else None
        other = release_parts(self.release)
        return None if own is None or other is None else bool(_COMPARISONS[self.sign](own, other))


def _words(term: Term) -> str:
    if isinstance(term, Linear):
        return term.words
    return term.name if isinstance(term, Variable) else str(term)


def _number(term: Term, values: Values) -> float:
    if isinstance(term, Linear):
        return term.value(values)
    if isinstance(term, Variable):
        number: float = values[term]
        return number
    return term


@frozen
class Not(Condition):
    """Another condition does not hold."""

    condition: Condition

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return self.condition.variables

    @property
    def words(self) -> str:
        return f"not ({self.condition.words})"

    def holds(self, values: Values) -> bool | None:
        held = self.condition.holds(values)
        return None if held is None else not held


@frozen
class _Several(Condition):
    conditions: tuple[Condition, ...]

    @property
    def variables(self) -> tuple[Variable[Any], ...]:
        return tuple(dict.fromkeys(variable for condition in self.conditions for variable in condition.variables))

    def _joined(self, word: str) -> str:
        parts = [f"({part.words})" if isinstance(part, _Several) else part.words for part in self.conditions]
        return f" {word} ".join(parts)


@frozen
class AllOf(_Several):
    """All of several conditions hold."""

    @property
    def words(self) -> str:
        return self._joined("and")

    def holds(self, values: Values) -> bool | None:
        held = [condition.holds(values) for condition in self.conditions]
        return False if False in held else None if None in held else True


@frozen
class AnyOf(_Several):
    """At least one of several conditions holds."""

    @property
    def words(self) -> str:
        return self._joined("or")

    def holds(self, values: Values) -> bool | None:
        held = [condition.holds(values) for condition in self.conditions]
        return True if True in held else None if None in held else False
