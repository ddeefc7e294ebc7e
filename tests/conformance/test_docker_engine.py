"""Where a real Docker engine can be started, a container really starts: the whole boot, with nothing stood in for."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ctxschema.context.context_sh import write_context_sh
from ctxschema.gpu.decision import NOTHING_WITHOUT
from tests.conftest import FROM_DEBIAN, ROOT
from tests.machine import ADDRESS, LINK, NODE, Machine
from tests.pem import CERTIFICATE, PRIVATE_KEY

PATH = f"{FROM_DEBIAN}:{os.environ['PATH']}:/usr/sbin:/sbin"
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
    try("/root/.ollama/model", O_WRONLY | O_CREAT);
    try("/root/.cache/huggingface/model", O_WRONLY | O_CREAT);
    fflush(stdout);
    sleep(600);
    return 0;
}
"""


class Booted(NamedTuple):
    """What a boot left."""

    report: dict[str, Any]
    log: list[str]
    inspect: dict[str, Any]
    containers: list[str]
    stderr: str


@pytest.fixture
def work() -> Iterator[Path]:
    """A folder with the image's files in it, by a path that is short enough for the engine's sockets."""
    needed = ("dockerd", "containerd", "runc", "docker", "unshare", "gcc")
    missing = [name for name in needed if shutil.which(name, path=PATH) is None]
    if missing or os.geteuid() != 0:
        pytest.skip(f"no engine can be started here: {', '.join(missing) or 'not root'}")
    folder = Path(tempfile.mkdtemp())
    (folder / "program.c").write_text(PROGRAM)
    (folder / "image/proc").mkdir(parents=True)
    compiled = subprocess.run(
        ["gcc", "-static", "-o", folder / "image/program", folder / "program.c"], capture_output=True, check=False
    )
    if compiled.returncode:
        pytest.skip("no static program can be compiled here")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def prepare(work: Path, boot: str, *words: str, **context: str) -> None:
    """Set what to boot: ``boot`` is a number and the name of an appliance."""
    folder = work / "boots" / boot
    (folder / "bin").mkdir(parents=True)
    (folder / "context.sh").write_text(write_context_sh(context))
    (folder / "words").write_text("".join(f"{word}\n" for word in ("--context", folder / "context.sh", *words)))


def left_by(work: Path, boot: str) -> Booted:
    """Return what a boot left behind."""
    folder = work / "boots" / boot
    return Booted(
        json.loads((folder / "report.json").read_text()),
        (folder / "log").read_text().splitlines(),
        json.loads((folder / "inspect.json").read_text())[0],
        (folder / "containers").read_text().split(),
        (folder / "stderr").read_text(),
    )


def boot_them(work: Path, path: str = PATH) -> None:
    """Boot everything that was prepared, on an engine that finds its programs on a path."""
    command: list[str | Path] = [
        *("unshare", "-mnpf", "--mount-proc", "--kill-child", "sh"),
        *(ROOT / "tests/engine_boot.sh", work, sys.executable),
    ]
    environment = {"PATH": path, "HOME": "/nonexistent"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    if (work / "skip").exists() or not (work / "dockerd.log").exists():
        pytest.skip(f"no engine can be started here: {ended.stderr[-300:]}")


def test_appliances_outside_flower_really_start(work: Path, tmp_path: Path) -> None:
    """Ollama on its CPU, and both on an engine that finds NVIDIA's hook, which is all that it looks for up to 29.1."""
    hook = work / "hook/nvidia-container-runtime-hook"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 0\n")
    hook.chmod(0o755)
    machine = Machine.make(tmp_path / "machine", gpu=True)
    prepare(work, "1.ollama", ETH0_IP="10.0.0.4", ONEAPP_OLLAMA_MODEL_KEEP_ALIVE="30m")
    with_gpu = ("--root", str(machine.root))
    prepare(work, "2.ollama", *with_gpu, ONEAPP_OLLAMA_GPU_ENABLED="YES", ONEAPP_OLLAMA_GPU_DEVICES="0")
    prepare(work, "3.vllm", *with_gpu, ONEAPP_VLLM_MODEL_TOKEN="hf_s3cret", ONEAPP_VLLM_MODEL_QUANTIZATION="4")
    prepare(work, "4.vllm")
    for boot in ("2.ollama", "3.vllm"):
        shutil.copy(machine.folder / "bin/nvidia-smi", work / f"boots/{boot}/bin")
    boot_them(work, f"{hook.parent}:{PATH}")
    ollama, ollama_gpu, vllm = (left_by(work, boot) for boot in ("1.ollama", "2.ollama", "3.vllm"))
    for booted, name in ((ollama, "ollama"), (ollama_gpu, "ollama"), (vllm, "vllm")):
        assert booted.report["ok"], booted.stderr
        assert booted.inspect["State"]["Running"] is True
        assert "status CapEff:\t0000000000000000" in booted.log
        assert booted.containers == [name]
    assert "environment OLLAMA_KEEP_ALIVE=30m" in ollama.log
    assert "write /root/.ollama/model yes" in ollama.log
    assert ollama.inspect["HostConfig"]["PortBindings"] == {"11434/tcp": [{"HostIp": "", "HostPort": "11434"}]}
    assert ollama.inspect["HostConfig"]["DeviceRequests"] is None
    assert ollama.inspect["Mounts"][0]["Name"] == "ollama"
    assert ollama_gpu.report["gpu"]["available"] is True
    assert ollama_gpu.inspect["HostConfig"]["DeviceRequests"][0]["Count"] == -1
    assert "environment CUDA_VISIBLE_DEVICES=0" in ollama_gpu.log
    assert vllm.report["gpu"]["available"] is True
    assert [line for line in vllm.log if line.startswith("argument ")] == [
        f"argument {word}"
        for word in (
            *("--model", "Qwen/Qwen2.5-1.5B-Instruct", "--tensor-parallel-size", "1"),
            *("--gpu-memory-utilization", "0.9", "--quantization", "bitsandbytes", "--load-format", "bitsandbytes"),
            *("--max-model-len", "1024"),
        )
    ]
    assert "environment HF_TOKEN=hf_s3cret" in vllm.log
    assert "hf_s3cret" not in json.dumps(vllm.report) + vllm.stderr
    assert "write /root/.cache/huggingface/model yes" in vllm.log
    assert vllm.inspect["HostConfig"]["ShmSize"] == 2 << 30
    # Without a GPU there is nothing that vLLM could run on.
    refused = json.loads((work / "boots/4.vllm/report.json").read_text())
    assert refused["ok"] is False
    assert refused["gpu"]["warning"] == NOTHING_WITHOUT
    assert (work / "boots/4.vllm/containers").read_text() == ""


def test_containers_really_start(work: Path, tmp_path: Path) -> None:
    value = "a=1 name=\"two words\" c='$(id)'"
    prepare(work, f"1.{NODE}", **ADDRESS, FL_NODE_CONFIG=value, FL_USE_CASE="llm-fine-tuning", FL_TLS_ENABLED="NO")
    prepare(work, f"2.{LINK}", FL_SSL_CERTFILE=CERTIFICATE, FL_SSL_KEYFILE=PRIVATE_KEY)
    # The machine says that all is well, and the engine has no NVIDIA support: what the two checks alone would miss.
    machine = Machine.make(tmp_path / "machine", gpu=True)
    prepare(work, f"3.{NODE}", "--root", str(machine.root), **ADDRESS, FL_GPU_ENABLED="YES")
    shutil.copy(machine.folder / "bin/nvidia-smi", work / f"boots/3.{NODE}/bin")
    boot_them(work)
    a_supernode_runs_as_its_user_without_rights(left_by(work, f"1.{NODE}"), value)
    a_superlink_reads_its_key_and_writes_its_state(left_by(work, f"2.{LINK}"))
    an_engine_that_refuses_the_gpu_gets_a_second_start_without_it(left_by(work, f"3.{NODE}"))


def a_supernode_runs_as_its_user_without_rights(booted: Booted, value: str) -> None:
    assert booted.report["ok"], booted.stderr
    assert booted.inspect["State"]["Running"] is True
    assert booted.inspect["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    words = ["--insecure", "--superlink", "10.0.0.1:9092", "--isolation", "subprocess", f"--node-config={value}"]
    assert [line for line in booted.log if line.startswith("argument ")] == [f"argument {word}" for word in words]
    assert "user 49999:49999" in booted.log
    assert "status CapEff:\t0000000000000000" in booted.log
    assert "status NoNewPrivs:\t1" in booted.log
    assert "environment FL_USE_CASE=llm-fine-tuning" in booted.log  # by way of the env file
    assert "write /app/data/file no" in booted.log
    assert booted.containers == [NODE]


def a_superlink_reads_its_key_and_writes_its_state(booted: Booted) -> None:
    assert booted.report["ok"], booted.stderr
    assert "read /app/certs/server.key yes" in booted.log
    assert "write /app/state/state.db yes" in booted.log
    assert set(booted.inspect["HostConfig"]["PortBindings"]) == {"9092/tcp", "9093/tcp"}


def an_engine_that_refuses_the_gpu_gets_a_second_start_without_it(booted: Booted) -> None:
    assert booted.report["ok"], booted.stderr
    assert booted.report["gpu"]["available"] is False
    assert "could not select device driver" in booted.report["gpu"]["reason"]
    assert booted.inspect["State"]["Running"] is True
    assert booted.inspect["HostConfig"]["DeviceRequests"] is None
    assert booted.containers == [NODE]
