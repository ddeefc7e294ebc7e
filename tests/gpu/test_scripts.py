"""The scripts as files: their committed copies, their syntax, and their options."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxschema.gpu.registry import CHECKS, SCRIPTS
from ctxschema.gpu.script import gpu_script
from ctxschema.model.check import Layer
from tests.conftest import ROOT
from tests.gpu.conftest import by_python, by_script
from tests.gpu.hosts import an_intel_host_that_is_ready
from tests.gpu.tree import Tree
from tests.gpu.vms import ready

FOLDER = ROOT / "schemas" / "gpu"
NEWER_THAN_4_4 = re.compile(
    r"EPOCHREALTIME|EPOCHSECONDS|SRANDOM|BASH_ARGV0|\$\{[\w@\[\]*]+@[UuLKk]\}|wait -\w*p|\bvarredir_close|\$\{ |patsub"
)

layers = pytest.mark.parametrize("layer", list(Layer), ids=lambda layer: layer.value)


@layers
def test_what_is_committed_is_what_is_generated(layer: Layer) -> None:
    path = FOLDER / SCRIPTS[layer]
    assert path.read_text() == gpu_script(layer), f"run: ctxschema generate gpu-script {layer.value} -o {path}"
    assert path.stat().st_mode & 0o111


@layers
def test_bash_can_read_it_and_shellcheck_finds_nothing(layer: Layer) -> None:
    path = FOLDER / SCRIPTS[layer]
    assert subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=True).stderr == ""
    shellcheck = shutil.which("shellcheck", path=str(Path(sys.executable).parent))
    assert shellcheck, "shellcheck comes with the extra `test`"
    answer = subprocess.run([shellcheck, path], capture_output=True, text=True, check=False)
    assert answer.stdout + answer.stderr == ""


@layers
def test_it_keeps_to_bash_4_4(layer: Layer) -> None:
    text = gpu_script(layer)
    assert not NEWER_THAN_4_4.search(text)
    assert max(map(len, text.splitlines())) < 400
    # & in a replacement means something else from bash 5.2 on.
    assert not re.search(r"\$\{\w+//[^}]*/[^}]*&", text)


@layers
def test_every_answer_of_a_check_is_in_its_script(layer: Layer) -> None:
    text = gpu_script(layer)
    for check in CHECKS[layer]:
        function = f"\ncheck_{check.id.replace('-', '_')}() {{"
        body = re.split(r"\n(?:check_\w+|make_checks)\(\) \{", text.partition(function)[2])[0]
        for answer in check.answers:
            assert f"{answer.status.value} {answer.name} " in body, (check.id, answer.name)
    assert not re.search(r"^ *answer ", text, re.MULTILINE)


@layers
def test_compatible_with_bash_4_4_it_says_the_same(
    layer: Layer, new_tree: Callable[[], Tree], scripts: dict[str, Path]
) -> None:
    tree = new_tree()
    (an_intel_host_that_is_ready if layer is Layer.HOST else ready)(tree)
    usual = by_script(tree, scripts[layer.value], "--json")
    assert by_script(tree, scripts[layer.value], "--json", shell=["-O", "compat44"]).stdout == usual.stdout
    assert usual.returncode == 0


SETTINGS = """
set -efku -o noclobber -o allexport
shopt -s failglob nocaseglob nocasematch xpg_echo
IFS=/ GLOBIGNORE=* CDPATH=/ GREP_OPTIONS=-v POSIXLY_CORRECT=1 LC_ALL=tr_TR.UTF-8
grep() { return 0; }
head() { echo nonsense; }
alias trim=false
trap : DEBUG
"""


ALL_AT_ONCE = ["--posix", "-e", "-f", "-u", "-C", "-k", "-O", "nocasematch", "-O", "failglob"]


@layers
@pytest.mark.parametrize("shell", [["-f"], ["-e"], ALL_AT_ONCE, []], ids=" ".join)
def test_the_options_of_who_starts_it_change_nothing(
    layer: Layer, shell: list[str], new_tree: Callable[[], Tree], scripts: dict[str, Path], tmp_path: Path
) -> None:
    settings = tmp_path / "settings"
    settings.write_text(SETTINGS)
    around = {} if shell else {"BASH_ENV": str(settings), "BASHOPTS": "nocasematch"}
    for prepare in (an_intel_host_that_is_ready if layer is Layer.HOST else ready, lambda _tree: None):
        tree = new_tree()
        prepare(tree)
        usual = by_script(tree, scripts[layer.value], "--json")
        found = by_script(tree, scripts[layer.value], "--json", shell=shell, **around)
        assert (found.returncode, found.stdout) == (usual.returncode, usual.stdout)
        assert json.loads(found.stdout)["checks"]


@layers
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help(layer: Layer, option: str, new_tree: Callable[[], Tree], scripts: dict[str, Path]) -> None:
    answer = by_script(new_tree(), scripts[layer.value], option)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert SCRIPTS[layer] in answer.stdout
    assert "--json" in answer.stdout
    assert "CTX_ROOT" in answer.stdout


@pytest.mark.parametrize(
    ("layer", "arguments"),
    [
        ("host", ["--bogus"]),
        ("host", ["--image", "x"]),
        ("host", ["extra"]),
        ("vm", ["--image"]),
        ("vm", ["--image", ""]),
        ("vm", ["--image="]),
        ("vm", ["--timeout", "0"]),
        ("vm", ["--timeout", "soon"]),
        ("vm", ["--timeout=08"]),
        ("vm", ["-x"]),
    ],
)
def test_misuse(layer: str, arguments: list[str], new_tree: Callable[[], Tree], scripts: dict[str, Path]) -> None:
    answer = by_script(new_tree(), scripts[layer], *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr


def test_a_root_that_is_no_folder_is_misuse(new_tree: Callable[[], Tree], scripts: dict[str, Path]) -> None:
    tree = new_tree()
    shutil.rmtree(tree.root)
    assert by_script(tree, scripts["host"]).returncode == 2


def test_sh_is_told_to_take_bash(scripts: dict[str, Path]) -> None:
    dash = shutil.which("dash")
    if not dash:
        pytest.skip("no other shell here")
    answer = subprocess.run([dash, scripts["vm"]], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "bash" in answer.stderr


@pytest.mark.parametrize("program", ["nvidia-smi", "docker"])
@pytest.mark.parametrize("hangs", ["exec sleep 60", "trap '' TERM INT HUP; while :; do sleep 1; done"])
def test_whatever_hangs_is_given_up_and_leaves_nothing(
    program: str, hangs: str, new_tree: Callable[[], Tree], scripts: dict[str, Path]
) -> None:
    tree = new_tree()
    ready(tree)
    tree.program(program, hangs)
    temporary = tree.root / "scratch"
    temporary.mkdir()
    began = time.monotonic()
    answer = by_script(tree, scripts["vm"], "--json", "--timeout=1", TMPDIR=str(temporary))
    assert time.monotonic() - began < 15
    assert answer.stderr == ""
    assert not list(temporary.iterdir())
    checks = {check["id"]: check for check in json.loads(answer.stdout)["checks"]}
    assert checks[program]["results"][0]["answer"] == "timeout"
    assert "1 seconds" in checks[program]["message"]


def test_a_container_that_hangs_is_removed_by_both(new_tree: Callable[[], Tree], scripts: dict[str, Path]) -> None:
    tree = new_tree()
    ready(tree)
    tree.docker(run="exec sleep 30")
    by_python(tree, "vm", ("--timeout", "1"))
    by_script(tree, scripts["vm"], "--timeout=1")
    removed = [call.split()[-1] for call in tree.calls.splitlines() if call.startswith("docker rm -f ")]
    started = [call.split("--name ")[1].split()[0] for call in tree.calls.splitlines() if "docker run" in call]
    assert removed == started
    assert len(started) == 2


@pytest.mark.parametrize("gpus", [0, 2])
def test_the_record_of_a_gpu_machine(gpus: int, new_tree: Callable[[], Tree], tmp_path: Path) -> None:
    tree = new_tree()
    if gpus:
        ready(tree, gpus)
    environment = {**os.environ, "PYTHON": sys.executable, "CTX_ROOT": str(tree.root)}
    environment["PATH"] = f"{tree.bin}:{environment['PATH']}"
    record = [ROOT / "tools" / "record_gpu_checks.sh", tmp_path]
    answer = subprocess.run(record, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"agree: nvidia-smi names {gpus} GPUs" in answer.stdout
    assert "DISAGREE" not in answer.stdout
    if gpus:
        (tree.bin / "nvidia-smi").write_text("#!/bin/sh\necho $PPID\n")
        assert subprocess.run(record, env=environment, capture_output=True, text=True, check=False).returncode == 1


def test_paths_with_blanks(new_tree: Callable[[], Tree], scripts: dict[str, Path]) -> None:
    tree = new_tree()
    an_intel_host_that_is_ready(tree)
    spaced = tree.root.parent / "a root with [odd] $names"
    tree.root.rename(spaced)
    tree.root = spaced
    assert by_script(tree, scripts["host"]).returncode == 0
