"""What is said of two releases of an appliance, to the letter: a file under tests/cases/compare for each pair.

The earlier declaration stands above the first line of dashes, the later one above the second. Behind it stands what is
said to those who deployed the earlier one, and behind the third line what is said to those who go back: severity, code,
variable, rule, message and repair. ``UPDATE_CASES=1 pytest`` writes both anew, to be read before they are committed.
"""

import os
from pathlib import Path

import pytest

from ctxschema.core.source import SourceText
from ctxschema.declaration.load import read_declaration
from ctxschema.generate.compare import compare
from ctxschema.generate.release import release_data
from tests.conftest import ROOT
from tests.said import said

FOLDER = ROOT / "tests/cases/compare"
LINE = "-" * 40 + "\n"


def released(text: str) -> dict[str, object]:
    appliance, findings = read_declaration(SourceText(text, "a.yaml"))
    assert appliance is not None, findings
    return release_data(appliance)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_what_is_said_of_two_releases(path: Path) -> None:
    earlier, later, *expected = path.read_text(encoding="utf-8").split(LINE)
    first, second = released(earlier), released(later)
    found = ["".join(f"{said(each)}\n" for each in compare(*pair)) for pair in ((first, second), (second, first))]
    if os.environ.get("UPDATE_CASES"):
        path.write_text(LINE.join((earlier, later, *found)), encoding="utf-8")
    assert found == expected
