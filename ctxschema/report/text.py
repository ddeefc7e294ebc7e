"""Findings as text, with the line that they are about and a mark under the place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxschema.core.finding import Finding, Severity

_WIDEST = 160
_TAB = "    "


def finding_lines(finding: Finding) -> Iterator[str]:
    """Yield the lines of one finding: what and where, then the source line and the repair under the place.

    A line of a confidential source is never quoted.
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
    if finding.position is None:
        return
    place = finding.position.outermost
    if place.start is None or place.end is None or place.source.confidential:
        return
    number, column = place.source.line_and_column(place.start)
    line = place.source.line(number)
    length = max(1, min(place.end - place.start, len(line) - column + 1))
    first = max(0, column - 1 - _WIDEST // 2)
    shown = line[first : first + _WIDEST]
    lead = shown[: column - 1 - first].replace("\t", _TAB)
    mark = "^" + "~" * (min(length, _WIDEST // 2) - 1)
    yield _printable("    " + shown.replace("\t", _TAB))
    yield "    " + " " * len(lead) + mark + (f" {_printable(finding.repair)}" if finding.repair else "")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def summary(findings: Iterable[Finding]) -> str:
    """Return how many findings there are of each severity, or ``no findings``."""
    found = [finding.severity for finding in findings]
    counts = [(severity.value, found.count(severity)) for severity in Severity]
    words = {"info": "remark"}
    told = [f"{n} {words.get(name, name)}{'s' * (n != 1)}" for name, n in counts if n]
    return ", ".join(told) or "no findings"
