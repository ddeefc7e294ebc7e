"""How files differ from a declaration, to the letter.

Each file, and each folder, in tests/cases/drift/given is compared with tests/cases/drift/shop.yaml, those in farm with
farm.yaml. What is said of it is in tests/cases/drift/NAME.txt: the files that were compared, and every finding with all
its places.
``UPDATE_CASES=1 pytest`` writes them anew, to be read before they are committed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxschema.declaration.load import load_declaration
from ctxschema.lint.drift import drift
from tests.conftest import ROOT
from tests.said import kept, place, said

FOLDER = ROOT / "tests/cases/drift"
DECLARED = {"given": "shop.yaml", "farm": "farm.yaml"}
GIVEN = {path.name: path for folder in DECLARED for path in (FOLDER / folder).iterdir()}


def told(path: Path) -> Iterator[str]:
    compared, findings = drift(load_declaration(FOLDER / DECLARED[path.parent.name]), [str(path)])
    for each in compared:
        yield f"== {Path(each).relative_to(path.parent)}"
    for finding in findings:
        yield said(finding)
        if finding.also:
            yield f"  also {' '.join(map(place, finding.also))}"


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_said(name: str) -> None:
    kept(FOLDER / f"{name}.txt", told(GIVEN[name]))


def test_nothing_is_said_of_what_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(GIVEN)
