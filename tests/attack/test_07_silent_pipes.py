"""7: a named pipe that says something and then nothing holds up no command."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxschema.core import files
from ctxschema.core.errors import FileError
from ctxschema.machine.system import System
from tests.attack.conftest import Agent, environment
from tests.machine import ADDRESS, NODE, Machine

SILENT = "nobody has written to it"


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Path]:
    """A named pipe with one byte in it, whose writer stays."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    holder = os.open(path, os.O_RDWR)
    os.write(holder, b"#")
    yield path
    os.close(holder)


@pytest.mark.slow_attack
def test_every_mode_of_the_agent(pipe: Path, tmp_path: Path, agent: Agent) -> None:
    machine = Machine.make(tmp_path / "machine")
    for words in (["env", NODE], [NODE, "--dry-run"], [NODE]):
        ended = agent(machine, *words, "--context", str(pipe), seconds=40)
        assert ended.code == 1
        assert SILENT in ended.err
        os.write(os.open(pipe, os.O_WRONLY), b"#")


COMMANDS = (
    ["lint", "{}"],
    ["lint", "--diff", "{}"],
    ["validate", NODE, "--context", "{}"],
    ["import", "{}"],
    ["parse", "{}"],
    ["drift", NODE, "{}"],
    ["diff", "{}", "{}"],
    ["preview", "--no-browser", "{}"],
    ["list", "--from", "{}"],
    ["boot", NODE, "--dry-run", "--context", "{}"],
)


@pytest.mark.slow_attack
def test_every_command(tmp_path: Path) -> None:
    """All at once, because each of them waits its ten seconds."""
    running = {}
    for number, words in enumerate(COMMANDS):
        pipe = tmp_path / f"pipe{number}.py"
        os.mkfifo(pipe)
        holder = os.open(pipe, os.O_RDWR)
        os.write(holder, b"#")
        command = [sys.executable, "-m", "ctxschema", *(word.format(pipe) for word in words)]
        environ = environment("/usr/bin:/bin")
        running[" ".join(words)] = subprocess.Popen(
            command, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    for line, process in running.items():
        told, _ = process.communicate(timeout=100)
        assert process.returncode in {1, 2}, (line, told)
        assert "Traceback" not in told, line
        assert SILENT in " ".join(told.split()), (line, told)


def test_a_pipe_that_trickles_has_an_end_as_well(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "READ_SECONDS", 1)
    done = threading.Event()

    def trickle() -> None:
        with pipe.open("wb", buffering=0) as stream:
            while not done.wait(0.1):
                stream.write(b"#")

    writer = threading.Thread(target=trickle)
    writer.start()
    try:
        with pytest.raises(FileError, match="did not end within"):
            files.read_bytes(pipe)
    finally:
        done.set()
        writer.join()


def test_what_writes_in_time_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    def write() -> None:
        time.sleep(0.3)
        with (tmp_path / "pipe").open("w") as stream:
            stream.write("A=")
            stream.flush()
            time.sleep(0.3)
            stream.write("'1'\n")

    writer = threading.Thread(target=write)
    writer.start()
    assert files.read_bytes(tmp_path / "pipe") == b"A='1'\n"
    writer.join()


def test_standard_input_that_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "STDIN_SECONDS", 0.2)
    read, write = os.pipe()
    os.write(write, b"#")
    with os.fdopen(read) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        with pytest.raises(FileError, match=SILENT):
            files.read_bytes("-")
    os.close(write)


def test_a_pipe_among_the_files_of_the_machine(tmp_path: Path, agent: Agent) -> None:
    """The token, daemon.json and one_env are read at their places, even if a pipe is there."""
    machine = Machine.make(tmp_path / "machine", gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    holders = []
    for path in ("etc/docker/daemon.json", "run/one-context/one_env", "run/one-context/token.txt", "proc/version"):
        (machine.root / path).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(machine.root / path)
        holders.append(os.open(machine.root / path, os.O_RDWR))
        os.write(holders[-1], b"x")
        assert System(str(machine.root)).read(f"/{path}") is None
    ended = agent(machine, NODE, seconds=40)
    assert ended.code == 0, ended.err
    for holder in holders:
        os.close(holder)


def test_a_disk_that_is_dead(dead_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "READ_SECONDS", 0.5)
    began = time.monotonic()
    with pytest.raises(FileError, match="did not end within"):
        files.read_bytes(dead_disk / "docker")
    assert time.monotonic() - began < 5


@pytest.mark.slow_attack
def test_the_agent_ends_though_its_context_is_on_a_dead_disk(dead_disk: Path, tmp_path: Path, agent: Agent) -> None:
    machine = Machine.make(tmp_path / "machine")
    ended = agent(machine, NODE, "--context", dead_disk / "docker", seconds=60)
    assert ended.code == 1
