"""Every code has a file that has the fault and one that has not."""

from pathlib import Path

import pytest

from ctxschema.core.codes import TABLE, definition, document, lint, service, template
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Finding
from ctxschema.document.findings import said_outside_lint
from ctxschema.lint.linter import Request, lint_file
from ctxschema.lint.selection import Selection
from ctxschema.lint.walk import walk
from tests.conftest import ROOT

CASES = ROOT / "tests/cases/lint"
EVERYTHING = Request(Selection(select=frozenset({"ALL"})))
LINTED = {
    code.id: code
    for module in (definition, template, lint, service, document)
    for code in vars(module).values()
    if isinstance(code, Code)
}


def findings(folder: Path) -> list[Finding]:
    results = [lint_file(found, EVERYTHING) for found in walk([str(path) for path in sorted(folder.iterdir())])]
    return [finding for result in results if result is not None for finding in result.findings]


@pytest.mark.parametrize("kind", ["clean", "faulty"])
def test_every_code_has_both(kind: str) -> None:
    assert sorted(path.name for path in (CASES / kind).iterdir()) == sorted(LINTED)
    assert LINTED.keys() <= {code.id for code in TABLE}


def test_what_others_say_is_not_said_by_lint() -> None:
    outside = {code.id for code in TABLE if said_outside_lint(code)}
    said = {finding.code for folder in (CASES / "faulty").iterdir() for finding in findings(folder)}
    assert LINTED.keys() <= said
    assert outside & said == set()


@pytest.mark.parametrize("code", sorted(LINTED))
def test_the_fault_is_found_and_explained(code: str) -> None:
    found = [finding for finding in findings(CASES / "faulty" / code) if finding.code == code]
    assert found
    for finding in found:
        assert finding.position is not None
        place = finding.position.outermost
        assert place.start is None or 0 <= place.start <= (place.end or 0) <= len(place.source.text)
        assert finding.repair
        assert finding.message
        assert "\n" not in finding.message


@pytest.mark.parametrize("code", sorted(LINTED))
def test_nothing_is_found_where_the_fault_is_mended(code: str) -> None:
    assert findings(CASES / "clean" / code) == []


@pytest.mark.parametrize("code", sorted(LINTED))
def test_a_reason_is_one_sentence(code: str) -> None:
    reason = LINTED[code].reason
    assert reason.endswith(".")
    assert "\n" not in reason
