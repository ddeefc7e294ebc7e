"""Pages that say how to change this repository, as something to do in a copy of it."""

import re
import shutil
from pathlib import Path

from tests.conftest import ROOT
from tests.documents import Block, commands, run

_LEFT_OUT = (".*", "*.pyc.*", "node_modules", "site", "dist", "build", "fuzz-failures")


def copy_of_the_repository(folder: Path) -> Path:
    """Copy what the repository holds, but for what was made, and return the copy."""
    made = folder / "copy"
    shutil.copytree(ROOT, made, symlinks=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    return made


def edit(path: Path, text: str) -> None:
    """Change a file by the hunks of a diff, which need no line numbers: each has to be found exactly once."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for hunk in re.split(r"^@@.*\n", text, flags=re.MULTILINE):
        marked = [line or " " for line in hunk.splitlines()]
        old = [line[1:] for line in marked if line[0] != "+"]
        new = [line[1:] for line in marked if line[0] != "-"]
        found = [at for at in range(len(lines)) if lines[at : at + len(old)] == old]
        assert len(found) == (1 if marked else 0), f"{path} has this {len(found)} times:\n" + "\n".join(old)
        for at in found:
            lines[at : at + len(old)] = new
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def do(block: Block, copy: Path) -> None:
    """Do in a copy of the repository what a block says: write a file, edit one, or run commands."""
    if block.title is not None and block.language == "diff":
        edit(copy / block.title, block.text)
    elif block.title is not None:
        (copy / block.title).parent.mkdir(parents=True, exist_ok=True)
        (copy / block.title).write_text(block.text, encoding="utf-8")
    elif block.language == "console":
        for command in commands(block.text):
            run(command, copy, {"PYTHONPATH": str(copy)})
    else:
        assert block.language == "text", block
