"""What is made of files that are imported, to the letter.

The files, and the folders of files that are imported together, are those of tests/cases/import and what is dropped into
tests/cases/import_said/given. What comes of each is in tests/cases/import_said/NAME.txt: every finding, then the
declaration in YAML, or why there is none. ``UPDATE_CASES=1 pytest`` writes them anew, to be read before they are
committed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxschema.core.errors import FileError
from ctxschema.lint.importer import import_files
from tests.conftest import ROOT
from tests.said import kept, said

FOLDER = ROOT / "tests/cases/import_said"
GIVEN = {path.name: path for folder in (ROOT / "tests/cases/import", FOLDER / "given") for path in folder.iterdir()}

LATER_WORDS = ("1234567890123456789", "inf", "nan", "-inf", "1e3", "5")
"""Texts: too long a number, words that Python takes for numbers, another spelling, and one in quotes."""


def told(path: Path) -> Iterator[str]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    try:
        imported = import_files([str(file) for file in files])
    except FileError as error:
        yield f"refused: {error}"
        yield from map(said, error.findings)
        return
    yield from map(said, imported.findings)
    yield imported.text()


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_made_of_it(name: str) -> None:
    kept(FOLDER / f"{name}.txt", told(GIVEN[name]))


def test_nothing_is_said_of_what_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(GIVEN)


def test_what_has_no_quotes_in_yaml_keeps_its_type() -> None:
    entry = import_files([str(FOLDER / "given/entry.yaml")]).data["extra"]["entry"]
    words = ["shop", "things", 5, 5.0, "5.50", "0x1f", True, True, "nO", False, None, None, ""]
    assert list(map(repr, entry["tags"])) == [*map(repr, words), *map(repr, LATER_WORDS)]
