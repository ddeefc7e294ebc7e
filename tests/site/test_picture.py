"""The picture of the README can be taken anew, and is light enough for a page."""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser

from tests.conftest import ROOT

HEAVIEST = 150_000
"""Bytes of a picture that a reader waits for."""
NAMES = re.findall(r"docs/assets/([\w-]+\.png)", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_what_is_committed_is_light() -> None:
    assert sorted(set(NAMES)) == ["preview-dark.png", "preview-light.png"]
    for name in NAMES:
        assert (ROOT / "docs" / "assets" / name).stat().st_size < HEAVIEST


def test_it_can_be_taken_anew(browser: Browser, tmp_path: Path) -> None:
    assert browser.is_connected()
    ended = subprocess.run([sys.executable, "tools/site/picture.py", tmp_path], cwd=ROOT, check=False)
    assert ended.returncode == 0
    for name in NAMES:
        taken = (tmp_path / name).read_bytes()
        width, height = (int.from_bytes(taken[at : at + 4], "big") for at in (16, 20))
        assert 300 < height < width
