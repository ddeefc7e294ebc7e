"""The machine that the runtime looks at, which a test can replace by a folder and a PATH."""

from __future__ import annotations

import contextlib
import enum
import os
import signal
from collections.abc import Iterable

from attrs import field, frozen

_MOST_OUTPUT = 1 << 20


class PathState(enum.Enum):
    """What is known of a path; that it cannot be read is neither yes nor no."""

    THERE = "there"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@frozen
class Outcome:
    """How a program ended.

    Attributes:
        code: Its exit code; None if it was never there or never ended.
        output: What it printed, standard error included, up to 1 MiB.
        missing: Whether there is no such program.
        timed_out: Whether it was given up.
    """

    code: int | None
    output: str = field(default="", repr=False)
    missing: bool = False
    timed_out: bool = False


@frozen
class System:
    """Files below a root, and programs on a PATH.

    Args:
        root: What stands for ``/``.
        path: Where programs are looked for; that of the process if None.
    """

    root: str = "/"
    path: str | None = None

    def real(self, path: str) -> str:
        """Return where an absolute path of the machine really stands."""
        return os.path.join(self.root, path.lstrip("/"))

    def state(self, path: str) -> PathState:
        """Say whether something stands at a path, or cannot be told."""
        try:
            os.lstat(self.real(path))
        except (FileNotFoundError, NotADirectoryError):
            return PathState.MISSING
        except OSError:
            return PathState.UNREADABLE
        return PathState.THERE

    def exists(self, path: str) -> bool:
        """Say whether something certainly stands at a path."""
        return self.state(path) is PathState.THERE

    def read(self, path: str) -> str | None:
        """Return what a file holds, without blanks at the ends, or None if it cannot be read; at most 1 MiB."""
        try:
            with open(self.real(path), encoding="utf-8", errors="replace") as stream:
                return stream.read(_MOST_OUTPUT).strip()
        except OSError:
            return None

    def names(self, path: str) -> list[str] | None:
        """Return the sorted names in a folder, or None if it cannot be read."""
        try:
            return sorted(os.listdir(self.real(path)))
        except OSError:
            return None

    def link(self, path: str) -> str | None:
        """Return the last name of what a symbolic link points to, or None; links of sysfs are never followed."""
        try:
            return os.path.basename(os.readlink(self.real(path)))
        except OSError:
            return None

    def find_program(self, name: str, folders: Iterable[str]) -> str | None:
        """Return the first of some folders of the machine that holds a program, as a path of the machine."""
        for folder in folders:
            path = f"{folder}/{name}"
            real = self.real(path)
            if os.path.isfile(real) and os.access(real, os.X_OK):
                return path
        return None

    def run(self, arguments: list[str], seconds: float) -> Outcome:
        """Run a program, and give it up after a time even if it cannot be killed.

        A program that hangs in the kernel does not die, and waiting for it again would hang with it: so its
        output goes to memory that nobody has to drain, and it is left behind (gpu.md, section 3).

        Args:
            arguments: The program and its arguments.
            seconds: How long it may take.
        """
        import subprocess

        environment = dict(os.environ) if self.path is None else {**os.environ, "PATH": self.path}
        program = _find(arguments[0], environment.get("PATH", os.defpath))
        if program is None:
            return Outcome(None, missing=True)
        with os.fdopen(os.memfd_create("output"), "w+b") as output:
            try:
                process = subprocess.Popen(
                    [program, *arguments[1:]],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=environment,
                    start_new_session=True,
                )
            except OSError as error:
                return Outcome(None, output=str(error.strerror), missing=True)
            try:
                code: int | None = process.wait(seconds)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                code = None
                process.returncode = -signal.SIGKILL  # nobody waits for it any more
            output.seek(0)
            text = output.read(_MOST_OUTPUT).decode("utf-8", "replace")
        return Outcome(code, text, timed_out=code is None)


def _find(program: str, path: str) -> str | None:
    if "/" in program:
        return program if os.access(program, os.X_OK) else None
    for folder in path.split(os.pathsep):
        candidate = os.path.join(folder, program)
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return None
