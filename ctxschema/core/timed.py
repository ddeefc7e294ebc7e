"""Work that comes back in its time, whatever it waits for: a dead disk, a pipe that nobody reads, a server."""

from __future__ import annotations

import _thread  # threading takes longer to import than most of this takes to run
import contextlib
import os
import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def in_time(work: Callable[[], T], seconds: float | None) -> T:
    """Do some work in a thread of its own, which is left behind where it does not end.

    What is left behind never keeps the process from ending, unless the kernel itself cannot interrupt it.

    Args:
        work: What is to be done; what it raises is raised here.
        seconds: How long it may take; as long as it likes if None.

    Raises:
        TimeoutError: It has not ended.
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
    except RuntimeError:  # no memory for a thread, or none to be had at all: better late than never
        return work()
    if not running.acquire(timeout=-1 if seconds is None else min(max(seconds, 0.0), _thread.TIMEOUT_MAX)):
        raise TimeoutError(0, f"it did not end within {seconds:g} seconds")
    if errors:
        raise errors[0]
    return results[0]


def apart(work: Callable[[], bytes], seconds: float) -> bytes:
    """Do some work in a process of its own, which is killed where it does not end.

    A thread that the kernel cannot interrupt keeps its process from ending for good, so that whoever waits for that
    hangs as well. A process of its own can be left behind.

    Args:
        work: What is to be done; of what it raises, only an `OSError` comes through.
        seconds: How long it may take.

    Raises:
        OSError: The work raised it, or came to no end of its own.
        TimeoutError: It has not ended.
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
            os.waitpid(pid, 0 if pieces else os.WNOHANG)  # what sent something does not hang
    answer = b"".join(pieces)
    if answer[:1] == b"+":
        return answer[1:]
    number, _, reason = answer[1:].decode("utf-8", "replace").partition(" ")
    raise OSError(int(number or 0), reason or "whatever read it was ended")


def _send(work: Callable[[], bytes], descriptor: int) -> None:
    """Do the work and send what came of it, in the child."""
    try:
        # A child that hangs would hold what it has: a lock, or a stream to whose end somebody reads.
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        with contextlib.suppress(OSError):
            for name in os.listdir("/proc/self/fd"):
                with contextlib.suppress(OSError):
                    if int(name) not in {0, 1, 2, descriptor} and not os.get_inheritable(int(name)):
                        os.close(int(name))
        try:
            answer = b"+" + work()
        except OSError as error:
            answer = f"-{error.errno or 0} {error.strerror}".encode("utf-8", "replace")
        while answer:
            answer = answer[os.write(descriptor, answer) :]
    finally:
        os._exit(0)


def fork() -> int:
    """Fork, threads or not. The child has to do without every lock of the parent, and end with ``os._exit``."""
    if sys.version_info < (3, 12):
        return os.fork()
    import warnings

    # Later versions warn of the locks that other threads may hold.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()
