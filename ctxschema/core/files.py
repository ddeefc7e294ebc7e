"""Reading files of bounded size, and replacing files without ever leaving half of one."""

from __future__ import annotations

import contextlib
import os
import stat
import sys

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import FileError
from ctxschema.core.source import Position, SourceText

LARGEST_FILE = 16 * 1024 * 1024
"""The most that is read of one file, in bytes."""

STDIN = "-"

PIPE_SECONDS = 10
"""How long a named pipe may stay silent at first."""


def _refused(code: Code, message: str, name: str) -> FileError:
    finding = code.at(message, position=Position(SourceText("", name=name)))
    return FileError(message, [finding])


def _too_large(name: str) -> FileError:
    return _refused(codes.TOO_LARGE, f"{name} is larger than {LARGEST_FILE >> 20} MiB", name)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the contents of a file, or of standard input for ``-``.

    Raises:
        FileError: It cannot be read, or holds more than `LARGEST_FILE` bytes; a larger file is refused
            before it is read whole.
    """
    name = _name(path)
    too_large = _too_large(name)
    try:
        if name == "<stdin>":
            if sys.stdin is None:
                raise _refused(codes.UNREADABLE, "standard input is closed", name)
            data = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with os.fdopen(_open(path), "rb") as stream:
                if os.fstat(stream.fileno()).st_size > LARGEST_FILE:
                    raise too_large
                data = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(codes.UNREADABLE, f"{name} cannot be read: {reason}", name) from None
    if len(data) > LARGEST_FILE:
        raise too_large
    return data


def _open(path: str | os.PathLike[str]) -> int:
    """Open a file without hanging at a named pipe to which nobody writes."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        import select

        if not select.select([descriptor], [], [], PIPE_SECONDS)[0]:
            os.close(descriptor)
            raise TimeoutError(0, f"nobody has written to the pipe for {PIPE_SECONDS} seconds")
    os.set_blocking(descriptor, True)
    return descriptor


def _name(path: str | os.PathLike[str]) -> str:
    text = os.fspath(path)
    return "<stdin>" if text == STDIN else text


def read_text(path: str | os.PathLike[str]) -> SourceText:
    """Return the contents of a file, or of standard input for ``-``, as UTF-8 text.

    Raises:
        FileError: As for `read_bytes`, or it is not UTF-8 text.
    """
    return text_of(read_bytes(path), _name(path))


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

    A file that is there keeps its mode. What is no regular file, such as ``/dev/stdout``, is written to as it stands.

    Args:
        path: The file.
        text: What it is to hold.
        mode: The permissions of a new file, exactly; what the process gives new files if None.

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
                with open(path, "wb") as stream:
                    stream.write(data)
                return
            mode = stat.S_IMODE(status.st_mode)
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
        raise _refused(codes.UNWRITABLE, f"{name} cannot be written: {error.strerror}", name) from None
