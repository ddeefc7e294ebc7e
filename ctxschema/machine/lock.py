"""One agent at a time: a lock that ends with the process that holds it, however that ends."""

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
    """Hold the lock of an appliance for the length of a block.

    A machine on which there can be no lock, such as one with a read-only ``/run``, is booted all the same.

    Args:
        system: The machine.
        name: The appliance.

    Raises:
        BusyError: Another process holds it.
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
        with contextlib.suppress(OSError):  # a full disk: the number is for the other one's message only
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)  # the file stays: whoever removed it would give two processes a lock each
