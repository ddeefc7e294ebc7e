"""10: what an agent leaves behind, and what it needs around it."""

import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxschema.core.secret import Secret
from ctxschema.machine.onegate import OneGate, OneGateError
from tests.attack.conftest import Agent, command, environment
from tests.machine import ADDRESS, NODE, Machine


@pytest.fixture
def trickling() -> Iterator[str]:
    """The address of a server that sends a byte now and then, and never ends."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\n")
                    while True:
                        connection.sendall(b"X-A: b\r\n")
                        time.sleep(0.02)
                except OSError:
                    return

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=trickle, args=[connection], daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


LEAK = """
import os, sys, time
from ctxschema.core.secret import Secret
from ctxschema.machine.onegate import OneGate, OneGateError
def ask():
    try:
        OneGate(sys.argv[1], Secret("token"), "1").put("FL_READY", "YES", 0.3)
    except OneGateError as error:
        assert "did not answer" in str(error), error
def count():
    time.sleep(0.3)
    return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))
ask()
before = count()
for _ in range(6):
    ask()
print(before == count())
"""


def test_a_trickling_onegate_leaves_no_thread_and_no_descriptor(trickling: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", LEAK, trickling],
        env=environment("/usr/bin:/bin"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.stdout == "True\n", told.stderr


def test_it_is_given_up_in_its_time(trickling: str) -> None:
    began = time.monotonic()
    with pytest.raises(OneGateError, match="did not answer"):
        OneGate(trickling, Secret("token"), "1").put("FL_READY", "YES", 0.5)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_whatever_the_umask_only_owners_change_what_is_made_and_everybody_passes(tmp_path: Path, umask: int) -> None:
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS)
    ended = subprocess.run(
        command(machine, NODE, "--report", tmp_path / "report.json"),
        env=environment(machine.path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        umask=umask,
    )
    assert ended.returncode == 0, ended.stderr
    made = [tmp_path / "report.json", *(machine.root / "opt").rglob("*"), machine.root / "opt"]
    assert len(made) > 4
    assert not [path for path in made if path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH)]
    for folder in ("opt", "opt/flower"):
        assert stat.S_IMODE((machine.root / folder).stat().st_mode) == 0o755


def test_who_has_its_children_waited_for_learns_their_exit_codes(tmp_path: Path) -> None:
    """A service manager in a container may ignore SIGCHLD, and its children inherit that."""
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS)
    code = "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    ended = subprocess.run(
        [sys.executable, "-c", code, *command(machine, NODE)],
        env=environment(machine.path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.slow_attack
def test_a_hung_nvidia_smi_costs_twenty_seconds_at_most(tmp_path: Path, agent: Agent) -> None:
    machine = Machine.make(tmp_path / "machine", gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    machine.smi("trap '' TERM\nexec sleep 600")
    ended = agent(machine, NODE, "--report", tmp_path / "report.json")
    assert ended.code == 0, ended.err
    assert "did not answer" in ended.err
    took = float(ended.err.split("GPU detection: failed")[1].split(" s)")[0].rpartition("(")[2])
    assert took < 20
    assert os.path.exists(tmp_path / "report.json")
