"""Limits: which values a variable takes, as data for the engine, the documents and the generated checks."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen


@frozen
class Limit:
    """Something that a value must satisfy beyond its kind.

    Attributes:
        words: The limit in words, for messages and documents.
        example: A text within the limit, or None where the limit itself knows none.
        counterexample: A text outside it, or None.
    """

    @property
    def words(self) -> str:
        raise NotImplementedError

    @property
    def example(self) -> str | None:
        return None

    @property
    def counterexample(self) -> str | None:
        return None

    def problem(self, value: Any) -> str | None:
        """Return what is wrong with a value, to complete a sentence that begins with it, or None if nothing is."""
        raise NotImplementedError

    def repair(self, _text: str) -> str | None:
        """Return what to write instead of a text outside the limit, or None where only an example can be given."""
        return None


@frozen
class Between(Limit):
    """A number from ``low`` to ``high``. Both ends are included unless excluded explicitly; None leaves an end open."""

    low: float | None = None
    high: float | None = None
    low_included: bool = True
    high_included: bool = True

    @property
    def words(self) -> str:
        if self.high is None:
            return f"{'at least' if self.low_included else 'more than'} {self.low}"
        if self.low is None:
            return f"{'at most' if self.high_included else 'less than'} {self.high}"
        excluded = [end for end, included in self._ends() if not included]
        suffix = "" if not excluded else f", {' and '.join(str(end) for end in excluded)} excluded"
        return f"from {self.low} to {self.high}{suffix}"

    def _ends(self) -> list[tuple[float | None, bool]]:
        return [(self.low, self.low_included), (self.high, self.high_included)]

    @property
    def example(self) -> str | None:
        if self.low is not None and self.high is not None:
            middle = (self.low + self.high) / 2
            wanted = (int(middle), self.high, middle) if isinstance(self.low, int) else (middle,)
            return str(next((each for each in wanted if self.problem(each) is None), middle))
        return str(self.low + 1 if self.low is not None else (self.high or 0) - 1)

    @property
    def counterexample(self) -> str | None:
        if self.low is not None:
            return str(self.low if not self.low_included else self.low - 1)
        high = self.high or 0
        return str(high if not self.high_included else high + 1)

    def problem(self, value: float) -> str | None:
        low = self.low is None or (value >= self.low if self.low_included else value > self.low)
        high = self.high is None or (value <= self.high if self.high_included else value < self.high)
        return None if low and high else f"is not {self.words.replace('from', 'within')}"


@frozen
class NoneOf(Limit):
    """Any value except those listed."""

    values: tuple[int, ...]
    why: str

    @property
    def words(self) -> str:
        return f"not {', '.join(map(str, self.values))} ({self.why})"

    @property
    def counterexample(self) -> str | None:
        return str(self.values[0])

    def problem(self, value: int) -> str | None:
        return f"is taken: {self.why}" if value in self.values else None


@frozen
class OneOf(Limit):
    """One of the listed words; for a kind whose values are lists, each element must be."""

    options: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"one of {', '.join(self.options)}"

    @property
    def example(self) -> str | None:
        return self.options[-1]

    @property
    def counterexample(self) -> str | None:
        return "none of these"

    def problem(self, value: str | tuple[str, ...]) -> str | None:
        chosen = (value,) if isinstance(value, str) else value
        return None if all(item in self.options for item in chosen) else f"is not {self.words}"


@frozen
class Instead:
    """A common mistake in place of the wanted text, and what to advise.

    Args:
        pattern: A regular expression for the whole mistaken text.
        repair: What to write instead, and what happens otherwise.
    """

    pattern: str
    repair: str


@frozen
class Matches(Limit):
    """A text that matches a pattern.

    Args:
        pattern: A regular expression for the whole text, in the syntax that POSIX and ECMAScript share.
        description: The pattern in words.
        example: A text that matches.
        counterexample: A text that looks right and does not match.
        longest: The greatest number of characters.
        instead: Common mistakes, each with what to write instead.
    """

    pattern: str
    description: str
    example: str
    counterexample: str
    longest: int = 4096
    instead: tuple[Instead, ...] = ()

    @property
    def words(self) -> str:
        return self.description

    def problem(self, value: str) -> str | None:
        if len(value) > self.longest:
            return f"has {len(value)} characters, more than {self.longest}"
        return None if re.fullmatch(self.pattern, value) else f"is not {self.words}"

    def repair(self, text: str) -> str | None:
        return next((each.repair for each in self.instead if re.fullmatch(each.pattern, text)), None)
