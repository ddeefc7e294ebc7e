"""3: a log or a report without a reader, or on a full disk, neither delays a boot nor changes its result."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.attack.conftest import Agent, command, environment
from tests.machine import ADDRESS, NODE, Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine.make(tmp_path / "machine").context(**ADDRESS)


def test_a_report_on_a_pipe_that_nobody_reads(machine: Machine, tmp_path: Path, agent: Agent) -> None:
    os.mkfifo(tmp_path / "report")
    ended = agent(machine, NODE, "--report", tmp_path / "report", seconds=40)
    assert ended.code == 0, ended.err
    assert "nobody reads" in ended.err
    assert machine.containers == [NODE]


def test_a_report_on_a_pipe_that_is_opened_and_not_read(machine: Machine, tmp_path: Path, agent: Agent) -> None:
    os.mkfifo(tmp_path / "report")
    reader = os.open(tmp_path / "report", os.O_RDONLY | os.O_NONBLOCK)
    try:
        ended = agent(machine, NODE, "--report", tmp_path / "report", "--format", "json", seconds=40)
    finally:
        os.close(reader)
    assert ended.code == 0, ended.err


def boot_into_a_pipe(machine: Machine, descriptor: int, *words: str) -> int:
    """Boot with a pipe that is never read as ``descriptor``, full but for a few bytes; return the exit code."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    try:
        while True:
            os.write(write, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(write, True)
    streams = {1: subprocess.DEVNULL, 2: subprocess.DEVNULL, descriptor: write}
    began = time.monotonic()
    ended = subprocess.run(
        command(machine, NODE, *words),
        env=environment(machine.path),
        stdout=streams[1],
        stderr=streams[2],
        check=False,
        timeout=50,
    )
    os.close(read)
    os.close(write)
    assert time.monotonic() - began < 40
    return ended.returncode


def test_standard_error_on_a_full_pipe(tmp_path: Path) -> None:
    names = {f"FL_NOT_DECLARED_{number}": "x" for number in range(1500)}
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS, **names)
    assert boot_into_a_pipe(machine, 2) == 0
    assert machine.containers == [NODE]


def test_a_wrong_context_and_a_full_pipe(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path / "machine").context(FL_LOG_LEVEL="LOUD")
    assert boot_into_a_pipe(machine, 2) == 1
    assert boot_into_a_pipe(machine, 2, "--dry-run") == 1


def test_standard_output_on_a_full_pipe(machine: Machine) -> None:
    assert boot_into_a_pipe(machine, 1, "--format", "json") == 0
    assert machine.containers == [NODE]


@pytest.mark.parametrize("descriptor", ["1", "2"])
def test_a_full_disk_behind_a_stream_changes_no_result(machine: Machine, descriptor: str) -> None:
    words = [*command(machine, NODE, "--format", "json")]
    ended = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {descriptor}>/dev/full', "sh", *words],
        env=environment(machine.path),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert machine.containers == [NODE]


@pytest.mark.parametrize("mode", [["--dry-run"], ["--dry-run", "--format", "json"]])
def test_what_cannot_be_printed_is_no_success_where_printing_is_all(machine: Machine, mode: list[str]) -> None:
    ended = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >/dev/full', "sh", *command(machine, NODE, *mode)],
        env=environment(machine.path),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip().splitlines()[-1] == "Error: No space left on device."


def test_a_slow_reader_gets_every_line(machine: Machine) -> None:
    """Lines that are queued instead of waited for are written once the reader goes on."""
    process = subprocess.Popen(command(machine, NODE), env=environment(machine.path), stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    _, told = process.communicate(timeout=50)
    assert process.returncode == 0
    assert "Publish to OneGate" in told
