"""What is said of a file and what ``--fix`` makes of it, to the letter.

The files are those that show each code, and what is dropped into tests/cases/lint_said: into ``given``, which has no
scripts, since templates are judged with the scripts beside and below them, into ``scripts``, or as a folder into
``together``. What is said of each is in tests/cases/lint_said/NAME.txt: every finding with its code, severity, place,
message, value, repair and edits, those that are joined also by themselves, then the lines that ``--fix`` changes, and
those that ``--fix --unsafe`` does. ``UPDATE_CASES=1 pytest`` writes them anew, to be read before they are
committed.
"""

import difflib
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from ctxschema.lint.linter import Request, Result, lint_files
from ctxschema.lint.selection import Selection
from ctxschema.lint.walk import walk
from tests.conftest import ROOT
from tests.said import edits, kept, said

FOLDER = ROOT / "tests/cases/lint_said"
CODES = ROOT / "tests/cases/lint/faulty"
FOLDERS = (CODES, *(FOLDER / name for name in ("given", "scripts", "together")))
GIVEN = {path.name: path for folder in FOLDERS for path in folder.iterdir()}
EVERYTHING = Request(Selection(select=frozenset({"ALL"})))
MOST_LINES = 40
"""How many lines of one kind are recorded of a file; one that has more is about their number."""


def fixed(result: Result) -> Iterator[str]:
    """The lines that a repair changes."""
    if result.repaired is not None and result.repaired.source is not None and result.source is not None:
        before = result.source.text.splitlines(keepends=True)
        after = result.repaired.source.text.splitlines(keepends=True)
        for line in list(difflib.unified_diff(before, after, n=0))[2:]:
            yield ascii(line)[1:-1]
        made = dict.fromkeys(finding.code for finding in result.repaired.repairs)
        left = [finding.code for finding in result.repaired.findings]
        yield f"mended: {' '.join(made)}; left: {' '.join(left) or 'nothing'}"


def told(path: Path) -> Iterator[str]:
    folder = path if path.is_dir() else path.parent

    def results(request: Request) -> list[Result]:
        files = walk([str(each) for each in sorted(path.iterdir())] if path.is_dir() else [str(path)])
        return [each for each in lint_files(files, lambda _found: request) if each is not None]

    for result in results(EVERYTHING):
        ignored = f", {result.reported.ignored} ignored" if result.reported.ignored else ""
        kind = result.kind.value if result.kind else "not ours"
        yield f"== {Path(result.path).relative_to(folder)}: {kind}{ignored}"
        lines = [line for finding in result.findings for line in (said(finding), *edits(finding))]
        yield from lines[:MOST_LINES]
        joined = {(finding.code, finding.severity) for finding in result.findings if finding.also}
        apart = [said(each) for each in result.reported.apart if (each.code, each.severity) in joined]
        yield from (f"of these: {line}" for line in apart[:MOST_LINES])
    for unsafe in (False, True):
        for result in results(evolve(EVERYTHING, repair=True, unsafe=unsafe)):
            lines = list(fixed(result))[:MOST_LINES]
            if lines:
                yield f"== {Path(result.path).relative_to(folder)} with --fix{' --unsafe' if unsafe else ''}"
                yield from lines


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_said(name: str) -> None:
    kept(FOLDER / f"{name}.txt", told(GIVEN[name]))


def test_nothing_is_said_of_what_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(GIVEN)
