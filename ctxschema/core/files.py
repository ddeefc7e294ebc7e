"""Reading files of limited size, and replacing files atomically."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys

from ctxschema.core import codes, timed
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import FileError, MissingFileError
from ctxschema.core.source import Position, SourceText

LARGEST_FILE = 16 * 1024 * 1024
"""The greatest size of a file that is read, in bytes."""

STDIN = "-"

PIPE_SECONDS = 10
"""How long a named pipe may be silent, in seconds."""

STDIN_SECONDS = 60
"""How long standard input may be silent if it is not a terminal, in seconds."""

READ_SECONDS = 30
"""The time limit for reading a file, in seconds, since a disk or file server may not answer."""

WRITE_SECONDS = 60
"""The time limit for writing to a named pipe whose reader is slow, in seconds."""


_MISSING = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}


def _refused(code: Code, message: str, name: str, number: int | None = None) -> FileError:
    finding = code.at(message, position=Position(SourceText("", name=name)))
    return (MissingFileError if number in _MISSING else FileError)(message, [finding])


def _reason(error: OSError | ValueError) -> str:
    """Return the words of an error; a path with a NUL in it is a ValueError."""
    return getattr(error, "strerror", None) or str(error)


def _too_large(name: str) -> FileError:
    return _refused(codes.TOO_LARGE, f"{name} is larger than {LARGEST_FILE >> 20} MiB", name)


def read_bytes(path: str | os.PathLike[str], *, timely: bool = True, apart: bool = False) -> bytes:
    """Return the content of a file, or of standard input for ``-``.

    Args:
        path: The path of the file.
        timely: Whether to enforce `READ_SECONDS`. That costs a thread, which is unnecessary right after the same disk
            has answered.
        apart: Whether to read the file in a separate process, so that this process can end even if the kernel never
            answers the read.

    Raises:
        MissingFileError: There is no such file.
        FileError: The file cannot be read, or is larger than `LARGEST_FILE`; a larger file is not read to its end.
    """
    name = _name(path)
    try:
        if name == "<stdin>":
            data = _read_stdin()
        elif timely:
            within = timed.apart if apart else timed.in_time
            data = within(lambda: _read(path), READ_SECONDS)
        else:
            data = _read(path)
    except (OSError, ValueError) as error:
        number = getattr(error, "errno", None)
        raise _refused(codes.UNREADABLE, f"{name} cannot be read: {_reason(error)}", name, number) from None
    if len(data) > LARGEST_FILE:
        raise _too_large(name)
    return data


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise OSError("standard input is closed")
    stream = sys.stdin.buffer
    try:
        patient = os.isatty(stream.fileno())  # somebody types, which may take any time
    except OSError:  # a stream without a descriptor, in memory
        patient = True
    return stream.read(LARGEST_FILE + 1) if patient else _drained(stream.fileno(), STDIN_SECONDS)


def _read(path: str | os.PathLike[str]) -> bytes:
    """Read a file, but at most one byte more than allowed."""
    # Without O_NONBLOCK, opening a named pipe without a writer would block.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
        return _drained(descriptor, None if regular else PIPE_SECONDS)
    finally:
        os.close(descriptor)


def _drained(descriptor: int, seconds: float | None) -> bytes:
    """Read to the end, but at most one byte more than allowed.

    Args:
        descriptor: The open file.
        seconds: How long a pipe or device may be silent; None for a regular file.
    """
    pieces: list[bytes] = []
    left = LARGEST_FILE + 1
    while left:
        if seconds is not None:
            import select

            if not select.select([descriptor], [], [], seconds)[0]:
                raise TimeoutError(f"nobody has written to it for {seconds:g} seconds")
        with contextlib.suppress(BlockingIOError):
            piece = os.read(descriptor, min(left, 1 << 20))
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
    return b"".join(pieces)


def _name(path: str | os.PathLike[str]) -> str:
    text = os.fspath(path)
    return "<stdin>" if text == STDIN else text


def read_text(path: str | os.PathLike[str], *, timely: bool = True) -> SourceText:
    """Return the content of a file, or of standard input for ``-``, as UTF-8 text.

    Args:
        path: The path of the file.
        timely: As in `read_bytes`.

    Raises:
        FileError: As in `read_bytes`, or the content is not UTF-8.
    """
    return text_of(read_bytes(path, timely=timely), _name(path))


def text_of(data: bytes, name: str) -> SourceText:
    """Return bytes as UTF-8 text.

    Raises:
        FileError: They are not UTF-8, or more than `LARGEST_FILE`.
    """
    if len(data) > LARGEST_FILE:
        raise _too_large(name)
    try:
        return SourceText(data.decode("utf-8"), name=name)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{name} is not UTF-8 text: byte 0x{data[error.start]:02x} in line {line}"
        raise _refused(codes.NOT_TEXT, message, name) from None


def write_text(path: str | os.PathLike[str], text: str, *, mode: int | None = None) -> None:
    """Replace a file atomically: readers see the old content or the new one, never a part.

    What is not a regular file, such as ``/dev/stdout``, is written to directly.

    Args:
        path: The path of the file.
        text: Its new content.
        mode: Its new permissions; if None, those of the existing file, or the process's default for a new one.

    Raises:
        FileError: It cannot be written; the old content is still there.
    """
    name = os.fspath(path)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        message = f"{name} cannot be written: {text[error.start]!r} is no character that UTF-8 has"
        raise _refused(codes.UNWRITABLE, message, name) from None
    try:
        target = os.path.realpath(path)
        if os.path.exists(path):
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode):
                _write_through(path, data)
                return
            mode = stat.S_IMODE(status.st_mode) if mode is None else mode
        remove_temporaries(target)
        temporary = f"{target}.{os.getpid()}.tmp"
        descriptor = create_temporary(temporary, 0o666 if mode is None else 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                if mode is not None:
                    os.fchmod(stream.fileno(), mode)
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
                os.replace(temporary, target)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except (OSError, ValueError) as error:
        unread = getattr(error, "errno", None) == errno.ENXIO
        reason = "nobody reads from this pipe" if unread else _reason(error)
        raise _refused(codes.UNWRITABLE, f"{name} cannot be written: {reason}", name) from None


def create_temporary(path: str, mode: int) -> int:
    """Create a file and lock it, so that `remove_temporaries` of another process leaves it alone while it is open.

    Args:
        path: The path, ``NAME.PID.tmp``.
        mode: Its permissions, less the umask of the process.

    Returns:
        The file, open for writing.

    Raises:
        OSError: It cannot be created.
    """
    while True:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        if _locked(descriptor) and os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)  # another process found it between the two calls, and removes it
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def remove_temporaries(target: str) -> None:
    """Remove temporary files, ``NAME.PID.tmp``, that killed processes left when they were writing a file.

    The kernel releases the lock of a process that ends, while its number may be that of another one by now.

    Args:
        target: The path of the file.
    """
    folder, name = os.path.split(target)
    with contextlib.suppress(OSError):
        for each in os.listdir(folder or "."):
            number = each.removeprefix(f"{name}.").removesuffix(".tmp")
            if each != f"{name}.{number}.tmp" or not (number.isascii() and number.isdecimal()):
                continue
            path = os.path.join(folder, each)
            with contextlib.suppress(OSError):
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                try:
                    if _locked(descriptor):
                        os.unlink(path)
                finally:
                    os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Lock a file until it is closed, and say whether nobody else holds it; where there are no locks, nobody does."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _write_through(path: str | os.PathLike[str], data: bytes) -> None:
    """Write to a pipe or a device. A named pipe without a reader, or whose reader stops, is an error."""
    import select

    descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    try:
        while data:
            if not select.select([], [descriptor], [], WRITE_SECONDS)[1]:
                raise TimeoutError(f"nobody has read from it for {WRITE_SECONDS} seconds")
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)
