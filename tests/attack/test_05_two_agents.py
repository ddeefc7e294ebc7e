"""5: of two agents at once one boots the machine, and the other leaves it alone."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.attack.conftest import command, environment
from tests.docker_engine import engine
from tests.machine import ADDRESS, NODE, Machine

CLIENT = shutil.which("docker") or ""


def both(machine: Machine, env: dict[str, str]) -> list[tuple[int, str]]:
    """Start two agents at once, and return how each ended."""
    agents = [subprocess.Popen(command(machine, NODE), env=env, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    return [(each.returncode, told) for each in agents for _, told in [each.communicate(timeout=60)]]


def one_won(ended: list[tuple[int, str]]) -> bool:
    codes = sorted(code for code, _ in ended)
    told = next(told for code, told in ended if code == codes[1])
    return codes == [0, 1] and "another agent boots flower-supernode" in told and "Traceback" not in told


@pytest.mark.parametrize("attempt", range(3))
def test_one_boots_and_the_other_says_why_it_does_not(tmp_path: Path, attempt: int) -> None:
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS)
    assert one_won(both(machine, environment(machine.path))), attempt
    assert machine.containers == [NODE]


@pytest.mark.skipif(not CLIENT, reason="no docker client on this machine")
def test_the_container_of_the_winner_stays_with_a_real_client(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS)
    with engine(tmp_path / "socket") as served:
        (machine.folder / "bin/docker").unlink()
        (machine.folder / "bin/docker").symlink_to(os.path.realpath(CLIENT))
        env = {**environment(machine.path), "DOCKER_HOST": served.host, "HOME": str(tmp_path)}
        assert one_won(both(machine, env))
        assert list(served.created) == [NODE]
        assert served.running == [NODE]


def test_the_lock_of_a_killed_agent_is_gone(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS).docker("hangs", "version")
    first = subprocess.Popen(command(machine, NODE), env=environment(machine.path), stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while "version" not in " ".join(machine.commands) and time.monotonic() < end:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    machine.docker("hangs", None)
    ended = subprocess.run(
        command(machine, NODE), env=environment(machine.path), capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 0, ended.stderr


def test_two_appliances_do_not_wait_for_each_other(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS)
    names = (NODE, "flower-superlink")
    agents = [subprocess.Popen(command(machine, name), env=environment(machine.path)) for name in names]
    assert [each.wait(timeout=60) for each in agents] == [0, 0]
