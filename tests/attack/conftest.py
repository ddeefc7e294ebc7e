"""What an attack needs: a dead disk, a small cgroup, and the agent as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import frozen

from tests.conftest import ROOT
from tests.machine import Machine

PROGRAMS = ("nvidia-smi", "docker", "openssl", "interpreter", "libc.so.6")


@pytest.fixture
def dead_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder of programs that block when they are read, as on a dead disk; they are released after the test."""
    if os.geteuid() != 0 or not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("FUSE needs root and /dev/fuse")
    folder = tmp_path / "dead"
    folder.mkdir()
    server = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("dead_disk.py"), folder, *PROGRAMS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdout is not None
    assert server.stderr is not None
    try:
        if server.stdout.readline() != "ready\n":
            pytest.skip(f"FUSE is not to be had: {server.stderr.read().strip()}")
        yield folder
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        server.stderr.close()
        subprocess.run(["umount", "--lazy", folder], check=False, capture_output=True)


@frozen
class Ended:
    """How an agent ended, and how long it took."""

    code: int
    out: str
    err: str
    seconds: float


Agent = Callable[..., Ended]


def command(machine: Machine, *words: str | Path) -> list[str]:
    """The agent's command line for a machine made of a folder."""
    return [sys.executable, "-m", "ctxschema.boot", *map(str, words), "--root", str(machine.root)]


def environment(path: str) -> dict[str, str]:
    """What the agent finds in its environment."""
    return {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def agent() -> Agent:
    """Run the agent, and kill it where it does not come back in its time: then the attack has won."""

    def run(machine: Machine, *words: str | Path, seconds: float = 60, path: str | None = None) -> Ended:
        began = time.monotonic()
        ended = subprocess.run(
            command(machine, *words),
            env=environment(path or machine.path),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr, time.monotonic() - began)

    return run
