"""A lock that lets one agent boot a machine at a time; the kernel releases it when the process ends."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from ctxschema.core.errors import CtxschemaError
from ctxschema.machine.system import System


class BusyError(CtxschemaError):
    """Another agent is booting this machine."""


@contextlib.contextmanager
def only_one(system: System, name: str) -> Iterator[None]:
    """Hold the lock of an appliance while the block runs.

    On a machine where no lock can be made, as with a read-only ``/run``, the block runs without one.

    Args:
        system: The machine.
        name: The name of the appliance.

    Raises:
        BusyError: Another process holds the lock.
    """
    import fcntl

    path = f"/run/ctxschema-agent.{name}.lock"
    try:
        descriptor = os.open(
            system.real(path), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600
        )
    except OSError:
        yield
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            message = f"another agent boots {name} on this machine (process {holder}); this one leaves it alone"
            raise BusyError(message) from None
        except OSError:
            pass  # a file system without locks
        with contextlib.suppress(OSError):  # the disk is full; the number only serves the other process's message
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)  # the file stays: if it were removed, two processes could each lock one of their own
