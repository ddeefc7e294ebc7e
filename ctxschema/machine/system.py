"""Access to the machine's files and programs, which a test can point to a folder and a PATH of its own."""

from __future__ import annotations

import contextlib
import enum
import os
import time
from collections.abc import Callable, Collection, Iterable

from attrs import field, frozen

from ctxschema.core.errors import FileError
from ctxschema.core.files import create_temporary, remove_temporaries
from ctxschema.core.secret import shortened

_MOST_READ = 1 << 20


class PathState(enum.Enum):
    """Whether a path exists; a path that cannot be looked at is neither there nor missing."""

    THERE = "there"
    MISSING = "missing"
    UNREADABLE = "unreadable"


@frozen
class Deadline:
    """A moment by which something has to end.

    Args:
        moment: The moment on the monotonic clock, in seconds; None for no deadline.
    """

    moment: float | None = None

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """Return the deadline in some seconds from now; none if ``seconds`` is None."""
        return cls(None if seconds is None else time.monotonic() + seconds)

    def left(self, most: float) -> float:
        """Return the seconds that are left, at least 0 and at most ``most``."""
        return most if self.moment is None else max(0.0, min(most, self.moment - time.monotonic()))


@frozen
class Outcome:
    """The result of running a program.

    Attributes:
        code: The exit code; None if the program was not found or did not end in time.
        output: Standard output followed by standard error, up to 1 MiB of each.
        missing: Whether the program does not exist.
        timed_out: Whether it did not end in time.
        answer: Standard output alone.
    """

    code: int | None
    output: str = field(default="", repr=False)
    missing: bool = False
    timed_out: bool = False
    answer: str = field(default="", repr=False)

    @property
    def said(self) -> str:
        """A one-line summary of the output: of standard error if there is any, or that nothing was printed."""
        errors = self.output[len(self.answer) :]
        words = (errors if errors.strip() else self.output).split()
        return shortened(" ".join(words)) or "it printed nothing"


@frozen
class System:
    """The files below a root folder and the programs on a PATH.

    Args:
        root: The folder that takes the place of ``/``.
        path: The PATH for programs; that of the process if None.
        sleep: A function that waits for some seconds.
    """

    root: str = "/"
    path: str | None = None
    sleep: Callable[[float], None] = time.sleep

    def real(self, path: str) -> str:
        """Return the path below the root for an absolute path of the machine."""
        return os.path.join(self.root, path.lstrip("/"))

    def state(self, path: str) -> PathState:
        """Return whether a path exists, or that this cannot be found out."""
        try:
            os.lstat(self.real(path))
        except (FileNotFoundError, NotADirectoryError):
            return PathState.MISSING
        except OSError:
            return PathState.UNREADABLE
        return PathState.THERE

    def exists(self, path: str) -> bool:
        """Say whether a path exists; False also where it cannot be found out."""
        return self.state(path) is PathState.THERE

    def read(self, path: str) -> str | None:
        """Return the content of a file, stripped and at most 1 MiB, or None if it cannot be read."""
        pieces, left = [], _MOST_READ
        try:
            # Opening a named pipe in place of a file must not block.
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
        """Return the last name of a symbolic link's target, or None. The link is not followed, as sysfs requires."""
        try:
            return os.path.basename(os.readlink(self.real(path)))
        except OSError:
            return None

    def find_program(self, name: str, folders: Iterable[str]) -> str | None:
        """Return the path of a program in the first of some folders of the machine that has it, or None."""
        for folder in folders:
            path = f"{folder}/{name}"
            real = self.real(path)
            if os.path.isfile(real) and os.access(real, os.X_OK):
                return path
        return None

    def make_folder(self, path: str, mode: int, owner: int) -> None:
        """Create a folder and its parents, and set its owner and group.

        Args:
            path: The folder; it may be a link to one.
            mode: The permissions of a new folder; an existing one keeps its own, since somebody may have restricted
                them.
            owner: The number of both the user and the group.

        Raises:
            FileError: It cannot be created, or its owner cannot be set.
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
        """Remove files that an earlier run left behind when it was killed while writing.

        Args:
            files: Paths that the agent writes. Unfinished files in their folders are removed if nobody writes them.
            keys: Folders whose temporary folders are removed as well; earlier versions generated keys in those.
        """
        for folder in {os.path.dirname(path) for path in files}:
            for name in self.names(folder) or ():
                path = f"{folder}/{name.rpartition('.')[0].rpartition('.')[0]}"
                if name.endswith(".tmp"):
                    remove_temporaries(self.real(path))
        for folder in keys:
            for name in self.names(folder) or ():
                real = self.real(f"{folder}/{name}")
                if name.startswith("tmp") and os.path.isdir(real) and not os.path.islink(real):
                    import shutil

                    shutil.rmtree(real, ignore_errors=True)

    def write(self, path: str, text: str, mode: int, owner: int) -> None:
        """Replace a file atomically; it has the mode and the owner from its first byte on.

        It outlasts a power cut from then on: a container may already have used what stands in it.

        Raises:
            FileError: It cannot be written; then the previous content is still there.
        """
        target = self.real(path)
        temporary = f"{target}.{os.getpid()}.tmp"
        try:
            remove_temporaries(target)
            descriptor = create_temporary(temporary, 0o600)
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
        """Set mode and owner. Below a root other than ``/``, a process that may not change owners leaves them."""
        if mode is not None:
            os.fchmod(descriptor, mode)
        try:
            os.fchown(descriptor, owner, owner)
        except PermissionError:
            if self.root == "/":
                raise

    def run(self, arguments: list[str], seconds: float) -> Outcome:
        """Run a program, and return at the deadline even if it can be neither started nor killed.

        Args:
            arguments: The program and its arguments.
            seconds: The time limit.
        """
        from ctxschema.machine.process import run_program  # imported only when a program is run

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
    """Create a folder and its parents, writable by their owner only, whatever the umask.

    Returns:
        Whether the folder is new.
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
