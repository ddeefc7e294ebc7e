"""``ctxschema lint`` and ``ctxschema codes``."""

from __future__ import annotations

import contextlib
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import click
from attrs import define, evolve, field

from ctxschema.cli.output import print_diff, print_findings, print_json, print_table
from ctxschema.consumers.table import BY_ID, CONSUMERS
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import FileError
from ctxschema.core.finding import Finding, Severity
from ctxschema.lint.linter import Choice, Result, lint_file, with_neighbours, write_repairs
from ctxschema.lint.repairs import fixable
from ctxschema.lint.walk import Found, walk
from ctxschema.report.text import counted

_QUIET_SECONDS = 2.0
_MOST_TOLD = 1000


class Report(Protocol):
    """One form of output: it is given each file when that is done, and the totals at the end."""

    def file(self, result: Result) -> None:
        """Take the findings of one file."""

    def end(self, totals: Totals) -> None:
        """Print what is left to print."""


@define
class Totals:
    """What there was altogether."""

    checked: int = 0
    skipped: int = 0
    fixable: int = 0
    repaired: int = 0
    severities: Counter[Severity] = field(factory=Counter)

    def add(self, result: Result) -> None:
        """Count one file."""
        self.checked += 1
        self.severities.update(finding.severity for finding in result.findings)
        self.repaired += result.written
        if result.source is not None:
            self.fixable += sum(fixable(finding, result.source) for finding in result.findings)

    @property
    def worst(self) -> Severity | None:
        """The worst severity that was found."""
        return min((severity for severity in self.severities), key=lambda severity: severity.rank, default=None)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        counts = {f"{severity.value}s": self.severities[severity] for severity in Severity}
        return {
            "files": self.checked,
            "skipped": self.skipped,
            **counts,
            "fixable": self.fixable,
            "repaired": self.repaired,
            "worst": self.worst.value if self.worst else None,
        }


class _Text:
    def file(self, result: Result) -> None:
        told: Sequence[Finding] = result.findings
        if len(told) > _MOST_TOLD:
            worst = sorted(range(len(told)), key=lambda number: told[number].severity.rank)
            told = [told[number] for number in sorted(worst[:_MOST_TOLD])]
        print_findings(told, to_stderr=False)
        if len(told) < len(result.findings):
            left = len(result.findings) - len(told)
            click.echo(f"{result.path}: {left:,} more, none of them worse; --format json has them all")

    def end(self, totals: Totals) -> None:
        told = [f"{totals.checked} file{'s' * (totals.checked != 1)} checked"]
        if totals.skipped:
            told.append(f"{totals.skipped} skipped")
        if totals.repaired:
            told.append(f"{totals.repaired} repaired")
        click.echo(f"{', '.join(told)}: {counted(totals.severities)}")
        if totals.fixable:
            click.echo(f"{totals.fixable} of them can be repaired with --fix")


class _Json:
    def __init__(self) -> None:
        self.files: list[dict[str, Any]] = []
        self.findings: list[dict[str, Any]] = []

    def file(self, result: Result) -> None:
        kind = result.kind.value if result.kind else None
        self.files.append({"path": result.path, "kind": kind, "repaired": result.written})
        for finding in result.findings:
            can = result.source is not None and fixable(finding, result.source)
            self.findings.append({**finding.as_dict(), "fixable": can})

    def end(self, totals: Totals) -> None:
        print_json({"summary": totals.as_dict(), "files": self.files, "findings": self.findings})


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


REPORTS: dict[str, type[Report]] = {"text": _Text, "json": _Json, "sarif": _Sarif, "github": _Github}
"""The forms of output of ``ctxschema lint``."""


def lint_paths(paths: Sequence[str], choice: Choice, form: str, *, fix: bool, diff: bool) -> Severity | None:
    """Lint files and folders, print what was found and return the worst severity.

    Args:
        paths: The files and folders.
        choice: Which findings are wanted.
        form: One of `REPORTS`.
        fix: Whether to write the safe repairs.
        diff: Whether to print them.
    """
    report, totals = REPORTS[form](), Totals()
    results: list[Result] = []
    for found in _progress(list(walk(paths))):
        result = lint_file(found, choice, repair=fix or diff)
        if result is None:
            totals.skipped += 1
        else:
            results.append(result)
    for result in with_neighbours(results, choice):
        if diff:
            _print_diff(result, to_stderr=form != "text")
        done = _written(result) if fix else result
        totals.add(done)
        report.file(done)
    report.end(totals)
    return totals.worst


def _written(result: Result) -> Result:
    """Write the repairs of a file; return what is left to find in it."""
    try:
        return write_repairs(result)
    except FileError as error:
        return evolve(result, findings=(*result.findings, *error.findings), repaired=None)


def _print_diff(result: Result, *, to_stderr: bool) -> None:
    after = result.repaired.source if result.repaired else None
    if result.source is None or after is None:
        return
    print_diff(result.path, result.source.text, after.text, "repaired", to_stderr=to_stderr)


def _progress(files: Sequence[Found]) -> Iterator[Found]:
    """Yield the files; after some seconds, and on a terminal, with a progress bar."""
    if not sys.stderr.isatty():
        yield from files
        return
    from rich.console import Console
    from rich.progress import Progress

    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        bar: Progress | None = None
        task: Any = None
        for number, found in enumerate(files):
            if bar is None and time.monotonic() - begun > _QUIET_SECONDS:
                bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
                task = bar.add_task("linting", total=len(files))
            if bar is not None:
                bar.update(task, completed=number)
            yield found


# ---- codes ----


def print_codes(found: Sequence[Code], form: str) -> None:
    """Print the codes, or one of them with everything that is known of it."""
    if form == "json":
        print_json([code_data(code) for code in found])
    elif len(found) == 1:
        _print_code(found[0])
    else:
        rows = [(code.id, code.name, code.severity.value, *_per_consumer(code)) for code in found]
        print_table(["code", "name", "severity", *(consumer.id for consumer in CONSUMERS)], rows)


def code_data(code: Code) -> dict[str, Any]:
    """Return a code as plain data."""
    harmed = code.consumers or dict.fromkeys(BY_ID, code.severity)
    return {
        "code": code.id,
        "name": code.name,
        "severity": code.severity.value,
        "reason": code.reason,
        "repair": code.repair,
        "consumers": {name: harmed[name].value for name in BY_ID if name in harmed},
    }


def _per_consumer(code: Code) -> Iterable[str]:
    told = code_data(code)["consumers"]
    return [told.get(consumer.id, "") for consumer in CONSUMERS]


def _print_code(code: Code) -> None:
    click.echo(f"{code.id} {code.name}: {code.severity.value}")
    click.echo(f"    {code.reason}")
    click.echo(f"    Repair: {code.repair}.")
    if code.consumers:
        told = ", ".join(f"{BY_ID[name].name} ({severity.value})" for name, severity in code.consumers.items())
        click.echo(f"    Hurts: {told}.")
