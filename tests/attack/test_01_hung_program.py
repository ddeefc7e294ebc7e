"""1: a program that is visible but blocks when it is read, as on a dead disk, delays nothing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ctxschema.gpu.decision import FALLBACK_WARNING
from ctxschema.machine.system import System
from tests.attack.conftest import Agent, environment
from tests.machine import ADDRESS, LINK, NODE, Machine

RUN = """
import os, sys, threading, time
from ctxschema.machine.system import System
beats = []
def beat():
    while True:
        beats.append(time.monotonic())
        time.sleep(0.05)
threading.Thread(target=beat, daemon=True).start()
outcome = System().run([sys.argv[1]], 1)
print(outcome.timed_out, len(beats) > 10, flush=True)
"""


def test_a_program_that_cannot_be_read_is_given_up_in_its_time(dead_disk: Path) -> None:
    """The kernel hangs in execve; other threads go on meanwhile."""
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", RUN, dead_disk / "nvidia-smi"],
        env=environment(os.environ["PATH"]),
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert ended.stdout == "True True\n", ended.stderr
    assert time.monotonic() - began < 10


def test_an_interpreter_line_that_names_what_cannot_be_read(dead_disk: Path, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f"#!{dead_disk}/interpreter\n")
    script.chmod(0o755)
    assert System().run([str(script)], 0.5).timed_out


def test_a_library_that_cannot_be_read(dead_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", str(dead_disk))
    if not System().run(["/bin/true"], 0.5).timed_out:
        pytest.skip("programs of this machine look for their libraries elsewhere")


def test_a_program_that_hangs_holds_no_descriptor_of_ours(dead_disk: Path) -> None:
    read, write = os.pipe()
    os.set_inheritable(write, True)
    assert System().run([str(dead_disk / "nvidia-smi")], 0.5).timed_out
    os.close(write)
    os.set_blocking(read, False)
    assert os.read(read, 1) == b""  # the child holds no copy, or this would be an error
    os.close(read)


@pytest.mark.slow_attack
def test_the_boot_goes_on_without_the_gpu(dead_disk: Path, tmp_path: Path, agent: Agent) -> None:
    machine = Machine.make(tmp_path / "machine", gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    (machine.folder / "bin/nvidia-smi").unlink()
    (machine.folder / "bin/nvidia-smi").symlink_to(dead_disk / "nvidia-smi")
    ended = agent(machine, NODE)
    assert ended.code == 0, ended.err
    assert FALLBACK_WARNING in ended.err
    assert machine.containers == [NODE]
    assert ended.seconds < 35  # 20 of them for nvidia-smi


@pytest.mark.slow_attack
def test_the_dry_run_comes_back(dead_disk: Path, tmp_path: Path, agent: Agent) -> None:
    machine = Machine.make(tmp_path / "machine", gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES")
    ended = agent(machine, NODE, "--dry-run", path=f"{dead_disk}:{machine.path}")
    assert ended.code == 0, ended.err
    assert "docker run" in ended.out
    assert "did not answer" in ended.err


@pytest.mark.slow_attack
def test_a_docker_that_cannot_be_read_ends_the_boot_in_its_time(dead_disk: Path, tmp_path: Path, agent: Agent) -> None:
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS)
    ended = agent(machine, NODE, path=f"{dead_disk}:{machine.path}", seconds=90)
    assert ended.code == 1
    assert "did not answer" in ended.err


@pytest.mark.slow_attack
def test_an_openssl_that_cannot_be_read_ends_the_boot_in_its_time(
    dead_disk: Path, tmp_path: Path, agent: Agent
) -> None:
    machine = Machine.make(tmp_path / "machine").context(FL_TLS_ENABLED="YES")
    (machine.folder / "bin/openssl").symlink_to(dead_disk / "openssl")
    ended = agent(machine, LINK)
    assert ended.code == 1
    assert "openssl" in ended.err


def test_the_gpu_checks_come_back(dead_disk: Path, tmp_path: Path) -> None:
    machine = Machine.make(tmp_path / "machine", gpu=True)
    ended = subprocess.run(
        [sys.executable, "-m", "ctxschema", "gpu", "check", "vm", "--root", machine.root, "--timeout", "1"],
        env=environment(f"{dead_disk}:{machine.path}"),
        capture_output=True,
        text=True,
        check=False,
        timeout=40,
    )
    assert ended.returncode == 1, ended.stderr
    assert "did not answer" in ended.stdout
