"""Findings as lines of a case file, to the letter."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ctxschema.core.finding import Finding
from ctxschema.core.source import Position
from tests.conftest import ROOT


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


def kept(path: Path, lines: Iterable[str]) -> None:
    """Assert that lines are those of a case file, or write it where ``UPDATE_CASES`` is set."""
    text = "".join(f"{line}\n" for line in lines).replace(str(ROOT), "ROOT")
    text = text.encode("utf-8", "backslashreplace").decode()
    if os.environ.get("UPDATE_CASES"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
