"""The machine that the runtime looks at, which a test can replace by a folder and a PATH."""

from __future__ import annotations

import contextlib
import enum
import os
import time
from collections.abc import Callable, Collection, Iterable

from attrs import field, frozen

from ctxschema.core.errors import FileError
from ctxschema.core.files import remove_temporaries

_MOST_READ = 1 << 20
_MOST_SAID = 200
_LEFT_OUT = " ... "


class PathState(enum.Enum):
    """What is known of a path; that it cannot be read is neither yes nor no."""

    THERE = "there"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@frozen
class Deadline:
    """A moment by which something has to end.

    Args:
        moment: That moment, on the clock that never goes back; none if None.
    """

    moment: float | None = None

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """Return the deadline in some seconds; none if None."""
        return cls(None if seconds is None else time.monotonic() + seconds)

    def left(self, most: float) -> float:
        """Return how many seconds are left, and never more than some."""
        return most if self.moment is None else max(0.0, min(most, self.moment - time.monotonic()))


def shortened(text: str) -> str:
    """Return a text of at most 200 characters: Docker says at the beginning what failed, and at the end why."""
    half = (_MOST_SAID - len(_LEFT_OUT)) // 2
    return text if len(text) <= _MOST_SAID else f"{text[:half]}{_LEFT_OUT}{text[-half:]}"


@frozen
class Outcome:
    """How a program ended.

    Attributes:
        code: Its exit code; None if it was never there or never ended.
        output: What it printed, standard error behind standard output, up to 1 MiB of each.
        missing: Whether there is no such program.
        timed_out: Whether it was given up.
        answer: What it printed on standard output alone.
    """

    code: int | None
    output: str = field(default="", repr=False)
    missing: bool = False
    timed_out: bool = False
    answer: str = field(default="", repr=False)

    @property
    def said(self) -> str:
        """What it printed, in one short line: its errors where there are any, or that it printed nothing."""
        errors = self.output[len(self.answer) :]
        words = (errors if errors.strip() else self.output).split()
        return shortened(" ".join(words)) or "it printed nothing"


@frozen
class System:
    """Files below a root, and programs on a PATH.

    Args:
        root: What stands for ``/``.
        path: Where programs are looked for; that of the process if None.
        sleep: Waits for some seconds.
    """

    root: str = "/"
    path: str | None = None
    sleep: Callable[[float], None] = time.sleep

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
        pieces, left = [], _MOST_READ
        try:
            # Nobody waits for a pipe that stands where a file is expected.
            descriptor = os.open(self.real(path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                while left > 0 and (piece := os.read(descriptor, left)):
                    pieces.append(piece)
                    left -= len(piece)
            finally:
                os.close(descriptor)
        except OSError:
            return None
        text = b"".join(pieces).decode("utf-8", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

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

    def make_folder(self, path: str, mode: int, owner: int) -> None:
        """Make a folder and those above it, and give it to a user and the group of the same number.

        Args:
            path: The folder; it may be a link to one.
            mode: The permissions of a new one. One that is there keeps its own: what somebody closed stays closed.
            owner: The user, and the group.

        Raises:
            FileError: It cannot be made or given away.
        """
        real = self.real(path)
        try:
            new = _make(real)
            descriptor = os.open(real, os.O_RDONLY | os.O_DIRECTORY)
            try:
                self._give(descriptor, mode if new else None, owner)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise FileError(f"{path} cannot be made: {error.strerror}") from None

    def clear(self, files: Collection[str], keys: Iterable[str]) -> None:
        """Remove what earlier runs left that were killed while they wrote.

        Args:
            files: The files that nobody else writes; halves of others beside them go where their process has gone.
            keys: Folders of which temporary folders, in which earlier versions had keys made, go as well.
        """
        for folder in {os.path.dirname(path) for path in files}:
            for name in self.names(folder) or ():
                path = f"{folder}/{name.rpartition('.')[0].rpartition('.')[0]}"
                if name.endswith(".tmp"):
                    remove_temporaries(self.real(path), of_the_living=path in files)
        for folder in keys:
            for name in self.names(folder) or ():
                real = self.real(f"{folder}/{name}")
                if name.startswith("tmp") and os.path.isdir(real) and not os.path.islink(real):
                    import shutil

                    shutil.rmtree(real, ignore_errors=True)

    def write(self, path: str, text: str, mode: int, owner: int) -> None:
        """Replace a file in one step, with exactly this mode and owner from its first byte on.

        It outlasts a power cut from then on: a container may already have used what stands in it.

        Raises:
            FileError: It cannot be written; what stood there before still stands.
        """
        target = self.real(path)
        temporary = f"{target}.{os.getpid()}.tmp"
        try:
            remove_temporaries(target)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
                    self._give(stream.fileno(), mode, owner)
                    stream.write(text)
                    stream.flush()
                    os.fsync(stream.fileno())
                os.replace(temporary, target)
                _keep(os.path.dirname(target))
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise
        except OSError as error:
            raise FileError(f"{path} cannot be written: {error.strerror}") from None

    def remove(self, path: str) -> bool:
        """Remove a file for good, and say whether it was there.

        Raises:
            FileError: It is there and cannot be removed.
        """
        target = self.real(path)
        try:
            os.unlink(target)
            _keep(os.path.dirname(target))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise FileError(f"{path} cannot be removed: {error.strerror}") from None
        return True

    def _give(self, descriptor: int, mode: int | None, owner: int) -> None:
        """Set mode and owner; below a root of its own, a process without the right to give files away keeps them."""
        if mode is not None:
            os.fchmod(descriptor, mode)
        try:
            os.fchown(descriptor, owner, owner)
        except PermissionError:
            if self.root == "/":
                raise

    def run(self, arguments: list[str], seconds: float) -> Outcome:
        """Run a program, and give it up after a time even if it cannot be started or killed.

        Args:
            arguments: The program and its arguments.
            seconds: How long it may take.
        """
        from ctxschema.machine.process import run_program  # only where a program is run

        environment = dict(os.environ) if self.path is None else {**os.environ, "PATH": self.path}
        return run_program(arguments, environment, seconds)


def _keep(folder: str) -> None:
    """Have the disk keep which files a folder has; a file system that cannot do so is none of our business."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _make(folder: str) -> bool:
    """Make a folder and those above it, which nobody but their owner can change whatever the umask is.

    Returns:
        Whether it is new.
    """
    if os.path.isdir(folder):
        return False
    _make(os.path.dirname(folder))
    try:
        os.mkdir(folder, 0o755)
    except FileExistsError:
        return False
    os.chmod(folder, 0o755)  # noqa: S103 - as every folder that leads to others; a umask may have taken that, too
    return True
