"""Showing on a terminal that a command is still working."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import define, field

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

QUIET_SECONDS = 2.0
"""How long, in seconds, nothing is shown, since most work ends within it."""


@define
class Waiting:
    """A progress bar on standard error that appears after `QUIET_SECONDS`.

    Args:
        what: A phrase for the work.
        total: The number of steps; None if it is not known.
    """

    what: str
    total: int | None = None
    _done: int = field(init=False, default=0)
    _bar: Progress | None = field(init=False, default=None)
    _task: TaskID | None = field(init=False, default=None)

    def begin(self) -> None:
        """Show the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
        console = Console(stderr=True)
        # What is printed meanwhile goes where it was to go.
        self._bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
        # The progress within one step is not known.
        total = None if self.total == 1 else self.total
        self._task = self._bar.add_task(self.what, total=total, completed=max(self._done - 1, 0))
        self._bar.start()

    def end(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()

    def step(self, what: str) -> None:
        """Begin the next step, and show a phrase for it."""
        self.what = what
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=what, completed=self._done)
        self._done += 1


@contextlib.contextmanager
def waiting(what: str, total: int | None = None) -> Iterator[Waiting]:
    """Show a progress bar while the block runs, if standard error is a terminal."""
    shown = Waiting(what, total)
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield shown
        return
    timer = threading.Timer(QUIET_SECONDS, shown.begin)
    timer.daemon = True
    timer.start()
    try:
        yield shown
    finally:
        timer.cancel()
        timer.join()
        shown.end()
