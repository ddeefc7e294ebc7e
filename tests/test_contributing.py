"""Every change that CONTRIBUTING shows by an example is made in a copy of the repository, and does what it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.documents import Block, parts
from tests.replay import copy_of_the_repository, do

_TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^### (.*)\n((?:(?!^##).*\n)*)", _TEXT, re.MULTILINE))


def test_the_house_is_drawn_as_the_contract_has_it() -> None:
    drawing = next(part.text for part in parts(_TEXT) if isinstance(part, Block) and part.language == "text")
    names = re.findall(r"^[ ┌└│]*([a-z]+)(?:  ·  ([a-z]+))?(?= {2,})", drawing, re.MULTILINE)
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("layers = [")[2].partition("]")[0]
    layers = [re.findall(r"ctxschema\.(\w+)", line) for line in contract.splitlines() if line.strip()]
    assert [[name for name in each if name] for each in names] == layers


def test_there_is_one_for_each_kind_of_change() -> None:
    wanted = ("kind", "limit", "consumer", "lint code", "check", "step", "output", "appliance", "command", "engine")
    assert [name for name in wanted if not any(re.search(rf"\b{name}\b", each) for each in EXAMPLES)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_does_what_it_says(name: str, tmp_path: Path) -> None:
    blocks = [part for part in parts(EXAMPLES[name]) if isinstance(part, Block)]
    assert any(block.language == "console" for block in blocks)
    copy = copy_of_the_repository(tmp_path)
    for block in blocks:
        do(block, copy)
    changed = sorted({block.title for block in blocks if block.title is not None and block.title.endswith(".py")})
    for rule in (["check"], ["format", "--diff"]):
        ended = subprocess.run(
            [sys.executable, "-m", "ruff", *rule, *changed], cwd=copy, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
