"""Findings in reviewdog's format, which includes repairs as suggestions.

Source: github.com/reviewdog/reviewdog, proto/rdf/reviewdog.proto. Columns count bytes of UTF-8, from 1.
"""

from __future__ import annotations

from typing import Any

from ctxschema.core.finding import Edit, Finding
from ctxschema.core.secret import MASK
from ctxschema.core.source import Position, SourceText
from ctxschema.report.text import described


def rdjson_log(diagnostics: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the report made of the results of `rdjson_diagnostic`."""
    return {"source": {"name": "ctxschema"}, "diagnostics": diagnostics}


def rdjson_diagnostic(finding: Finding) -> dict[str, Any]:
    """Return a finding with its safe edits as suggestions."""
    place = finding.position.outermost if finding.position else None
    diagnostic: dict[str, Any] = {
        "message": described(finding),
        "severity": finding.severity.value.upper(),
        "code": {"value": finding.code},
    }
    if place is not None:
        diagnostic["location"] = {"path": place.source.name} | _ranged(place)
    # An edit of several lines would repeat much of the file, and a masked value must not be shown in a suggestion.
    if finding.safe and finding.edits and finding.value != MASK and not any(map(_lines, finding.edits)):
        suggestions = [_ranged(edit.position.outermost) | {"text": edit.text} for edit in finding.edits]
        diagnostic["suggestions"] = suggestions
    return diagnostic


def _lines(edit: Edit) -> bool:
    place = edit.position.outermost
    return "\n" in place.source.text[place.start : place.end]


def _ranged(place: Position) -> dict[str, Any]:
    if place.start is None or place.end is None:
        return {}
    return {"range": {"start": _point(place.source, place.start), "end": _point(place.source, place.end)}}


def _point(source: SourceText, offset: int) -> dict[str, int]:
    line, column = source.line_and_column(offset)
    before = source.line(line)[: column - 1]
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
