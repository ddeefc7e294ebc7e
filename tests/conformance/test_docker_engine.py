"""Where a real Docker engine can be started, a container really starts: the whole boot, with nothing stood in for."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ctxschema.context.context_sh import write_context_sh
from tests.conftest import ROOT
from tests.machine import ADDRESS, LINK, NODE, Machine
from tests.pem import CERTIFICATE, PRIVATE_KEY

FETCHED = ROOT / ".venv/engine"
PATH = f"{FETCHED}:{os.environ['PATH']}:/usr/sbin:/sbin"
PROGRAM = r"""
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
extern char **environ;
static void try(const char *path, int flags) {
    int opened = open(path, flags, 0600);
    printf("%s %s %s\n", flags == O_RDONLY ? "read" : "write", path, opened < 0 ? "no" : "yes");
}
int main(int count, char **words) {
    char line[256];
    for (int i = 1; i < count; i++) printf("argument %s\n", words[i]);
    for (char **each = environ; *each; each++) printf("environment %s\n", *each);
    printf("user %d:%d\n", getuid(), getgid());
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, "CapEff", 6) || !strncmp(line, "NoNewPrivs", 10)) printf("status %s", line);
    try("/app/certs/server.key", O_RDONLY);
    try("/app/state/state.db", O_WRONLY | O_CREAT);
    try("/app/data/file", O_WRONLY | O_CREAT);
    fflush(stdout);
    sleep(600);
    return 0;
}
"""


class Booted(NamedTuple):
    """What a boot left."""

    code: int
    report: dict[str, Any]
    log: list[str]
    inspect: dict[str, Any]
    containers: list[str]
    stderr: str


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needed = ("dockerd", "containerd", "runc", "docker", "unshare", "gcc")
    missing = [name for name in needed if shutil.which(name, path=PATH) is None]
    if missing or os.geteuid() != 0:
        pytest.skip(f"no engine can be started here: {', '.join(missing) or 'not root'}")
    folder = tmp_path_factory.mktemp("image")
    (folder / "program.c").write_text(PROGRAM)
    (folder / "root/proc").mkdir(parents=True)
    compiled = subprocess.run(
        ["gcc", "-static", "-o", folder / "root/program", folder / "program.c"], capture_output=True, check=False
    )
    if compiled.returncode:
        pytest.skip("no static program can be compiled here")
    return folder / "root"


def boot(work: Path, image: Path, name: str, *words: str, path: str = PATH, **context: str) -> Booted:
    """Boot a machine on an engine of its own."""
    work.mkdir(exist_ok=True)
    (work / "image").symlink_to(image)
    (work / "context.sh").write_text(write_context_sh(context))
    arguments = [work, sys.executable, name, "--context", work / "context.sh", *words]
    environment = {"PATH": path, "HOME": "/nonexistent"}
    try:
        command = ["unshare", "-m", "-n", "sh", ROOT / "tests/engine_boot.sh", *arguments]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        if (work / "skip").exists() or not (work / "code").exists():
            pytest.skip(f"no engine can be started here: {ended.stderr[-300:]}")
        return Booted(
            int((work / "code").read_text()),
            json.loads((work / "report.json").read_text()),
            (work / "log").read_text().splitlines(),
            json.loads((work / "inspect.json").read_text())[0],
            (work / "containers").read_text().split(),
            (work / "stderr").read_text(),
        )
    finally:
        shutil.rmtree(work / "data", ignore_errors=True)


def test_a_supernode_runs_as_its_user_without_rights(tmp_path: Path, image: Path) -> None:
    value = "a=1 name=\"two words\" c='$(id)'"
    booted = boot(tmp_path / "w", image, NODE, **ADDRESS, FL_NODE_CONFIG=value, FL_USE_CASE="llm-fine-tuning")
    assert booted.code == 0, booted.stderr
    assert booted.inspect["State"]["Running"] is True
    assert booted.inspect["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    assert [line for line in booted.log if line.startswith("argument ")] == [
        f"argument {word}"
        for word in (
            "--insecure",
            "--superlink",
            "10.0.0.1:9092",
            "--isolation",
            "subprocess",
            f"--node-config={value}",
        )
    ]
    assert "user 49999:49999" in booted.log
    assert "status CapEff:\t0000000000000000" in booted.log
    assert "status NoNewPrivs:\t1" in booted.log
    assert "environment FL_USE_CASE=llm-fine-tuning" in booted.log  # by way of the env file
    assert "write /app/data/file no" in booted.log
    assert booted.containers == [NODE]


def test_a_superlink_reads_its_key_and_writes_its_state(tmp_path: Path, image: Path) -> None:
    booted = boot(
        tmp_path / "w", image, LINK, FL_TLS_ENABLED="YES", FL_SSL_CERTFILE=CERTIFICATE, FL_SSL_KEYFILE=PRIVATE_KEY
    )
    assert booted.code == 0, booted.stderr
    assert "read /app/certs/server.key yes" in booted.log
    assert "write /app/state/state.db yes" in booted.log
    assert set(booted.inspect["HostConfig"]["PortBindings"]) == {"9092/tcp", "9093/tcp"}


def test_an_engine_that_refuses_the_gpu_gets_a_second_start_without_it(tmp_path: Path, image: Path) -> None:
    """The machine says that all is well, and the engine has no NVIDIA support: what the two checks alone would miss."""
    machine = Machine.make(tmp_path / "m", gpu=True)
    (machine.folder / "bin/docker").unlink()
    booted = boot(
        tmp_path / "w", image, NODE, "--root", str(machine.root), path=f"{machine.folder}/bin:{PATH}",
        **ADDRESS, FL_GPU_ENABLED="YES",
    )  # fmt: skip
    assert booted.code == 0, booted.stderr
    assert booted.report["gpu"]["available"] is False
    assert "could not select device driver" in booted.report["gpu"]["reason"]
    assert booted.inspect["State"]["Running"] is True
    assert booted.inspect["HostConfig"]["DeviceRequests"] is None
    assert booted.containers == [NODE]
