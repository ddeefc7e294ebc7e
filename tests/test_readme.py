"""The commands and the Python blocks of the README do what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
MAKE = re.compile(r"make (\w+)")
TARGETS = re.findall(r"[$`] ?make (\w+)", README)


def commands(block: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


@pytest.mark.parametrize(
    ("command", "expected"), [pair for block in CONSOLE for pair in commands(block) if not MAKE.match(pair[0])]
)
def test_a_command_prints_what_the_readme_says(command: str, expected: list[str]) -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout
    pattern = "".join(".*" if line == "..." else re.escape(line + "\n") for line in expected)
    assert re.fullmatch(pattern, ended.stdout, re.DOTALL), ended.stdout


@pytest.mark.parametrize("block", PYTHON)
def test_a_python_block_runs(block: str) -> None:
    exec(compile(block, "README.md", "exec"), {})


def test_every_target_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert TARGETS
    for target in TARGETS:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_demo_ends_well_on_a_machine_without_a_gpu() -> None:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["sh", "tools/demo.sh", "examples/flower-supernode/context.sh"], cwd=ROOT, env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
    )  # fmt: skip
    assert "GPU = " in ended.stdout
    assert "FL_GPU_ENABLED" in ended.stdout
    assert "GPU requested but not available, falling back to CPU" in ended.stdout
    assert "docker run" in ended.stdout
    assert "--gpus" not in ended.stdout
