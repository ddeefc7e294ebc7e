"""The README and the guides as something to run: their files, commands and Python blocks, in their order."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT

_BLOCK = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE
)
_SET_UP = re.compile(r"make |git clone|python3 -m venv|\. \.venv|cd ")


class Block(NamedTuple):
    """One block of code; with a title it is a file that the reader saves."""

    language: str
    title: str | None
    text: str


class Prose(NamedTuple):
    """What stands between two blocks, with the number of its first line."""

    line: int
    text: str


class Command(NamedTuple):
    """One command, and what the page says that it prints; ``...`` stands for anything."""

    line: str
    expected: list[str]


def parts(text: str) -> Iterator[Block | Prose]:
    """Yield the blocks of a page and the prose between them, in order."""
    end = 0
    for match in _BLOCK.finditer(text):
        yield Prose(text.count("\n", 0, end) + 1, text[end : match.start()])
        yield Block(**match.groupdict())
        end = match.end()
    yield Prose(text.count("\n", 0, end) + 1, text[end:])


def blocks(path: Path) -> list[Block]:
    return [part for part in parts(path.read_text(encoding="utf-8")) if isinstance(part, Block)]


def commands(block: str) -> list[Command]:
    found: list[Command] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:], []))
        else:
            found[-1].expected.append(line)
    return [each for each in found if not _SET_UP.match(each.line)]


def run(command: Command, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command, compare what it prints, and return that."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["bash", "-c", command.line], cwd=folder, env={**os.environ, "PATH": path, **(environment or {})},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, f"{command.line}\n{ended.stdout}"
    lines = "".join(".*" if line == "..." else f"{re.escape(line)}\n" for line in command.expected)
    pattern = lines.replace(re.escape(" ..."), " .*")
    assert re.fullmatch(pattern, ended.stdout, re.DOTALL), f"{command.line}\n{ended.stdout}"
    return ended.stdout


def run_python(text: str, folder: Path) -> None:
    """Run a Python block in a process of its own."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    ended = subprocess.run(
        [sys.executable, "-c", text], cwd=folder, env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, f"{text}\n{ended.stdout}"
