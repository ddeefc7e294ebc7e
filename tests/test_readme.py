"""The commands and the Python blocks of the README do what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.claims import Page
from tests.conftest import ROOT
from tests.documents import Command, Prose, blocks, commands, parts, run

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = blocks(ROOT / "README.md")
CONSOLE = [block.text for block in BLOCKS if block.language == "console"]
PYTHON = [block.text for block in BLOCKS if block.language == "python"]
TARGETS = re.findall(r"[$`] ?make (\w+)", README)


@pytest.mark.parametrize("command", [command for block in CONSOLE for command in commands(block)], ids=str)
def test_a_command_prints_what_the_readme_says(command: Command) -> None:
    run(command, ROOT)


def test_the_commands_can_be_run_one_after_another() -> None:
    """Each leaves the shell in the clone, where the next one finds its files."""
    lines = [command.line for block in CONSOLE for command in commands(block) if re.search(r"\bcd\b", command.line)]
    assert lines
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    script = "\n".join(f"{{ {line}; }} > /dev/null" for line in lines)
    ended = subprocess.run(
        ["bash", "-c", f"{script}\npwd -P"], cwd=ROOT, env={**os.environ, "PATH": path},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout == f"{ROOT.resolve()}\n"


@pytest.mark.parametrize("block", PYTHON)
def test_a_python_block_runs(block: str) -> None:
    exec(compile(block, "README.md", "exec"), {})


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_prose_names_what_is_there(name: str) -> None:
    page = Page()
    for part in parts((ROOT / name).read_text(encoding="utf-8")):
        if isinstance(part, Prose):
            page.add_prose(part)
        else:
            page.add_block(part, [])
    assert page.problems() == []


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
