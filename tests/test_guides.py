"""Every command and every Python block of the guides does what its page says, from the top of the page down."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.documents import blocks, commands, run, run_python

GUIDES = sorted(path for path in (ROOT / "docs" / "guides").glob("*.md") if path.name != "index.md")
SHOWN_ONLY = {"text", "yaml", "json", "diff"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_a_guide_does_what_it_says(guide: Path, tmp_path: Path) -> None:
    for name in ("examples", "tests", "schemas"):
        if (ROOT / name).exists():
            (tmp_path / name).symlink_to(ROOT / name)
    for block in blocks(guide):
        if block.title is not None:
            (tmp_path / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command in commands(block.text):
                run(command, tmp_path)
        elif block.language == "python":
            run_python(block.text, tmp_path)
        else:
            assert block.language in SHOWN_ONLY, block


def test_every_guide_is_listed() -> None:
    index = (ROOT / "docs" / "guides" / "index.md").read_text(encoding="utf-8")
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for guide in GUIDES:
        assert f"({guide.name})" in index
        assert f"guides/{guide.name}" in navigation


def test_python_in_a_guide_is_formatted_like_the_rest() -> None:
    for guide in GUIDES:
        for block in blocks(guide):
            if block.language == "python":
                assert not re.search(r"[ \t]$", block.text, re.MULTILINE)
                compile(block.text, str(guide), "exec")
