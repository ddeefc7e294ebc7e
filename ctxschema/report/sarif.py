"""Findings as SARIF 2.1.0, for GitHub's code scanning and for editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Finding, Severity
from ctxschema.report.text import described

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_INDEX = {code.id: index for index, code in enumerate(codes.TABLE)}


def sarif_log(results: Iterable[Any], version: str) -> dict[str, Any]:
    """Return a SARIF log with one run.

    Args:
        results: The results of `sarif_results`.
        version: The version of ctxschema.
    """
    driver = {
        "name": "ctxschema",
        "semanticVersion": version,
        "rules": [_rule(code) for code in codes.TABLE],
    }
    return {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": list(results)}],
    }


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.id,
        "name": "".join(word.capitalize() for word in code.name.split("-")),
        "shortDescription": {"text": code.name.replace("-", " ")},
        "fullDescription": {"text": code.reason},
        "help": {"text": f"{code.reason} Repair: {code.repair}."},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
    }


def sarif_results(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """Yield a SARIF result for each finding."""
    for finding in findings:
        yield {
            "ruleId": finding.code,
            "ruleIndex": _INDEX[finding.code],
            "level": _LEVELS[finding.severity],
            "message": {"text": described(finding)},
            "locations": [_location(finding)] if finding.position else [],
        }


def _location(finding: Finding) -> dict[str, Any]:
    position = finding.position.as_dict() if finding.position else {}
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(position["source"], errors="surrogateescape")}}
    if "line" in position:
        location["region"] = {
            "startLine": position["line"],
            "startColumn": position["column"],
            "endLine": position["end_line"],
            "endColumn": position["end_column"],
        }
    return {"physicalLocation": location}
