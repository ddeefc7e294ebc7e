"""Writing to what somebody else reads, or does not: standard output and error, a pipe, a full disk."""

from __future__ import annotations

import contextlib
import os
from _thread import allocate_lock
from collections import deque
from typing import Any, TextIO

from attrs import define, field

from ctxschema.core.timed import in_time

PATIENCE_SECONDS = 1.0
"""How long one line may keep its writer waiting; the lines after one that did are not waited for at all."""

_MOST_WAITING = 1000


def put(stream: TextIO, text: str) -> None:
    """Write a text at once and whole, past the buffer of the stream.

    What stays in the buffer is written at the end of the process, and would fail or hang there.

    Raises:
        OSError: It cannot be written.
        ValueError: The stream is closed.
    """
    stream.flush()
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):  # a stream in memory
        stream.write(text)
        stream.flush()
        return
    data = text.encode(stream.encoding or "utf-8", "backslashreplace")
    while data:
        data = data[os.write(descriptor, data) :]


def settle(stream: Any) -> bool:
    """Have a standard stream end well: what it cannot get rid of is dropped. Say whether all of it was written."""
    if stream is None:
        return True
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    return True


@define(eq=False)
class Patient:
    """Lines for a stream that nobody may read. None of them is lost while somebody reads, and none holds anybody up.

    Attributes:
        lines: What is still to be written.
    """

    lines: deque[tuple[TextIO, str]] = field(factory=lambda: deque(maxlen=_MOST_WAITING), repr=False)
    _writing: Any = field(factory=allocate_lock, repr=False)

    def write(self, stream: TextIO, text: str) -> None:
        """Write a line, or leave it to whoever is still busy with an earlier one."""
        self.lines.append((stream, text))
        if not self._writing.locked():
            with contextlib.suppress(TimeoutError):
                in_time(self._drain, PATIENCE_SECONDS)

    def _drain(self) -> None:
        while self.lines and self._writing.acquire(blocking=False):
            try:
                while self.lines:
                    with contextlib.suppress(OSError, ValueError):  # full, or closed by whoever started us
                        put(*self.lines.popleft())
            finally:
                self._writing.release()
