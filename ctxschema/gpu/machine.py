"""The machine that is asked: what is missing is told from what cannot be read, and every program has a time limit."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias, TypeVar

from attrs import define, field

from ctxschema.core.errors import CtxschemaError
from ctxschema.gpu.values import LONGEST_SAID
from ctxschema.machine.system import Outcome, PathState, System
from ctxschema.model.check import Details

T = TypeVar("T")

Found: TypeAlias = "Iterator[tuple[str, Details]]"
"""What a probe yields: the name of an answer, and its details."""

_NOTHING = "it printed nothing"


class UnreadableError(CtxschemaError):
    """Something of the machine that cannot be looked at.

    Attributes:
        path: Where it stands.
    """

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} cannot be read")
        self.path = path


@define(eq=False)
class Machine:
    """A machine, and what was learnt of it so far.

    Args:
        system: Its files and programs.
        image: The image for the container check; one that is there if None.
        pull: Whether an image may be downloaded.
        most: The longest that any program may take, in seconds.
        attempts: How often nvidia-smi is asked that does not answer in time; the first contact with many GPUs takes
            long.
        until: When everything must be over, on the monotonic clock.
        onehost: What ``onehost show -x`` printed of this host on the front-end.
    """

    system: System
    image: str | None = None
    pull: bool = False
    most: float | None = None
    attempts: int = 1
    until: float | None = None
    onehost: str | None = None
    _learnt: dict[Callable[[Machine], Any], Any] = field(factory=dict, init=False, repr=False)
    _hung: dict[str, float] = field(factory=dict, init=False, repr=False)

    @property
    def hangs(self) -> bool:
        """Whether a program did not answer in its time."""
        return bool(self._hung)

    def once(self, ask: Callable[[Machine], T]) -> T:
        """Return what a function says of this machine, which is asked only once."""
        if ask not in self._learnt:
            self._learnt[ask] = ask(self)
        answer: T = self._learnt[ask]
        return answer

    def there(self, path: str) -> bool:
        """Say whether something stands at a path.

        Raises:
            UnreadableError: It cannot be told.
        """
        state = self.system.state(path)
        if state is PathState.UNREADABLE:
            raise UnreadableError(path)
        return state is PathState.THERE

    def names(self, path: str) -> list[str]:
        """Return the sorted names in a folder, none if it is missing.

        Raises:
            UnreadableError: They cannot be told.
        """
        names = self.system.names(path)
        if names is None and self.there(path):
            raise UnreadableError(path)
        return names or []

    def text(self, path: str) -> str | None:
        """Return what a file holds, None if it is missing.

        Raises:
            UnreadableError: It cannot be told.
        """
        real = self.system.real(path)
        # A named pipe would be waited for; a link to nowhere is how a file is switched off.
        regular = os.path.isfile(real) or (os.path.exists(real) and os.path.samefile(real, os.devnull))
        text = self.system.read(path) if regular else None
        if text is None and self.there(path):
            raise UnreadableError(path)
        return text

    def hint(self, path: str) -> str:
        """Return what a file holds, or nothing; for what only explains."""
        try:
            return self.text(path) or ""
        except UnreadableError:
            return ""

    def holds(self, path: str, pattern: re.Pattern[str]) -> bool | None:
        """Say whether a line of a file, however long that is, matches; None if it cannot be told."""
        real = self.system.real(path)
        try:
            if not os.path.isfile(real):
                return None
            with open(real, encoding="utf-8", errors="replace") as stream:
                return any(pattern.search(line) for line in stream)
        except OSError:
            return None

    def link(self, path: str) -> str | None:
        """Return the last name of what a link points to, None if it is missing.

        Raises:
            UnreadableError: It cannot be told.
        """
        name = self.system.link(path)
        if name is None and self.there(path):
            raise UnreadableError(path)
        return name

    def limit(self, seconds: float) -> float:
        """Return how long a program may take that is given so many seconds."""
        left = None if self.until is None else max(self.until - time.monotonic(), 0.01)
        return min(limit for limit in (seconds, self.most, left) if limit is not None)

    def run(self, arguments: list[str], seconds: float, *, again: bool = False) -> Outcome:
        """Run a program; one that did not answer within as long before has not answered now, unless it is an attempt.

        Args:
            arguments: The program and its arguments.
            seconds: How long it may take.
            again: Whether to run it although it did not answer before.
        """
        limit = self.limit(seconds)
        # That one container hangs says nothing of the engine.
        program = " ".join(arguments[: 2 if arguments[0] == "docker" else 1])
        if not again and limit <= self._hung.get(program, 0.0):
            return Outcome(None, timed_out=True)
        outcome = self.system.run(arguments, limit)
        if outcome.timed_out:
            self._hung[program] = max(limit, self._hung.get(program, 0.0))
        return outcome


def exit_code(outcome: Outcome) -> str:
    """Return the exit code as a shell tells it: 128 and the signal where a program was killed."""
    code = outcome.code
    return str(code) if code is None or code >= 0 else str(128 - code)


def said(outcome: Outcome) -> str:
    """Return what a program printed, errors included, as one line of printable ASCII, cut where it is long."""
    return _ascii(outcome.output)[:LONGEST_SAID].rstrip() or _NOTHING


def printed_lines(outcome: Outcome) -> list[str]:
    """Return the lines that a program printed on standard output, each in printable ASCII with single blanks."""
    return [_ascii(line) for line in outcome.answer.split("\n")]


def _ascii(text: str) -> str:
    return " ".join(re.findall("[!-~]+", text))
