"""The output formats of ``ctxschema lint``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import click
from attrs import define, field

from ctxschema.cli.output import print_findings, print_json
from ctxschema.core.finding import Finding, Severity
from ctxschema.lint.linter import Result
from ctxschema.lint.repairs import fixable
from ctxschema.lint.selection import CODES
from ctxschema.report.text import counted, described

_MOST_PRINTED = 1000
"""The greatest number of findings of a file that are printed as text."""


@define
class Totals:
    """The totals over all files."""

    checked: int = 0
    unread: int = 0
    skipped: int = 0
    repaired: int = 0
    hidden: int = 0
    ignored: int = 0
    known: int = 0
    gone: int = 0
    fixable: int = 0
    unsafe: int = 0
    severities: Counter[Severity] = field(factory=Counter)
    codes: Counter[str] = field(factory=Counter)
    fixable_codes: set[str] = field(factory=set)

    def add(self, result: Result, *, unsafe: bool) -> None:
        """Count one file.

        Args:
            result: The result of the file.
            unsafe: Whether unsafe repairs are allowed.
        """
        self.checked += 1
        self.unread += result.source is None
        self.repaired += result.written
        self.hidden += result.reported.hidden
        self.ignored += result.reported.ignored
        self.known += result.reported.known
        self.gone += result.reported.gone
        for finding in result.findings:
            self.severities[finding.severity] += 1
            self.codes[finding.code] += 1
            if result.source is not None and fixable(finding, result.source, unsafe=unsafe):
                self.fixable += 1
                self.fixable_codes.add(finding.code)
            elif result.source is not None and fixable(finding, result.source, unsafe=True):
                self.unsafe += 1

    @property
    def worst(self) -> Severity | None:
        """The worst severity of all findings."""
        return min((severity for severity in self.severities), key=lambda severity: severity.rank, default=None)

    def as_dict(self) -> dict[str, Any]:
        """Return the totals as plain data."""
        counts = {f"{severity.value}s": self.severities[severity] for severity in Severity}
        return {
            "files": self.checked,
            "skipped": self.skipped,
            **counts,
            "hidden": self.hidden,
            "ignored": self.ignored,
            "baseline": self.known,
            "baseline_gone": self.gone,
            "fixable": self.fixable,
            "unsafe_fixable": self.unsafe,
            "repaired": self.repaired,
            "worst": self.worst.value if self.worst else None,
        }


class Report(Protocol):
    """An output format. It gets the result of each file in turn, and the totals at the end."""

    def file(self, result: Result) -> None:
        """Process the findings of one file."""

    def end(self, totals: Totals) -> None:
        """Print what has not been printed yet."""


@define
class _Text:
    """Text for people; with ``quiet``, only the findings."""

    quiet: bool = False

    def file(self, result: Result) -> None:
        if not self.quiet:
            for finding in result.repairs if result.written else ():
                click.echo(f"{finding.origin}: repaired {finding.code}: {described(finding)}")
        shown: Sequence[Finding] = result.findings
        if len(shown) > _MOST_PRINTED:
            worst = sorted(range(len(shown)), key=lambda number: shown[number].severity.rank)
            shown = [shown[number] for number in sorted(worst[:_MOST_PRINTED])]
        self.findings(shown)
        if len(shown) < len(result.findings):
            left = len(result.findings) - len(shown)
            click.echo(f"{result.path}: {left:,} more, none of them worse; --format json has them all")

    def findings(self, findings: Sequence[Finding]) -> None:
        print_findings(findings, to_stderr=False)

    def end(self, totals: Totals) -> None:
        if not self.quiet:
            for line in _summary(totals):
                click.echo(line)


class _Concise(_Text):
    """Text with one line for each finding."""

    def findings(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            where = f"{finding.origin}: " if finding.position else ""
            click.echo(f"{where}{finding.severity.value} {finding.code}: {described(finding)}")


def _summary(totals: Totals) -> list[str]:
    parts = [_files(totals.checked - totals.unread) + " checked"]
    if totals.repaired:
        parts.append(f"{totals.repaired} repaired")
    lines = [f"{', '.join(parts)}: {counted(totals.severities)}"]
    if totals.fixable:
        more = f", {totals.unsafe} more with --unsafe-fixes" if totals.unsafe else ""
        lines.append(f"{totals.fixable} of them can be repaired with --fix{more}")
    elif totals.unsafe:
        lines.append(f"{totals.unsafe} of them can be repaired with --fix --unsafe-fixes")
    if totals.known or totals.gone:
        gone = f"; {totals.gone} of it are no more, --write-baseline leaves them out" if totals.gone else ""
        lines.append(f"{totals.known} more known from the baseline{gone}")
    if totals.hidden:
        lines.append(f"{totals.hidden} more of lower severity, which --min-severity {[*Severity][-1].value} shows")
    return lines


def _files(number: int) -> str:
    return f"{number} file{'s' * (number != 1)}"


class _Json:
    def __init__(self) -> None:
        self.files: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []
        self.repairs: list[dict[str, Any]] = []

    def file(self, result: Result) -> None:
        kind = result.kind.value if result.kind else None
        self.files.append({"path": result.path, "kind": kind, "repaired": result.written})
        for finding in result.findings:
            can = result.source is not None and fixable(finding, result.source, unsafe=True)
            fix = None if not can else "safe" if finding.safe else "unsafe"
            self.findings.append({**finding.as_dict(), "fixable": fix == "safe", "fix": fix})
        if result.written:
            self.repairs += (finding.as_dict() for finding in result.repairs)

    def end(self, totals: Totals) -> None:
        data = {"files": self.files, "findings": self.findings, "repairs": self.repairs}
        print_json({"summary": totals.as_dict(), **data})


class _Sarif:
    def __init__(self) -> None:
        self.results: list[dict[str, Any]] = []

    def file(self, result: Result) -> None:
        from ctxschema.report.sarif import sarif_results

        self.results += sarif_results(result.findings)

    def end(self, _totals: Totals) -> None:
        import ctxschema
        from ctxschema.report.sarif import sarif_log

        print_json(sarif_log(self.results, ctxschema.__version__))


class _Github:
    def file(self, result: Result) -> None:
        from ctxschema.report.github import github_line

        for finding in result.findings:
            click.echo(github_line(finding))

    def end(self, _totals: Totals) -> None:
        pass


class _Gitlab:
    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.issues: list[dict[str, Any]] = []

    def file(self, result: Result) -> None:
        from ctxschema.report.gitlab import gitlab_issue

        self.issues += (gitlab_issue(finding, self.seen) for finding in result.findings)

    def end(self, _totals: Totals) -> None:
        print_json(self.issues)


class _Rdjson:
    def __init__(self) -> None:
        self.diagnostics: list[dict[str, Any]] = []

    def file(self, result: Result) -> None:
        from ctxschema.report.rdjson import rdjson_diagnostic

        self.diagnostics += map(rdjson_diagnostic, result.findings)

    def end(self, _totals: Totals) -> None:
        from ctxschema.report.rdjson import rdjson_log

        print_json(rdjson_log(self.diagnostics))


class _Statistics:
    """How often each code was found, the most frequent first."""

    def file(self, result: Result) -> None:
        pass

    def end(self, totals: Totals) -> None:
        for code, count in _ordered(totals):
            mark = "[*]" if code in totals.fixable_codes else "[ ]"
            click.echo(f"{count:>6}  {code}  {mark}  {CODES[code].name}")


class _StatisticsJson(_Statistics):
    def end(self, totals: Totals) -> None:
        rows = [
            {"code": code, "name": CODES[code].name, "count": count, "fixable": code in totals.fixable_codes}
            for code, count in _ordered(totals)
        ]
        print_json({"summary": totals.as_dict(), "statistics": rows})


def _ordered(totals: Totals) -> list[tuple[str, int]]:
    return sorted(totals.codes.items(), key=lambda pair: (-pair[1], pair[0]))


def report_in(form: str, *, statistics: bool = False, quiet: bool = False) -> Report:
    """Return the writer of an output format."""
    if statistics:
        return _StatisticsJson() if form == "json" else _Statistics()
    if form in {"text", "concise"}:
        return _Concise(quiet) if form == "concise" else _Text(quiet)
    others: dict[str, type[Report]] = {"json": _Json, "sarif": _Sarif, "github": _Github, "gitlab": _Gitlab}
    return others.get(form, _Rdjson)()
