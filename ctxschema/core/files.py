"""Reading files of bounded size, and replacing files without ever leaving half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys

from ctxschema.core import codes, timed
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import FileError
from ctxschema.core.source import Position, SourceText

LARGEST_FILE = 16 * 1024 * 1024
"""The most that is read of one file, in bytes."""

STDIN = "-"

PIPE_SECONDS = 10
"""How long a named pipe may stay silent."""

STDIN_SECONDS = 60
"""How long standard input may stay silent where it is no terminal."""

READ_SECONDS = 30
"""How long a named file may take altogether; a disk or a server may be dead."""

WRITE_SECONDS = 60
"""How long whoever reads a named pipe may let us wait."""


def _refused(code: Code, message: str, name: str) -> FileError:
    finding = code.at(message, position=Position(SourceText("", name=name)))
    return FileError(message, [finding])


def _too_large(name: str) -> FileError:
    return _refused(codes.TOO_LARGE, f"{name} is larger than {LARGEST_FILE >> 20} MiB", name)


def read_bytes(path: str | os.PathLike[str], *, timely: bool = True, apart: bool = False) -> bytes:
    """Return the contents of a file, or of standard input for ``-``.

    Args:
        path: The file.
        timely: Whether a file may take no longer than `READ_SECONDS`; who has just asked the same disk for its
            status need not pay for that.
        apart: Whether a process of its own reads it, so that not even a disk that the kernel waits for without end
            keeps this one from ending.

    Raises:
        FileError: It cannot be read, or holds more than `LARGEST_FILE` bytes; a larger file is refused
            before it is read whole.
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
        if getattr(error, "errno", None) == errno.EFBIG:
            raise _too_large(name) from None
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(codes.UNREADABLE, f"{name} cannot be read: {reason}", name) from None
    if len(data) > LARGEST_FILE:
        raise _too_large(name)
    return data


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise OSError(0, "standard input is closed")
    stream = sys.stdin.buffer
    try:
        descriptor = stream.fileno()
        if os.isatty(descriptor):  # somebody types
            return stream.read(LARGEST_FILE + 1)
    except OSError:  # a stream in memory
        return stream.read(LARGEST_FILE + 1)
    return _drained(descriptor, STDIN_SECONDS)


def _read(path: str | os.PathLike[str]) -> bytes:
    """Read a file, or one byte more than is allowed of what does not tell its size."""
    # Without O_NONBLOCK a named pipe to which nobody writes would hang here already.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        regular = stat.S_ISREG(status.st_mode)
        if regular and status.st_size > LARGEST_FILE:
            raise OSError(errno.EFBIG, "")
        return _drained(descriptor, None if regular else PIPE_SECONDS)
    finally:
        os.close(descriptor)


def _drained(descriptor: int, seconds: float | None) -> bytes:
    """Read to the end, and one byte more than is allowed at most.

    Args:
        descriptor: What is read.
        seconds: How long a pipe or a device may be silent; None for a regular file, which never is.
    """
    pieces: list[bytes] = []
    left = LARGEST_FILE + 1
    while left > 0:
        if seconds is not None:
            import select

            if not select.select([descriptor], [], [], seconds)[0]:
                raise TimeoutError(0, f"nobody has written to it for {seconds:g} seconds")
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
    """Return the contents of a file, or of standard input for ``-``, as UTF-8 text.

    Args:
        path: The file.
        timely: As for `read_bytes`.

    Raises:
        FileError: As for `read_bytes`, or it is not UTF-8 text.
    """
    return text_of(read_bytes(path, timely=timely), _name(path))


def text_of(data: bytes, name: str) -> SourceText:
    """Return the contents of a file as UTF-8 text.

    Raises:
        FileError: They are no UTF-8 text, or more than `LARGEST_FILE` bytes.
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
    """Replace a file in one step: readers see the old contents or the new, never half.

    What is no regular file, such as ``/dev/stdout``, is written to as it stands.

    Args:
        path: The file.
        text: What it is to hold.
        mode: The permissions that it has then, exactly; if None, those of the file that is there, or what the process
            gives new files.

    Raises:
        FileError: It cannot be written; the old contents are still there.
    """
    name = os.fspath(path)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        message = f"{name} cannot be written: {text[error.start]!r} is no character that UTF-8 has"
        raise _refused(codes.UNWRITABLE, message, name) from None
    target = os.path.realpath(path)
    temporary = f"{target}.{os.getpid()}.tmp"
    written = False
    try:
        if os.path.exists(path):
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode):
                _write_through(path, data)
                return
            mode = stat.S_IMODE(status.st_mode) if mode is None else mode
        remove_temporaries(target)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if mode is None else 0o600)
        written = True
        with os.fdopen(descriptor, "wb") as stream:
            if mode is not None:
                os.fchmod(stream.fileno(), mode)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError as error:
        if written:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        reason = "nobody reads from this pipe" if error.errno == errno.ENXIO else error.strerror
        raise _refused(codes.UNWRITABLE, f"{name} cannot be written: {reason}", name) from None


def remove_temporaries(target: str, *, of_the_living: bool = False) -> None:
    """Remove what runs that were killed left of a file that they were writing: ``NAME.PID.tmp`` beside it.

    Args:
        target: The file.
        of_the_living: Whether no other process can be writing it, so that one of that number only came later.
    """
    folder, name = os.path.split(target)
    with contextlib.suppress(OSError):
        for each in os.listdir(folder or "."):
            number = each.removeprefix(f"{name}.").removesuffix(".tmp")
            if each != f"{name}.{number}.tmp" or not (number.isascii() and number.isdecimal()):
                continue
            if of_the_living or int(number) == os.getpid() or not os.path.exists(f"/proc/{number}"):
                with contextlib.suppress(OSError):
                    os.unlink(os.path.join(folder, each))


def _write_through(path: str | os.PathLike[str], data: bytes) -> None:
    """Write to a pipe or a device; a named pipe that nobody reads is an error, and so is one that is not read on."""
    import select

    descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        while data:
            if not select.select([], [descriptor], [], WRITE_SECONDS)[1]:
                raise TimeoutError(0, f"nobody has read from it for {WRITE_SECONDS} seconds")
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)
