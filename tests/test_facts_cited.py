"""Where the code names a page of docs/facts and sections of it, they are there."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

_CITED = re.compile(r"docs/facts/([\w-]+\.md)(?:,? sections?)?,?((?: ?(?:and |to )?\d+(?:\.\d+)?,?(?![\d-]))*)")
_SECTION = re.compile(r"^##+ (\d+(?:\.\d+)?)\.? ", re.MULTILINE)
FILES = sorted(
    path
    for folder in ("ctxschema", "tests", "tools")
    for path in (ROOT / folder).rglob("*.py")
    if path != Path(__file__)
)


def citations() -> list[tuple[str, str]]:
    """Return the page and the section of every citation; the section is empty where the page as a whole is meant."""
    found = set()
    for path in FILES:
        text = re.sub(r"\s+(?:#|//)?\s*", " ", path.read_text(encoding="utf-8"))
        for page, sections in _CITED.findall(text):
            found |= {(page, section) for section in re.findall(r"\d+(?:\.\d+)?", sections) or [""]}
    return sorted(found)


@pytest.mark.parametrize(("page", "section"), citations())
def test_what_is_cited_is_there(page: str, section: str) -> None:
    text = (ROOT / "docs/facts" / page).read_text(encoding="utf-8")
    assert not section or section in _SECTION.findall(text)
