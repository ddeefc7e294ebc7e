"""Files as people write them, good and bad, each with its expected findings beside it.

``NAME.expect`` has a line for each finding: severity, code, line and repair; ``skipped`` where the file is not ours.
"""

from pathlib import Path

import pytest

from ctxschema.core import codes
from ctxschema.lint.linter import Request, lint_file, lint_files
from ctxschema.lint.walk import walk
from tests.conftest import ROOT

CORPUS = ROOT / "tests/cases/corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file() and path.suffix != ".expect")
SKIPPED = ["skipped"]

Told = dict[str, list[str]]


@pytest.fixture(scope="module")
def found() -> Told:
    """Return the findings of each file when the whole folder is linted."""
    by_path: Told = {str(path): SKIPPED for path in FILES}
    for result in lint_files(walk([str(CORPUS)]), lambda _found: Request()):
        if result is not None:
            by_path[result.path] = [
                f"{finding.severity.value} {finding.code} {finding.position.as_dict()['line']} {finding.repair}"
                for finding in result.findings
                if finding.position is not None
            ]
    return by_path


def expected(path: Path) -> list[str]:
    return path.with_name(f"{path.name}.expect").read_text().splitlines()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_what_is_expected_is_found_and_nothing_else(path: Path, found: Told) -> None:
    assert found[str(path)] == expected(path)


def test_there_are_enough_of_every_shape() -> None:
    good = [path for path in FILES if not [line for line in expected(path) if not line.startswith("info ")]]
    assert len(FILES) >= 60
    assert len(good) >= 15
    shapes = {path.relative_to(CORPUS).parts[0] for path in FILES}
    assert shapes == {"appliances", "marketplace", "other", "scripts", "services", "templates"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_a_file_that_is_named_is_what_it_is_on_a_walk(path: Path, found: Told) -> None:
    """Somebody who names a file wants to know that nothing of OpenNebula's is in it; else it says the same."""
    (each,) = walk([str(path)])
    result = lint_file(each, Request())
    assert result is not None
    if found[str(path)] == SKIPPED:
        assert result.kind is None
        assert {finding.code for finding in result.findings} <= {
            codes.NOTHING_FOUND.id,
            codes.YAML_SYNTAX.id,
            codes.KEY_NO_TEXT.id,
        }
    elif path.parts[-3] != "appliances":
        assert len(result.findings) == len(found[str(path)])
