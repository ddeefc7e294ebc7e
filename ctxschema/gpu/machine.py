"""The machine as the checks see it: unreadable differs from missing, and every program has a time limit."""

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
"""What a probe yields: the name of an answer of its check, and the details for the answer's texts."""

_NOTHING = "it printed nothing"


class UnreadableError(CtxschemaError):
    """A path of the machine could not be read.

    Attributes:
        path: The path.
    """

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} cannot be read")
        self.path = path


@define(eq=False)
class Machine:
    """A machine, with a cache of what was found out about it.

    Args:
        system: Its files and programs.
        image: The image for the container check; if None, one that is on the machine.
        pull: Whether an image may be downloaded.
        most: The time limit of every program, in seconds, in addition to its own.
        attempts: How often nvidia-smi is run if it does not answer in time; with many GPUs the first run takes long.
        until: When everything must be over, on the monotonic clock.
        onehost: The output of ``onehost show -x`` for this host, from the front-end.
    """

    system: System
    image: str | None = None
    pull: bool = False
    most: float | None = None
    attempts: int = 1
    until: float | None = None
    onehost: str | None = None
    _learnt: dict[Callable[[Machine], Any], Any] = field(factory=dict, init=False, repr=False)
    _hung: dict[tuple[str, ...], float] = field(factory=dict, init=False, repr=False)

    @property
    def hangs(self) -> bool:
        """Whether a program did not answer in time."""
        return bool(self._hung)

    def cached(self, ask: Callable[[Machine], T]) -> T:
        """Return the result of a function for this machine; it is called at the first use only."""
        if ask not in self._learnt:
            self._learnt[ask] = ask(self)
        answer: T = self._learnt[ask]
        return answer

    def there(self, path: str) -> bool:
        """Say whether a path exists.

        Raises:
            UnreadableError: That cannot be found out.
        """
        state = self.system.state(path)
        if state is PathState.UNREADABLE:
            raise UnreadableError(path)
        return state is PathState.THERE

    def names(self, path: str) -> list[str]:
        """Return the sorted names in a folder; none if it is missing.

        Raises:
            UnreadableError: It cannot be read.
        """
        names = self.system.names(path)
        if names is None and self.there(path):
            raise UnreadableError(path)
        return names or []

    def text(self, path: str) -> str | None:
        """Return the content of a file, or None if it is missing.

        Raises:
            UnreadableError: It cannot be read.
        """
        real = self.system.real(path)
        # A named pipe would block. A link to /dev/null is read: it is how a file is disabled.
        regular = os.path.isfile(real) or (os.path.exists(real) and os.path.samefile(real, os.devnull))
        text = self.system.read(path) if regular else None
        if text is None and self.there(path):
            raise UnreadableError(path)
        return text

    def hint(self, path: str) -> str:
        """Return the content of a file, or nothing if it cannot be read; for details that only explain."""
        try:
            return self.text(path) or ""
        except UnreadableError:
            return ""

    def holds(self, path: str, pattern: re.Pattern[str]) -> bool | None:
        """Say whether a line of a file of any size matches; None if it cannot be read."""
        real = self.system.real(path)
        try:
            if not os.path.isfile(real):
                return None
            with open(real, encoding="utf-8", errors="replace") as stream:
                return any(pattern.search(line) for line in stream)
        except OSError:
            return None

    def link(self, path: str) -> str | None:
        """Return the last name of a symbolic link's target, or None if the link is missing.

        Raises:
            UnreadableError: It cannot be read.
        """
        name = self.system.link(path)
        if name is None and self.there(path):
            raise UnreadableError(path)
        return name

    def limit(self, seconds: float) -> float:
        """Return the time limit for a program that normally has ``seconds``."""
        left = None if self.until is None else max(self.until - time.monotonic(), 0.01)
        return min(limit for limit in (seconds, self.most, left) if limit is not None)

    def run(self, arguments: list[str], seconds: float, *, again: bool = False) -> Outcome:
        """Run a program. One that timed out before with as much time is not run again, and counts as timed out.

        Args:
            arguments: The program and its arguments.
            seconds: The time limit.
            again: Whether to run it although it timed out before.
        """
        limit = self.limit(seconds)
        # For Docker the subcommand counts as well: a container that hangs says nothing about the engine.
        program = tuple(arguments[: 2 if arguments[0] == "docker" else 1])
        if not again and limit <= self._hung.get(program, 0.0):
            return Outcome(None, timed_out=True)
        outcome = self.system.run(arguments, limit)
        if outcome.timed_out:
            self._hung[program] = max(limit, self._hung.get(program, 0.0))
        return outcome


def exit_code(outcome: Outcome) -> str:
    """Return the exit code as a shell reports it: 128 plus the signal for a program that was killed."""
    code = outcome.code
    return str(code) if code is None or code >= 0 else str(128 - code)


def said(outcome: Outcome) -> str:
    """Return the output of a program, errors included, as one line of printable ASCII of limited length."""
    return _ascii(outcome.output)[:LONGEST_SAID].rstrip() or _NOTHING


def printed_lines(outcome: Outcome) -> list[str]:
    """Return the lines of a program's standard output in printable ASCII, with runs of blanks reduced to one."""
    return [_ascii(line) for line in outcome.answer.split("\n")]


def _ascii(text: str) -> str:
    return " ".join(re.findall("[!-~]+", text))
