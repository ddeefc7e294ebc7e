"""What a terminal is shown: colours where they are wanted, and that something is going on where it takes long."""

import io
import os
import pty
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ctxschema.cli import waiting as module
from ctxschema.cli.waiting import waiting

FAULTY = 'USER_INPUTS = [ A = "0|number|x| |y" ]\n'
SCRIPT = Path(sys.executable).with_name("ctxschema")


def shown(*arguments: str, terminal: bool, **environment: str) -> bytes:
    """What a command prints, on a terminal or into a pipe."""
    quiet = {name: value for name, value in os.environ.items() if "COLOR" not in name and not name.startswith("TTY_")}
    told = {**quiet, "TERM": "xterm", **environment}
    words: list[str | Path] = [SCRIPT, *arguments]
    if not terminal:
        return subprocess.run(words, env=told, capture_output=True, check=False).stdout
    ours, theirs = pty.openpty()
    subprocess.run(words, env=told, stdin=theirs, stdout=theirs, stderr=theirs, check=False)
    os.close(theirs)
    found = b""
    try:
        while piece := os.read(ours, 65536):
            found += piece
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    return found


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (True, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (False, {"TERM": "dumb"}, False),
    ],
)
def test_colours(tmp_path: Path, terminal: bool, environment: dict[str, str], coloured: bool) -> None:  # noqa: FBT001
    path = tmp_path / "a.tmpl"
    path.write_text(FAULTY)
    for words, told in ((("lint", "--no-cache", str(path)), b"error"), (("list",), b"ollama")):
        found = shown(*words, terminal=terminal, **environment)
        assert told in found
        assert (b"\x1b[" in found) is coloured, words


class Terminal(io.StringIO):
    """Standard error that is one."""

    def isatty(self) -> bool:
        return True


def waited(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, seconds: float, total: int | None = None) -> str:
    """What is shown of work that takes so long."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(module, "QUIET_SECONDS", 0.2)
    with waiting("linting", total) as bar:
        bar.step("linting [large].tmpl")
        time.sleep(seconds)
    return stream.getvalue()


def test_one_large_file_has_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert "linting [large].tmpl" in waited(monkeypatch, Terminal(), 1.0, 1)
    assert "linting [large].tmpl" in waited(monkeypatch, Terminal(), 1.0)


def test_nothing_is_shown_of_what_ends_soon_or_goes_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert waited(monkeypatch, Terminal(), 0.0) == ""
    assert waited(monkeypatch, io.StringIO(), 0.5) == ""
    monkeypatch.setenv("TERM", "dumb")
    assert waited(monkeypatch, Terminal(), 0.5) == ""


def test_ctrl_c_is_one_line() -> None:
    ours, theirs = pty.openpty()
    program = subprocess.Popen([SCRIPT, "parse"], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stderr is not None
    assert b"reading standard input" in program.stderr.readline()
    # A signal just before the program blocks in read() is seen by Python when that returns; people press again.
    pressing = threading.Timer(5, program.send_signal, [signal.SIGINT])
    pressing.start()
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=30)
    pressing.cancel()
    os.close(ours)
    os.close(theirs)
    assert (program.returncode, out, err.strip()) == (130, b"", b"Interrupted.")
