"""Findings as SARIF and as GitHub annotations."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.lint.linter import lint_text
from ctxschema.report.github import github_line
from ctxschema.report.sarif import sarif_log, sarif_results
from tests.conftest import ROOT
from tests.lint.test_cases import CASES, LINTED, findings

SCHEMA = json.loads((ROOT / "tests/report/sarif-2.1.0.json").read_text())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)


def log(text: str, name: str) -> Any:
    return sarif_log(sarif_results(lint_text(SourceText(text, name=name))), "1.0")


def test_sarif_is_valid_for_every_code() -> None:
    results = [each for code in sorted(LINTED) for each in sarif_results(findings(CASES / "faulty" / code))]
    assert {each["ruleId"] for each in results} >= LINTED.keys()
    VALIDATOR.validate(sarif_log(results, "1.0"))


@pytest.mark.parametrize("code", sorted(LINTED))
def test_every_result_of_sarif_has_its_rule(code: str) -> None:
    written = sarif_log(sarif_results(findings(CASES / "faulty" / code)), "1.0")
    (run,) = written["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert code in {result["ruleId"] for result in run["results"]}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


@settings(max_examples=20)
@given(st.text(), st.sampled_from(["a.tmpl", "a b%.yaml", "/tmp/ü.json"]))
def test_sarif_is_valid_for_any_text(text: str, name: str) -> None:
    VALIDATOR.validate(log(text, name))


def test_the_schema_would_refuse_something() -> None:
    written = log('USER_INPUTS = [ A = "x" ]', "a.tmpl")
    written["runs"][0]["results"][0]["level"] = "catastrophe"
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(written)


def test_a_column_counts_as_sarif_says() -> None:
    """In UTF-16 code units, unless the run says otherwise."""
    (run,) = log('USER_INPUTS = [ A = "M|text|🙂|x|y" ]', "a.tmpl")["runs"]
    (result,) = [each for each in run["results"] if each["ruleId"] == codes.OPTIONS_IGNORED.id]
    assert run["columnKind"] == "unicodeCodePoints"
    assert result["locations"][0]["physicalLocation"]["region"]["startColumn"] == 31


def test_a_github_line_stays_one_line() -> None:
    source = SourceText("first\nsecond", name="folder/a,b:c%.tmpl")
    finding = codes.FLAG.at("100% wrong,\r\n::error::and more", variable="A", position=source.at(6, 9))
    line = github_line(finding)
    assert "\n" not in line
    assert line.startswith("::error file=folder/a%2Cb%3Ac%25.tmpl,line=2,")
    assert "100%25 wrong,%0D%0A::error" in line
