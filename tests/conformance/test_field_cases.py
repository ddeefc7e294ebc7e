"""Problems from public reports; each case says what the correct finding is."""

import re
from typing import Any

import pytest

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText
from ctxschema.lint.linter import lint_text
from tests.conftest import recorded

CASES: dict[str, Any] = {
    case["id"]: case for case in recorded("field-cases.json")["cases"] if case["command"] == "lint"
}
BY_DEFAULT = {code.id for code in codes.TABLE if code.default}

RIGHT = {
    "field-00": [("error", 4, "comma", "remove")],
    "field-01": [],
    "field-03": [("error", 3, "backslash .* escapes the closing quote", "")],
    "field-04": [("error", 3, "dollar", "")],
    "field-06": [("error", 4, "double quote inside", r'\\" for the quotes inside')],
    "field-07": [],
    "field-09": [],
    "field-10": [("warning", 12, "no CPU and no MEMORY", "CPU and MEMORY")],
    "field-11": [("warning", 2, r"Sunstone .*\$oauthtoken .* reference", "in the guest.*base64")],
    "field-13": [("warning", 22, r"\$ONEAPP_A as it stands in ONEAPP_B", "CONTEXT")],
    "field-14": [],
    "field-16": [],
    "field-17": [("error", 4, "command line refuses", "text")],
    "field-18": [("error", 3, "USER belongs to the shell", "another name")],
    "field-19": [("warning", 4, "", r"write e1:00\.0$")],
    "field-21": [("warning", 1, r"\$OS_IMAGE as it stands in DISK", "^(?!.*CONTEXT)")],
    "field-23": [],
}
"""What each case says in words: how bad, on which line, and what message and repair say of it."""


def matters(finding: Finding) -> bool:
    return finding.code in BY_DEFAULT and finding.severity.value != "info"


@pytest.mark.parametrize("name", CASES)
def test_the_linter_says_what_is_right(name: str) -> None:
    case = CASES[name]
    found = [finding for finding in lint_text(SourceText(case["input"], case["file_name"])) if matters(finding)]
    assert len(found) == len(RIGHT[name]), found
    for finding, (severity, line, message, repair) in zip(found, RIGHT[name], strict=True):
        assert finding.position is not None
        assert (finding.severity.value, finding.position.as_dict()["line"]) == (severity, line)
        assert re.search(message, finding.message)
        assert re.search(repair, finding.repair or "")


def test_every_case_is_judged() -> None:
    assert set(CASES) == set(RIGHT)
