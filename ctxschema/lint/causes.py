"""Joining the findings of a file that have one cause into one finding with a count and the first places."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from ctxschema.core import codes
from ctxschema.core.finding import PLACES_SHOWN, Finding

_CODES = {code.id: code for code in codes.TABLE}


def one_per_cause(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings of one file, with those that have the same cause joined at the place of the first.

    Args:
        findings: The findings in the order of their places, without ignored ones, so that the count is correct.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        alone = not _CODES[finding.code].grouped or finding.position is None
        key: tuple[object, ...] = (
            (number,) if alone else (finding.code, finding.severity, bool(finding.edits), finding.safe)
        )
        groups.setdefault(key, []).append(finding)
    return [group[0] if len(group) == 1 else _one(group) for group in groups.values()]


def _one(group: list[Finding]) -> Finding:
    first = group[0]
    names = list(dict.fromkeys(name for finding in group if (name := finding.variable or finding.value)))
    places = [finding.position for finding in group if finding.position is not None]
    message = f"{first.message}; {len(group) - 1} more like it"
    others = [place.as_dict() for place in places[1:PLACES_SHOWN]]
    lines = dict.fromkeys(str(place["line"]) for place in others if "line" in place)
    if lines:
        message += f", next in line {' and '.join(lines)}"
    if len(names) > 1:
        message += f" ({', '.join(names[:PLACES_SHOWN])}{', ...' * (len(names) > PLACES_SHOWN)})"
    repairs = {finding.repair for finding in group}
    repair = first.repair if len(repairs) == 1 else _CODES[first.code].repair
    edits = tuple(dict.fromkeys(edit for finding in group for edit in finding.edits))
    return evolve(first, message=message, repair=repair, also=tuple(places[1:]), edits=edits)
