"""8: what runs that were killed left behind is gone before a boot writes anything, keys first of all."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from ctxschema.core.files import create_temporary, write_text
from tests.attack.conftest import Agent, command, environment
from tests.machine import ADDRESS, LINK, NODE, Machine

CERTIFICATES = "opt/flower/certs"


def left_behind(machine: Machine, pid: int) -> list[Path]:
    """Leave what earlier agents left when they were killed."""
    machine.file(f"{CERTIFICATES}/tmpx2y3/key", "PRIVATE KEY").file(f"{CERTIFICATES}/server.key.{pid}.tmp", "PRIVATE")
    machine.file(f"{CERTIFICATES}/ca.crt.1.tmp", "x").file(f"opt/flower/config/flower-superlink.env.{pid}.tmp", "x")
    return [path for path in machine.root.rglob("*") if "tmp" in path.relative_to(machine.root).as_posix()]


@pytest.mark.parametrize("tls", ["YES", "NO"])
def test_halves_of_files_and_temporary_folders_are_gone(tmp_path: Path, agent: Agent, tls: str) -> None:
    machine = Machine.make(tmp_path / "machine").context(FL_TLS_ENABLED=tls)
    left = left_behind(machine, os.getpid())  # of a process that lives and never wrote them
    kept = machine.root / CERTIFICATES / "tmp.pem"
    kept.write_text("a file of somebody else's")
    ended = agent(machine, LINK)
    assert ended.code == 0, ended.err
    assert len(left) == 5
    assert not [path for path in left if path.exists()]
    assert kept.exists()


def test_no_key_is_ever_in_a_file_of_another_name(tmp_path: Path) -> None:
    """Killed while openssl works, the agent leaves nothing at all."""
    machine = Machine.make(tmp_path / "machine").context(FL_TLS_ENABLED="YES")
    machine.program("openssl", '#!/bin/sh\ntouch $0.runs\n/usr/bin/openssl "$@"\nsleep 30\n')
    process = subprocess.Popen(command(machine, LINK), env=environment(machine.path), stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while not (machine.folder / "bin/openssl.runs").exists() and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    texts = [path.read_text(errors="replace") for path in (machine.root / "opt").rglob("*") if path.is_file()]
    assert not [text for text in texts if "PRIVATE KEY" in text]


def test_the_half_report_of_an_agent_with_the_same_number_stops_no_report(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    for pid in (os.getpid(), 1 << 22):  # ours, and one that no process can have
        Path(f"{report}.{pid}.tmp").write_text("half")
    write_text(report, "whole", mode=0o600)
    assert report.read_text() == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    theirs = tmp_path / f"report.json.{os.getppid()}.tmp"
    held = create_temporary(str(theirs), 0o600)
    (tmp_path / "report.json.old.tmp").write_text("not ours")
    write_text(tmp_path / "report.json", "whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", theirs.name, "report.json.old.tmp"]
    os.close(held)


def test_a_boot_writes_its_report_beside_one_that_was_cut_short(tmp_path: Path, agent: Agent) -> None:
    machine = Machine.make(tmp_path / "machine").context(**ADDRESS)
    Path(f"{tmp_path}/report.json.{1 << 22}.tmp").write_text("half")
    assert agent(machine, NODE, "--report", tmp_path / "report.json").code == 0
    assert [path.name for path in tmp_path.glob("report*")] == ["report.json"]
