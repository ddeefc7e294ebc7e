"""What is said of two releases of an appliance, to the letter: a file under tests/cases/compare for each pair.

The earlier declaration stands above the first line of dashes, the later one above the second. Behind it stands what is
said to those who deployed the earlier one, and behind the third line what is said to those who go back: severity, code,
variable, rule, message and repair. ``UPDATE_CASES=1 pytest`` writes both anew, to be read before they are committed.
"""

import json
import os
from pathlib import Path

import pytest
from attrs import frozen

from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.declaration.load import read_declaration
from ctxschema.generate.compare import compare
from ctxschema.generate.release import release_data
from ctxschema.model.appliance import Appliance
from ctxschema.model.kinds import NUMBER
from ctxschema.model.limits import Limit, NoneOf
from ctxschema.model.variable import Variable
from tests.conftest import ROOT
from tests.said import said

FOLDER = ROOT / "tests/cases/compare"
LINE = "-" * 40 + "\n"


def released(text: str) -> dict[str, object]:
    appliance, findings = read_declaration(SourceText(text, "a.yaml"))
    assert appliance is not None, findings
    return release_data(appliance)


@frozen
class Multiple(Limit):
    of: int

    @property
    def words(self) -> str:
        return f"a multiple of {self.of}"

    def problem(self, value: int) -> str | None:
        return f"is not {self.words}" if value % self.of else None


def test_whether_a_limit_that_others_define_is_narrower_cannot_be_told() -> None:
    first, second = (
        release_data(Appliance("a", "A", "S", (Variable("A", NUMBER, label="a", default=12, limits=(Multiple(of),)),)))
        for of in (2, 4)
    )
    assert compare(first, first) == []
    (found,) = compare(first, second)
    told = "A took a multiple of 2, and takes a multiple of 4; whether that is narrower cannot be told"
    assert (found.code, found.variable, found.message) == (codes.NARROWED.id, "A", told)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_what_is_said_of_two_releases(path: Path) -> None:
    earlier, later, *expected = path.read_text(encoding="utf-8").split(LINE)
    first, second = released(earlier), released(later)
    found = ["".join(f"{said(each)}\n" for each in compare(*pair)) for pair in ((first, second), (second, first))]
    if os.environ.get("UPDATE_CASES"):
        path.write_text(LINE.join((earlier, later, *found)), encoding="utf-8")
    assert found == expected


def test_a_release_that_was_written_as_json_is_the_release() -> None:
    declared = Variable("A", NUMBER, label="a", default=12, limits=(NoneOf((7, 11), "taken"),))
    data = release_data(Appliance("a", "A", "S", (declared,)))
    assert json.loads(json.dumps(data)) == data
