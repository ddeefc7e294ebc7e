"""The commands on the first page of the site are commands that work."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ended

COMMANDS = re.findall(r"^```bash\n(.*?)^```$", (ROOT / "docs/index.md").read_text(), re.MULTILINE | re.DOTALL)


def test_there_is_one_for_each_task() -> None:
    tasks = (ROOT / "docs/index.md").read_text().partition('<div class="tasks"')[2].partition('<div class="picture"')[0]
    assert len(COMMANDS) == tasks.count("\n### ") == 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_works(
    command: str, ctx: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-template.tmpl").write_text('NAME = "mine"\n')
    (tmp_path / "context.sh").write_text("ETH0_IP='192.168.100.20'\n")
    program, *words = shlex.split(command.replace("\\\n", ""))
    assert program == "ctxschema"
    ended = ctx(*words, *(["--dry-run"] if words[0] == "boot" else []))
    assert ended.code == 0, ended.out + ended.err
