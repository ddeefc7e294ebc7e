"""Work with a time limit, and streams whose readers are slow, gone or closed."""

from __future__ import annotations

import errno
import io
import os
import select
import signal
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import pytest

from ctxschema.core import streams, timed
from ctxschema.core.streams import Patient, put, settle
from ctxschema.core.timed import apart, fork, in_time

# ---- in a thread ------------------------------------------------------------------------------------


def test_work_returns_what_it_returns_and_raises_what_it_raises() -> None:
    assert in_time(lambda: 7, 5) == 7
    assert in_time(lambda: 7, None) == 7
    assert in_time(threading.get_ident, 5) != threading.get_ident()
    with pytest.raises(KeyError, match="ODD"):
        in_time(lambda: os.environ["ODD"], 5)


@pytest.mark.parametrize("seconds", [0.05, 0.0, -3.0])
def test_work_that_does_not_end_is_left_behind(seconds: float) -> None:
    stop = threading.Event()
    with pytest.raises(TimeoutError) as raised:
        in_time(stop.wait, seconds)
    stop.set()
    assert (raised.value.errno, raised.value.strerror) == (0, f"it did not end within {max(seconds, 0.0):g} seconds")


@pytest.mark.parametrize(
    ("limit", "told"), [(0.25, [0.02, 0.04, 0.08, 0.16]), (0.06, [0.02, 0.04]), (0.02, []), (0.01, [])]
)
def test_somebody_is_told_now_and_then_that_work_goes_on(
    limit: float, told: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed, "FIRST_WORD_SECONDS", 0.02)
    seen: list[float] = []
    stop = threading.Event()
    with pytest.raises(TimeoutError, match=f"within {limit:g} seconds"):
        in_time(stop.wait, limit, seen.append)
    stop.set()
    assert seen == told


@pytest.mark.parametrize(
    ("limit", "waits", "told"),
    [(45, [10, 10, 20, 5], [10, 20, 40]), (20, [10, 10], [10]), (5, [5], []), (-3, [0], [])],
)
def test_how_long_work_is_waited_for(
    limit: float, waits: list[float], told: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Held:
        """A lock that nobody releases."""

        def acquire(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            return False

    waited: list[float | None] = []
    seen: list[float] = []
    monkeypatch.setattr("_thread.allocate_lock", Held)
    monkeypatch.setattr("_thread.start_new_thread", lambda *_arguments: None)
    with pytest.raises(TimeoutError):
        in_time(lambda: 7, limit, seen.append)
    assert (waited, seen) == ([None, *waits], told)
    seen.clear()
    waited.clear()
    with pytest.raises(TimeoutError):
        in_time(lambda: 7, limit)
    assert sum(each or 0 for each in waited) == max(limit, 0)


def test_without_a_limit_somebody_is_told_for_as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timed, "FIRST_WORD_SECONDS", 0.01)
    stop, seen = threading.Event(), list[float]()

    def still(passed: float) -> None:
        seen.append(passed)
        if len(seen) == 3:
            stop.set()

    assert in_time(lambda: stop.wait(20), None, still)
    assert seen[:3] == [0.01, 0.02, 0.04]


def test_a_limit_of_a_hundred_years_is_one() -> None:
    assert in_time(lambda: 7, 1e12) == 7


def test_where_no_thread_can_be_started_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_arguments: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("_thread.start_new_thread", refuses)
    assert in_time(threading.get_ident, 5) == threading.get_ident()


# ---- in a process -----------------------------------------------------------------------------------


def test_work_apart_is_done_in_another_process() -> None:
    assert int(apart(lambda: str(os.getpid()).encode(), 5)) != os.getpid()
    assert apart(lambda: b"", 5) == b""
    large = os.urandom(3 << 20)
    assert apart(lambda: large, 5) == large


def test_an_error_apart_keeps_its_number_and_its_words() -> None:
    def refuses() -> bytes:
        raise OSError(errno.EACCES, "Permission d\u00e9nied, in two words")

    with pytest.raises(PermissionError) as raised:
        apart(refuses, 5)
    assert (raised.value.errno, raised.value.strerror) == (errno.EACCES, "Permission d\u00e9nied, in two words")

    def says_nothing() -> bytes:
        raise OSError

    with pytest.raises(OSError, match="ended") as plain:
        apart(says_nothing, 5)
    assert (plain.value.errno, plain.value.strerror) == (0, "whatever read it was ended")

    def has_no_number() -> bytes:
        raise TimeoutError("nobody has written to it")

    with pytest.raises(OSError, match="nobody") as numberless:
        apart(has_no_number, 5)
    assert (numberless.value.errno, numberless.value.strerror) == (0, "nobody has written to it")


def test_an_error_apart_may_have_words_that_are_no_utf_8() -> None:
    def refuses() -> bytes:
        raise OSError(errno.EIO, "caf\udce9")

    with pytest.raises(OSError, match=r"caf\?"):
        apart(refuses, 5)


def test_a_process_that_is_ended_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    def ends() -> bytes:
        os.write(1, b"to standard output")
        os.write(2, b"to standard error")
        os._exit(3)

    with pytest.raises(OSError, match="ended") as raised:
        apart(ends, 5)
    assert (raised.value.errno, raised.value.strerror) == (0, "whatever read it was ended")
    assert capfd.readouterr() == ("", "")

    def breaks() -> bytes:
        raise ValueError("odd")

    with pytest.raises(OSError, match="whatever read it was ended"):
        apart(breaks, 5)


def sleeps() -> bytes:
    time.sleep(60)
    return b""


def test_a_process_that_does_not_end_is_killed() -> None:
    before = set(os.listdir("/proc/self/fd"))
    began = time.monotonic()
    with pytest.raises(TimeoutError) as raised:
        apart(sleeps, 0.1)
    assert (raised.value.errno, raised.value.strerror) == (0, "it did not end within 0.1 seconds")
    assert time.monotonic() - began < 10
    assert set(os.listdir("/proc/self/fd")) == before


def test_a_process_is_waited_for_only_where_it_has_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[tuple[int, int]] = []
    ended: list[int] = []
    wait = os.waitpid

    def noted(pid: int, options: int) -> tuple[int, int]:
        waited.append((pid, options))
        ended.append(wait(pid, 0)[1])
        return pid, ended[-1]

    monkeypatch.setattr(os, "waitpid", noted)
    first = int(apart(lambda: str(os.getpid()).encode(), 5))
    with pytest.raises(TimeoutError):
        apart(sleeps, 0.01)
    assert waited[0] == (first, 0)
    assert [options for _, options in waited] == [0, os.WNOHANG]
    assert os.WTERMSIG(ended[1]) == signal.SIGKILL


def test_what_has_taken_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def nothing(*given: Any) -> tuple[list[int], ...]:
        waited.append(given[3])
        return [], [], []

    monkeypatch.setattr(select, "select", nothing)
    with pytest.raises(TimeoutError):
        apart(lambda: b"", -5)
    assert waited == [0.0]


def test_a_process_apart_holds_no_descriptor_of_ours_open() -> None:
    read, write = os.pipe()
    try:
        held = apart(lambda: b" ".join(name.encode() for name in sorted(os.listdir("/proc/self/fd"), key=int)), 5)
        names = {int(name) for name in held.split()}
        assert not {read, write} & names
        assert {0, 1, 2} <= names
    finally:
        os.close(read)
        os.close(write)


def test_work_apart_is_done_where_the_standard_streams_are_closed() -> None:
    pid = fork()
    if not pid:
        code = 1
        try:
            os.closerange(0, 3)
            code = int(apart(lambda: b"done", 5) != b"done")
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


@pytest.mark.parametrize("version", [(3, 12), (3, 13, 1)])
def test_a_process_is_forked_without_a_warning(
    version: tuple[int, ...], recwarn: pytest.WarningsRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = os.fork

    def warns() -> int:
        warnings.warn("this process is multi-threaded", DeprecationWarning, stacklevel=2)
        return plain()

    monkeypatch.setattr(os, "fork", warns)
    monkeypatch.setattr(sys, "version_info", version)
    pid = fork()
    if not pid:
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
    assert [str(each.message) for each in recwarn] == []


# ---- streams ----------------------------------------------------------------------------------------


def test_a_text_is_written_at_once_past_the_buffer(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w", encoding="ascii") as stream:
        stream.write("in the buffer, ")
        put(stream, "caf\u00e9\n")
        assert (tmp_path / "file").read_text() == "in the buffer, caf\\xe9\n"
        put(stream, "caf\u00e9\n", "utf-8")
    assert (tmp_path / "file").read_bytes().endswith(b"\\xe9\ncaf\xc3\xa9\n")
    memory = io.StringIO()
    put(memory, "text")
    assert memory.getvalue() == "text"
    with pytest.raises(OSError, match="the output is closed") as closed:
        put(None, "text")
    assert (closed.value.errno, closed.value.strerror) == (errno.EBADF, "the output is closed")


def test_a_large_text_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:1000]))
    with (tmp_path / "file").open("w", encoding="utf-8") as stream:
        put(stream, "\u00e9" * 5000)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "\u00e9" * 5000


def test_what_cannot_be_flushed_is_thrown_away() -> None:
    assert settle(None)
    assert settle(io.StringIO())
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        full.write("x")
        assert not settle(full)
        assert os.readlink(f"/proc/self/fd/{full.fileno()}") == "/dev/null"
        assert settle(full)
    assert not settle(full)  # it is closed now


def test_what_cannot_even_be_thrown_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd:
        def flush(self) -> None:
            raise ValueError("odd")

    def refuses(*_arguments: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    assert not settle(Odd())
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        full.write("x")
        with monkeypatch.context() as patch:
            patch.setattr(os, "open", refuses)
            assert not settle(full)
        assert not settle(full)


def test_lines_wait_for_a_reader_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "PATIENCE_SECONDS", 0.05)
    go, lines = threading.Event(), list[str]()

    class Slow(io.StringIO):
        def write(self, text: str) -> int:
            go.wait(5)
            lines.append(text)
            return len(text)

    def come(number: int) -> bool:
        until = time.monotonic() + 5
        while len(lines) < number and time.monotonic() < until:
            time.sleep(0.01)
        return len(lines) == number

    patient, slow = Patient(), Slow()
    began = time.monotonic()
    for number in range(5):
        patient.write(slow, f"{number}\n")
    assert time.monotonic() - began < 2  # only the first waits, and not for long
    assert lines == []
    go.set()
    assert come(5)
    patient.write(slow, "5\n")
    assert come(6)
    assert lines == ["0\n", "1\n", "2\n", "3\n", "4\n", "5\n"]


def test_a_line_that_cannot_be_written_is_no_obstacle_to_the_next() -> None:
    patient, good = Patient(), io.StringIO()
    closed = io.StringIO()
    closed.close()
    patient.write(closed, "lost\n")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        patient.write(full, "lost\n")
    patient.write(good, "kept\n")
    assert good.getvalue() == "kept\n"
    assert not patient.lines


def test_not_every_line_is_kept_for_a_reader_that_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patient, "_drain", lambda _self: None)
    patient: Any = Patient()
    for number in range(1500):
        patient.write(sys.stderr, str(number))
    assert [text for _, text in patient.lines] == [str(number) for number in range(500, 1500)]
