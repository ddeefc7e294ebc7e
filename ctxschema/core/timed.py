"""Running work with a time limit, whatever it blocks on: a dead disk, a pipe without a reader, a server."""

from __future__ import annotations

import _thread  # importing threading takes longer than most of the work that is run here
import contextlib
import os
import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

FIRST_WORD_SECONDS = 10.0
"""How long work goes on before somebody is told that it still does, in seconds."""


def in_time(work: Callable[[], T], seconds: float | None, still: Callable[[float], None] | None = None) -> T:
    """Run some work in a thread, and abandon the thread if it does not end in time.

    An abandoned thread does not keep the process from ending, unless the kernel cannot interrupt it.

    Args:
        work: The function to call; exceptions that it raises are raised here.
        seconds: The time limit; none if None.
        still: A function that is called with the seconds that have passed while the work goes on: after 10 of them,
            after 20, after 40, and so on.

    Raises:
        TimeoutError: It did not end in time.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    running = _thread.allocate_lock()
    running.acquire()

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised anew where somebody waits for it
            errors.append(error)
        finally:
            running.release()

    try:
        _thread.start_new_thread(run, ())
    except RuntimeError:  # no thread can be started; then the work is done without a time limit
        return work()
    limit = float("inf") if seconds is None else max(seconds, 0.0)
    passed, pause = 0.0, FIRST_WORD_SECONDS
    while not running.acquire(timeout=min(pause, limit) - passed):
        if pause >= limit:
            raise TimeoutError(0, f"it did not end within {limit:g} seconds")
        passed, pause = pause, pause * 2
        if still is not None:
            still(passed)
    if errors:
        raise errors[0]
    return results[0]


def apart(work: Callable[[], bytes], seconds: float) -> bytes:
    """Run some work in a separate process, and kill that process if it does not end in time.

    A thread that the kernel cannot interrupt keeps its process from ending. A separate process can be abandoned.

    Args:
        work: The function to call; of the exceptions that it raises, only `OSError` is raised here.
        seconds: The time limit.

    Raises:
        OSError: The work raised it, or its process ended unexpectedly.
        TimeoutError: It did not end in time.
    """
    import select

    until = time.monotonic() + seconds
    read, write = os.pipe()
    pid = fork()
    if pid == 0:
        _send(work, write)
    os.close(write)
    pieces: list[bytes] = []
    try:
        while select.select([read], [], [], max(until - time.monotonic(), 0.0))[0]:
            piece = os.read(read, 1 << 20)
            if not piece:
                break
            pieces.append(piece)
        else:
            raise TimeoutError(0, f"it did not end within {seconds:g} seconds")
    finally:
        os.close(read)
        with contextlib.suppress(OSError):
            os.kill(pid, 9)
            os.waitpid(pid, 0 if pieces else os.WNOHANG)  # a process that has sent its result ends by itself
    answer = b"".join(pieces)
    if answer[:1] == b"+":
        return answer[1:]
    number, _, reason = answer[1:].decode().partition(" ")
    raise OSError(int(number or 0), reason or "whatever read it was ended")


def _send(work: Callable[[], bytes], descriptor: int) -> None:
    """Do the work in the child process and send the result to the parent."""
    import fcntl

    try:
        # Where the parent began with a standard stream closed, the pipe may have the number of that stream.
        descriptor = fcntl.fcntl(descriptor, fcntl.F_DUPFD, 3)
        # A child that hangs would keep inherited descriptors open: a lock, or a pipe whose reader waits for its end.
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        with contextlib.suppress(OSError):
            for name in os.listdir("/proc/self/fd"):
                with contextlib.suppress(OSError):
                    if not os.get_inheritable(int(name)):
                        os.close(int(name))
        try:
            answer = b"+" + work()
        except OSError as error:
            answer = f"-{error.errno or 0} {error.strerror or error}".encode("utf-8", "replace")
        while answer:
            answer = answer[os.write(descriptor, answer) :]
    finally:
        os._exit(0)


def fork() -> int:
    """Fork, even if there are other threads. The child must use no lock of the parent and end with ``os._exit``."""
    if sys.version_info < (3, 12):
        return os.fork()
    import warnings

    # Python 3.12 and later warn because other threads may hold locks.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
