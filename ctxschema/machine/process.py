"""Running a program with a time limit that holds whatever the program, its interpreter or its libraries do.

A program whose pages cannot be read, as on a dead disk, hangs in ``execve``. After ``vfork``, which `subprocess` and
``posix_spawn`` use, the parent hangs with it; after ``fork`` only the child does. So a forked child does everything
that touches the program, even the search on PATH, and the parent only polls descriptors until the deadline. Source:
docs/decisions, running a program.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import time
from collections.abc import Mapping

from attrs import define, field

from ctxschema.core.timed import fork
from ctxschema.machine.system import Outcome

MOST_KEPT = 1 << 20
"""The most of each output of a program that is returned, in bytes."""

MOST_READ = 64 << 20
"""A program that prints more than this, in bytes, is killed; what exceeds `MOST_KEPT` is read and dropped."""

_TURN = 0.02
"""The interval, in seconds, at which a child is polled on a system without pidfd_open."""

_STATUS = 3
"""The descriptor on which a child reports why it cannot execute the program."""

_left_behind: list[int] = []
"""Process IDs of killed children that had not ended when their time was up."""


def keep_exit_codes() -> None:
    """Make the kernel report exit codes of children, which it does not while SIGCHLD is ignored, as inherited."""
    with contextlib.suppress(ValueError):  # not in the main thread, where only the surrounding program can set it
        if signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def run_program(arguments: list[str], environment: Mapping[str, str], seconds: float) -> Outcome:
    """Run a program, and return at the deadline even if it cannot be killed.

    Args:
        arguments: The program, as a path or as a name on PATH, and its arguments.
        environment: Its environment, PATH included.
        seconds: The time limit.
    """
    until = time.monotonic() + max(seconds, 0.0)
    _reap()
    with contextlib.ExitStack() as ours:
        try:
            with contextlib.ExitStack() as theirs:
                null = _held(theirs, os.open(os.devnull, os.O_RDWR))
                status, status_end = _pipe(ours, theirs)
                output, output_end = _pipe(ours, theirs)
                errors, errors_end = _pipe(ours, theirs)
                pid = fork()
                if pid == 0:
                    _become(arguments, environment, (null, output_end, errors_end, status_end))
        except OSError as error:
            return Outcome(None, output=error.strerror or "no process can be started", missing=True)
        return _Run(pid, status, output, errors).outcome(until)


def _pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[int, int]:
    """Open a pipe whose ends are each closed exactly once, since their numbers may be reused by another thread."""
    end, other = os.pipe()
    return _held(ours, end), _held(theirs, other)


def _held(stack: contextlib.ExitStack, descriptor: int) -> int:
    stack.callback(_close, descriptor)
    return descriptor


def _close(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        os.close(descriptor)


def _become(arguments: list[str], environment: Mapping[str, str], descriptors: tuple[int, ...]) -> None:
    """Execute the program in the child. Only system calls are used here; if one hangs, only the child does."""
    try:
        os.setsid()
        moved = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in descriptors]
        for target, each in enumerate(moved):
            os.dup2(each, target, inheritable=target != _STATUS)
        # An open descriptor, such as that of a lock, would stay open in a hanging child after the agent has ended.
        for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else map(str, range(4, 256)):
            if int(name) > _STATUS:
                _close(int(name))
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores SIGPIPE and SIGXFSZ, and a program inherits that
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        program = _find(arguments[0], environment.get("PATH", os.defpath))
        if program is None:
            os.write(_STATUS, b"\0")
        else:
            os.execve(program, [program, *arguments[1:]], dict(environment))  # noqa: S606 - no shell is wanted
    except (OSError, ValueError) as error:  # a NUL in an argument is a ValueError
        os.write(_STATUS, str(getattr(error, "strerror", None) or error).encode("utf-8", "replace"))
    finally:
        os._exit(127)


def _find(program: str, path: str) -> str | None:
    if "/" in program:
        return program if os.access(program, os.X_OK) else None
    for folder in path.split(os.pathsep):
        candidate = os.path.join(folder, program)
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return None


@define
class _Run:
    """A running program: its pipes, and the output so far."""

    pid: int
    status: int
    output: int
    errors: int
    read: int = 0
    said: dict[int, bytearray] = field(factory=dict)

    def outcome(self, until: float) -> Outcome:
        """Wait until the program ends or its time is up."""
        poll = select.poll()
        for descriptor in (self.status, self.output, self.errors):
            os.set_blocking(descriptor, False)
            self.said[descriptor] = bytearray()
            poll.register(descriptor, select.POLLIN)
        watched = _watch(self.pid)
        if watched is not None:
            poll.register(watched, select.POLLIN)
        try:
            code = self._follow(poll, watched, until)
        finally:
            if watched is not None:
                os.close(watched)
        if code is None or self.read > MOST_READ:
            _kill(self.pid)
        why = bytes(self.said[self.status])
        if why:
            return Outcome(None, output="" if why == b"\0" else why.decode("utf-8", "replace"), missing=True)
        answer, errors = (self.said[each].decode("utf-8", "replace") for each in (self.output, self.errors))
        if self.read > MOST_READ:
            errors = f"it printed more than {MOST_READ >> 20} MiB and was ended"
            return Outcome(-signal.SIGKILL, answer + errors, answer=answer)
        return Outcome(code, answer + errors, timed_out=code is None, answer=answer)

    def _follow(self, poll: select.poll, watched: int | None, until: float) -> int | None:
        """Collect output until the program ends; return its exit code, or None if it exceeds its time or its output."""
        while self.read <= MOST_READ and (left := until - time.monotonic()) > 0:
            for descriptor, _ in poll.poll(1000 * min(left, 3600.0 if watched is not None else _TURN) + 1):
                if descriptor != watched and not self._take(descriptor):
                    poll.unregister(descriptor)
            code = _ended(self.pid)
            if code is not None:
                for descriptor in self.said:
                    while self.read <= MOST_READ and time.monotonic() < until and self._take(descriptor):
                        pass
                return code
        return None

    def _take(self, descriptor: int) -> bool:
        """Read a piece of output from a pipe; return whether more may follow."""
        try:
            piece = os.read(descriptor, 1 << 16)
        except BlockingIOError:
            return False
        self.read += len(piece)
        self.said[descriptor] += piece[: MOST_KEPT - len(self.said[descriptor])]
        return bool(piece)


def _watch(pid: int) -> int | None:
    """Return a descriptor that becomes readable when a child ends, or None where the system offers none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _ended(pid: int) -> int | None:
    """Return the exit code of a child, or None while it runs."""
    try:
        done, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:  # the parent process ignores SIGCHLD, so that the kernel dropped the exit code
        return 255
    return os.waitstatus_to_exitcode(status) if done else None


def _kill(pid: int) -> None:
    """Kill a program and its children, without waiting for their end."""
    for kill in (os.killpg, os.kill):  # the process group exists only once the child has created it
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)
    if _ended(pid) is None:
        _left_behind.append(pid)


def _reap() -> None:
    """Collect killed children that have ended meanwhile."""
    _left_behind[:] = [pid for pid in _left_behind if _ended(pid) is None]
