"""Reading and replacing files: sizes, pipes, standard input, modes, and what is said of each that fails."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import io
import os
import select
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxschema.core import codes, files, timed
from ctxschema.core.errors import FileError, MissingFileError
from ctxschema.core.files import create_temporary, read_bytes, read_text, remove_temporaries, text_of, write_text
from ctxschema.machine.system import System


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of ten bytes are as large as may be."""
    monkeypatch.setattr(files, "LARGEST_FILE", 10)


def refusal(read: Callable[[], Any]) -> FileError:
    with pytest.raises(FileError) as raised:
        read()
    (finding,) = raised.value.findings
    assert (finding.message, str(finding.position)) == (str(raised.value), finding.position and str(finding.position))
    return raised.value


# ---- reading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("timely", [True, False])
def test_a_file_is_read_whole(tmp_path: Path, *, timely: bool) -> None:
    (tmp_path / "file").write_bytes(b"a\r\n\xff")
    assert read_bytes(tmp_path / "file", timely=timely) == b"a\r\n\xff"
    large = os.urandom(3 << 20)
    (tmp_path / "file").write_bytes(large)
    assert read_bytes(tmp_path / "file", timely=timely) == large


def test_only_what_is_no_file_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def ready(read: list[int], _write: list[int], _failed: list[int], seconds: float) -> tuple[list[int], ...]:
        waited.append(seconds)
        return read, [], []

    monkeypatch.setattr(select, "select", ready)
    (tmp_path / "file").write_text("text")
    assert read_bytes(tmp_path / "file") == b"text"
    assert waited == []
    assert read_bytes("/dev/null") == b""
    assert waited == [files.PIPE_SECONDS]


@pytest.mark.usefixtures("small")
def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 10)
    assert read_bytes(tmp_path / "file") == b"x" * 10
    assert text_of(b"x" * 10, "f").text == "x" * 10
    (tmp_path / "file").write_bytes(b"x" * 11)
    for read in (
        lambda: read_bytes(tmp_path / "file"),
        lambda: read_bytes(tmp_path / "file", timely=False),
        lambda: read_bytes(tmp_path / "file", apart=True),
        lambda: text_of(b"x" * 11, str(tmp_path / "file")),
    ):
        error = refusal(read)
        assert error.findings[0].code == codes.TOO_LARGE.id
        assert str(error) == f"{tmp_path}/file is larger than 0 MiB"
        assert not isinstance(error, MissingFileError)


@pytest.mark.usefixtures("small")
def test_what_comes_in_pieces_is_too_large_by_its_last_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    read = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, most: read(descriptor, min(most, 5)))
    for size in (10, 11):
        ours, theirs = os.pipe()
        os.write(theirs, b"x" * size)
        os.close(theirs)
        assert len(files._drained(ours, None)) == size
        os.close(ours)


@pytest.mark.usefixtures("small")
def test_one_byte_more_is_read_than_may_be(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    holder = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        os.write(holder, b"x" * 20)
        assert str(refusal(lambda: read_bytes(pipe))) == f"{pipe} is larger than 0 MiB"
        assert os.read(holder, 20) == b"x" * 9
    finally:
        os.close(holder)


@pytest.mark.parametrize(
    ("name", "missing", "reason"),
    [
        ("none", True, "No such file or directory"),
        ("", True, "Is a directory"),
        ("file/below", True, "Not a directory"),
        ("loop", False, "Too many levels of symbolic links"),
        ("nul\0", False, "embedded null byte"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(tmp_path: Path, name: str, reason: str, *, missing: bool) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    path = f"{tmp_path}/{name}".rstrip("/")
    for timely in (True, False):
        error = refusal(lambda timely=timely: read_bytes(path, timely=timely))  # type: ignore[misc]
        assert str(error) == f"{path} cannot be read: {reason}"
        assert isinstance(error, MissingFileError) == missing
        assert error.findings[0].code == codes.UNREADABLE.id
        assert str(error.findings[0].position) == path


def test_what_is_read_in_time_and_what_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float]] = []

    def within(name: str) -> Callable[[Callable[[], bytes], float], bytes]:
        def do(work: Callable[[], bytes], seconds: float) -> bytes:
            asked.append((name, seconds))
            return work()

        return do

    monkeypatch.setattr(timed, "apart", within("apart"))
    monkeypatch.setattr(timed, "in_time", within("in time"))
    (tmp_path / "file").write_text("text")
    for more in ({}, {"apart": True}, {"timely": False}, {"timely": False, "apart": True}):
        assert read_bytes(tmp_path / "file", **more) == b"text"
    assert asked == [("in time", 30), ("apart", 30)]
    assert read_text(tmp_path / "file").text == "text"
    assert asked[2:] == [("in time", 30)]
    assert read_text(tmp_path / "file", timely=False).text == "text"
    assert len(asked) == 3


def test_a_named_pipe_is_read_to_its_end_and_a_silent_one_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr(files, "PIPE_SECONDS", 0.05)
    monkeypatch.setattr(files, "READ_SECONDS", 5)
    silent = f"{pipe} cannot be read: nobody has written to it for 0.05 seconds"
    assert str(refusal(lambda: read_bytes(pipe))) == silent  # nobody has it open
    holder = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        assert str(refusal(lambda: read_bytes(pipe))) == silent
        assert str(refusal(lambda: read_bytes(pipe, apart=True))) == silent
    finally:
        os.close(holder)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"x" * 100_000))
    monkeypatch.setattr(files, "PIPE_SECONDS", 5)
    writer.start()
    assert read_bytes(pipe) == b"x" * 100_000
    writer.join()


def test_standard_input_in_memory_a_pipe_or_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"in memory")))
    assert read_text("-").text == "in memory"
    assert read_text("-").name == "<stdin>"
    monkeypatch.setattr(sys, "stdin", None)
    assert str(refusal(lambda: read_bytes("-"))) == "<stdin> cannot be read: standard input is closed"
    read, write = os.pipe()
    with os.fdopen(read) as stream, os.fdopen(write, "wb") as other:
        monkeypatch.setattr(sys, "stdin", stream)
        monkeypatch.setattr(files, "STDIN_SECONDS", 0.05)
        other.write(b"begun")
        other.flush()
        assert str(refusal(lambda: read_bytes("-"))) == (
            "<stdin> cannot be read: nobody has written to it for 0.05 seconds"
        )
        other.write(b"ended")
        other.close()
        assert read_bytes("-") == b"ended"


@pytest.mark.usefixtures("small")
def test_standard_input_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    for size, refused in ((10, False), (11, True), (500, True)):
        held = io.BytesIO(b"x" * size)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(held))
        if refused:
            assert str(refusal(lambda: read_bytes("-"))) == "<stdin> is larger than 0 MiB"
        else:
            assert read_bytes("-") == b"x" * size
        assert held.tell() == min(size, 11)


@pytest.mark.usefixtures("small")
def test_somebody_who_types_may_take_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(ours, "wb", buffering=0) as terminal, os.fdopen(theirs) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        monkeypatch.setattr(files, "_drained", lambda *_arguments: pytest.fail("it waits no longer than it may"))
        terminal.write(b"typed\n\x04")
        assert read_bytes("-") == b"typed\n"
        terminal.write(b"0123456789abc\n")
        assert str(refusal(lambda: read_bytes("-"))) == "<stdin> is larger than 0 MiB"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff", "f is not UTF-8 text: byte 0xff in line 1"),
        (b"\n\xff\n\n", "f is not UTF-8 text: byte 0xff in line 2"),
        (b"a\n\nb\x80", "f is not UTF-8 text: byte 0x80 in line 3"),
        (b"a\n\n\x0f\xc3", "f is not UTF-8 text: byte 0xc3 in line 3"),
    ],
)
def test_what_is_no_text_is_named_with_its_byte_and_line(data: bytes, said: str) -> None:
    error = refusal(lambda: text_of(data, "f"))
    assert (str(error), error.findings[0].code) == (said, codes.NOT_TEXT.id)
    assert text_of("caf\u00e9".encode(), "f").text == "caf\u00e9"


def test_how_large_a_file_may_be() -> None:
    with pytest.raises(FileError, match=r"^f is larger than 16 MiB$"):
        text_of(bytes((16 << 20) + 1), "f")


# ---- writing ----------------------------------------------------------------------------------------


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_which_mode_a_file_gets(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "new", "x")
        write_text(tmp_path / "closed", "x", mode=0o600)
        write_text(tmp_path / "open", "x", mode=0o666)
        (tmp_path / "new").chmod(0o711)
        write_text(tmp_path / "new", "y")
        write_text(tmp_path / "closed", "y", mode=0o644)
    finally:
        os.umask(before)
    assert [mode_of(tmp_path / name) for name in ("new", "closed", "open")] == [0o711, 0o644, 0o666]
    write_text(tmp_path / "last", "x")
    assert mode_of(tmp_path / "last") == 0o666 & ~before


def test_what_is_written_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    replace = os.replace
    monkeypatch.setattr(os, "fsync", lambda _descriptor: done.append("disk"))

    def named(*paths: str) -> None:
        done.append("name")
        replace(*paths)

    monkeypatch.setattr(os, "replace", named)
    write_text(tmp_path / "file", "caf\u00e9\r\n")
    assert done == ["disk", "name"]
    assert (tmp_path / "file").read_bytes() == "caf\u00e9\r\n".encode()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none/file", "No such file or directory"),
        ("file/below", "Not a directory"),
        ("", "Is a directory"),
        ("nul\0", "embedded null byte"),
    ],
)
def test_what_cannot_be_written_is_named_with_the_reason(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file").write_text("as it was")
    path = f"{tmp_path}/{name}".rstrip("/")
    error = refusal(lambda: write_text(path, "x"))
    assert str(error) == f"{path} cannot be written: {reason}"
    assert error.findings[0].code == codes.UNWRITABLE.id
    assert str(error.findings[0].position) == path
    assert (tmp_path / "file").read_text() == "as it was"


def test_what_utf_8_lacks_is_not_written(tmp_path: Path) -> None:
    error = refusal(lambda: write_text(tmp_path / "file", "ab\udcff"))
    assert str(error) == f"{tmp_path}/file cannot be written: '\\udcff' is no character that UTF-8 has"
    assert error.findings[0].code == codes.UNWRITABLE.id
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_leaves_the_old_file_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("as it was")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    error = refusal(lambda: write_text(tmp_path / "file", "x"))
    assert str(error) == f"{tmp_path}/file cannot be written: No space left on device"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "as it was"


def test_temporary_files_of_killed_processes_are_no_obstacle_and_removed(tmp_path: Path) -> None:
    for number in (1, os.getpid()):
        (tmp_path / f"file.{number}.tmp").write_text("left by an earlier process of this number")
    write_text(tmp_path / "file", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_which_temporary_files_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = ["file", "file.x.tmp", "file.99999999.tm", "other.99999999.tmp", "file.\u0661.tmp", "file..tmp"]
    gone = ["file.99999999.tmp", "file.1.tmp", f"file.{os.getpid()}.tmp"]
    for name in (*kept, *gone):
        (tmp_path / name).write_text("")
    remove_temporaries(str(tmp_path / "file"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    monkeypatch.chdir(tmp_path)
    Path("file.1.tmp").touch()
    remove_temporaries("file")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    remove_temporaries(str(tmp_path / "none/file"))


def test_a_pipe_in_the_place_of_a_temporary_file_is_no_obstacle(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file.1.tmp")
    write_text(tmp_path / "file", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_is_for_some_is_never_open_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    change = os.fchmod

    def changed(descriptor: int, mode: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        change(descriptor, mode)

    monkeypatch.setattr(os, "fchmod", changed)
    write_text(tmp_path / "file", "x", mode=0o640)
    write_text(tmp_path / "file", "y")
    assert modes == [0o600, 0o600]


def test_a_temporary_file_that_somebody_writes_stays_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "file.1.tmp"
    descriptor = create_temporary(str(path), 0o640)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    remove_temporaries(str(tmp_path / "file"))
    assert path.exists()
    os.close(descriptor)
    remove_temporaries(str(tmp_path / "file"))
    assert not path.exists()


def test_a_link_in_the_place_of_a_temporary_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    (tmp_path / "file.1.tmp").symlink_to(tmp_path / "kept")
    (tmp_path / f"file.{os.getpid()}.tmp").symlink_to(tmp_path / "kept")
    with pytest.raises(FileExistsError):
        create_temporary(str(tmp_path / "file.1.tmp"), 0o600)
    assert str(refusal(lambda: write_text(tmp_path / "file", "x"))).endswith("cannot be written: File exists")
    assert [path.is_symlink() for path in sorted(tmp_path.iterdir())] == [True, True, False]


@pytest.mark.parametrize("removed", [True, False])
def test_a_file_that_another_process_is_about_to_remove_is_created_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, removed: bool
) -> None:
    path = tmp_path / "file.1.tmp"
    lock = fcntl.flock
    other: list[int] = []

    def late(descriptor: int, operation: int) -> None:
        if not other:
            other.append(os.open(path, os.O_RDONLY))
            lock(other[0], operation)
            if removed:
                path.unlink()
                os.close(other[0])
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    descriptor = create_temporary(str(path), 0o600)
    assert os.path.samestat(os.fstat(descriptor), path.stat())
    os.close(descriptor)
    if not removed:
        os.close(other[0])


def test_files_are_written_where_there_are_no_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    (tmp_path / "file.1.tmp").touch()
    write_text(tmp_path / "file", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_that_is_written_is_never_taken_for_one_that_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = os.replace

    def beside(source: str, target: str) -> None:
        remove_temporaries(target)
        replace(source, target)

    monkeypatch.setattr(os, "replace", beside)
    write_text(tmp_path / "file", "x")
    System(str(tmp_path)).write("/other", "x", 0o600, os.getuid())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "other"]


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert str(refusal(lambda: write_text(pipe, "x"))) == f"{pipe} cannot be written: nobody reads from this pipe"
    text = "caf\u00e9" * 50_000
    read = bytearray()
    holder = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    def drain() -> None:
        while len(read) < len(text.encode()):
            with contextlib.suppress(BlockingIOError):
                read.extend(os.read(holder, 1 << 16))
            time.sleep(0.001)

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    write_text(pipe, text)
    reader.join(30)
    os.close(holder)
    assert read.decode() == text
    monkeypatch.setattr(files, "WRITE_SECONDS", 0.05)
    holder = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert str(refusal(lambda: write_text(pipe, "x" * 200_000))) == (
            f"{pipe} cannot be written: nobody has read from it for 0.05 seconds"
        )
    finally:
        os.close(holder)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    holder = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        read_bytes(tmp_path / "file", timely=False)
        write_text(tmp_path / "file", "x")
        write_text(tmp_path / "pipe", "x")
    assert len(os.listdir("/proc/self/fd")) == before
    os.close(holder)
