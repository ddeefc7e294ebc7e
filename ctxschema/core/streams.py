"""Writing to standard output and error, whose reader may be slow, gone, or a full disk."""

from __future__ import annotations

import contextlib
import errno
import os
from _thread import allocate_lock
from collections import deque
from typing import Any, TextIO

from attrs import define, field

from ctxschema.core.timed import in_time

PATIENCE_SECONDS = 1.0
"""How long the writing of one line may block, in seconds; after that, later lines are queued without waiting."""

_MOST_WAITING = 1000


def put(stream: TextIO | None, text: str, encoding: str | None = None) -> None:
    """Write a text at once and completely, bypassing the stream's buffer.

    Text in the buffer would be written when the process ends, and could fail or block then.

    Args:
        stream: The stream; None for a standard one that was closed when the process began.
        text: The text.
        encoding: Its encoding; that of the stream if None.

    Raises:
        OSError: It cannot be written.
        ValueError: The stream is closed.
    """
    if stream is None:
        raise OSError(errno.EBADF, "the output is closed")
    stream.flush()
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):  # a stream without a descriptor, in memory
        stream.write(text)
        stream.flush()
        return
    data = text.encode(encoding or stream.encoding, "backslashreplace")
    while data:
        data = data[os.write(descriptor, data) :]


def settle(stream: Any) -> bool:
    """Flush a standard stream, or discard what cannot be written, so that the process ends cleanly. Return success."""
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
    """A queue of lines for a stream whose reader may have stopped. Lines are kept in order and never block the caller.

    Attributes:
        lines: The lines that are still to be written.
    """

    lines: deque[tuple[TextIO, str]] = field(factory=lambda: deque(maxlen=_MOST_WAITING), repr=False)
    _writing: Any = field(factory=allocate_lock, repr=False)

    def write(self, stream: TextIO, text: str) -> None:
        """Write a line, or queue it if an earlier line is still being written."""
        self.lines.append((stream, text))
        if not self._writing.locked():
            with contextlib.suppress(TimeoutError):
                in_time(self._drain, PATIENCE_SECONDS)

    def _drain(self) -> None:
        while self.lines:  # one may be queued after the last was written and before the lock is released
            with self._writing:
                while self.lines:
                    with contextlib.suppress(OSError, ValueError):  # the disk is full, or the stream is closed
                        put(*self.lines.popleft())
