"""Findings as text, with the source line and a mark below the place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ctxschema.core.finding import Finding, Severity
from ctxschema.core.secret import MASK

_WIDEST = 160
_TAB = "    "
_BEHIND_PASSWORD = re.compile(r"(\|\s*password\s*\|[^|]*\|)([^\"'\n]+)", re.IGNORECASE)
_NOT_PIPE = re.compile(r"[^|\s]")


def _masked(match: re.Match[str]) -> str:
    """Return the default of a password as stars; their number is the same, so that the mark stays in place."""
    return match[1] + _NOT_PIPE.sub("*", match[2])


def described(finding: Finding) -> str:
    """Return a finding in one line: variable, message and repair."""
    text = finding.message if finding.repair is None else f"{finding.message}; {finding.repair}"
    return text if finding.variable is None or finding.variable in text else f"{finding.variable}: {text}"


def finding_lines(finding: Finding) -> Iterator[str]:
    """Yield the lines of a finding: place and message, then the source line with a mark and the repair.

    A line of a confidential source is not shown.
    """
    where = f"{finding.origin}: " if finding.position else ""
    subject = finding.variable
    message = finding.message
    named = subject is None or subject in message
    prefix = "" if named else f"{subject}: "
    yield _printable(f"{where}{finding.severity.value} {finding.code}: {prefix}{message}")
    excerpt = list(_excerpt(finding))
    yield from excerpt
    if finding.repair and not excerpt:
        yield _printable(f"    {finding.repair}")


def _excerpt(finding: Finding) -> Iterator[str]:
    if finding.position is None or finding.value == MASK:
        return
    place = finding.position.outermost
    if place.start is None or place.end is None or place.source.confidential:
        return
    number, column = place.source.line_and_column(place.start)
    first = max(0, column - 1 - _WIDEST // 2)
    shown = _BEHIND_PASSWORD.sub(_masked, place.source.line(number, first, _WIDEST))
    length = max(1, min(place.end - place.start, len(shown) - column + 1 + first))
    lead = shown[: column - 1 - first].replace("\t", _TAB)
    mark = "^" + "~" * (min(length, _WIDEST // 2) - 1)
    yield _printable("    " + shown.replace("\t", _TAB))
    yield "    " + " " * len(lead) + mark + (f" {_printable(finding.repair)}" if finding.repair else "")


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def summary(findings: Iterable[Finding]) -> str:
    """Return the number of findings of each severity in words, or ``no findings``."""
    return counted(Counter(finding.severity for finding in findings))


def counted(severities: Counter[Severity]) -> str:
    """Return counts of severities in words, or ``no findings``."""
    words = {"info": "remark"}
    parts = [
        f"{severities[each]} {words.get(each.value, each.value)}{'s' * (severities[each] != 1)}"
        for each in Severity
        if severities[each]
    ]
    return ", ".join(parts) or "no findings"
