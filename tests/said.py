"""Findings as lines of a case file, to the letter."""

from collections.abc import Iterator

from ctxschema.core.finding import Finding
from ctxschema.core.source import Position


def place(position: Position | None) -> str:
    """Where something stands: line and column of its beginning and its end, or ``-`` without them."""
    told = position.as_dict() if position is not None else {}
    return "{line}:{column}-{end_line}:{end_column}".format_map(told) if "line" in told else "-"


def said(finding: Finding) -> str:
    """Severity, code, place, variable, rule, message, value and repair of a finding."""
    rule = f" [{finding.rule}]" if finding.rule else ""
    value = f" <{finding.value}>" if finding.value else ""
    repair = f" => {finding.repair}" if finding.repair else ""
    head = f"{finding.severity.value} {finding.code} {place(finding.position)} {finding.variable or '-'}{rule}"
    return f"{head}: {finding.message}{value}{repair}"


def edits(finding: Finding) -> Iterator[str]:
    """What a finding would write, and where."""
    for edit in finding.edits:
        yield f"  {'write' if finding.safe else 'unsafe: write'} {place(edit.position)} {edit.text!r}"
