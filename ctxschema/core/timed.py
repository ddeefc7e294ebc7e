"""Work that comes back in its time, whatever it waits for: a dead disk, a pipe that nobody reads, a server."""

from __future__ import annotations

import _thread  # threading takes longer to import than most of this takes to run
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
