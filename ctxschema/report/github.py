"""Findings as GitHub annotations: commands in a workflow's output, which GitHub shows beside the line."""

from __future__ import annotations

from ctxschema.core.finding import Finding, Severity
from ctxschema.report.text import described

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_line(finding: Finding) -> str:
    """Return the workflow command that annotates the place of a finding."""
    position = finding.position.as_dict() if finding.position else {}
    fields = {
        "file": position.get("source"),
        "line": position.get("line"),
        "endLine": position.get("end_line"),
        "title": finding.code,
    }
    if position.get("line") == position.get("end_line"):  # GitHub accepts columns only within a line
        fields |= {"col": position.get("column"), "endColumn": position.get("end_column")}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in fields.items() if value is not None)
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(described(finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
