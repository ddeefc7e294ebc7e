"""Printing and exiting, for all commands."""

from __future__ import annotations

import difflib
import json
import os
import sys
from collections.abc import Iterable
from json.encoder import encode_basestring_ascii as _encoded
from typing import Any, NoReturn

import click

from ctxschema.core.finding import Finding, Severity, has_errors
from ctxschema.core.quoting import without_nan
from ctxschema.report.table import WIDTH, plain_table
from ctxschema.report.text import finding_lines, summary

_LINE = "\n"
_LIKE_A_TERMINAL = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
"""The environment variables that make rich write as for a terminal."""
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def print_json(data: Any) -> None:
    """Print plain data as JSON; control characters are escaped."""
    if isinstance(data, dict):
        start = "{"
        for key, value in data.items():
            sys.stdout.write(f"{start}\n  {_encoded(str(key))}: ")
            _print_value(value)
            start = ","
        sys.stdout.write("\n}\n" if data else "{}\n")
    else:
        sys.stdout.write(f"{_json(data, _LINE)}\n")


def _print_value(value: Any) -> None:
    """Print a value of the outermost object; a list is printed item by item, since it may be long."""
    if not isinstance(value, list):
        sys.stdout.write(_json(value, "\n  "))
        return
    start = "["
    for item in value:
        sys.stdout.write(f"{start}\n    {_json(item, _LINE + ' ' * 4)}")
        start = ","
    sys.stdout.write("[]" if start == "[" else "\n  ]")


def _json(data: Any, line: str) -> str:
    """Return plain data as JSON, where ``line`` begins each line. This is faster than the library's indentation."""
    if isinstance(data, str):
        return _encoded(data)
    if type(data) is int:
        return str(data)
    if data is None:
        return "null"
    if isinstance(data, dict):
        inner = f"{line}  "
        members = f",{inner}".join(f"{_encoded(str(key))}: {_json(value, inner)}" for key, value in data.items())
        return f"{{{inner}{members}{line}}}" if members else "{}"
    if isinstance(data, (list, tuple)):
        inner = f"{line}  "
        items = f",{inner}".join(_json(item, inner) for item in data)
        return f"[{inner}{items}{line}]" if items else "[]"
    return json.dumps(without_nan(data))


def print_findings(findings: Iterable[Finding], *, to_stderr: bool = True) -> None:
    """Print findings as text; colored on a terminal only."""
    lines: list[str] = []
    for finding in findings:
        first, *rest = finding_lines(finding)
        word = f" {finding.severity.value} "
        before, _, after = first.partition(word) if finding.position else ("", "", first.removeprefix(word[1:]))
        severity = click.style(word.strip(), fg=_COLOURS[finding.severity], bold=True)
        lines += [f"{before}{' ' if before else ''}{severity} {after}", *rest]
    if lines:  # printed together, because each print is flushed
        click.echo("\n".join(lines), err=to_stderr)


def print_summary(subject: str, findings: Iterable[Finding], *, to_stderr: bool = True) -> None:
    """Print the number of findings in one line."""
    click.echo(f"{subject}: {summary(findings)}", err=to_stderr)


def print_diff(path: str, old: str, new: str, what: str, *, to_stderr: bool = False) -> None:
    """Print a unified diff for ``patch`` and ``git apply``.

    Args:
        path: The file.
        old: Its present text.
        new: The new text.
        what: A word for the new text.
        to_stderr: Whether to print to standard error.
    """
    lines = (old.splitlines(keepends=True), new.splitlines(keepends=True))
    for line in difflib.unified_diff(*lines, path, path, tofiledate=what):
        whole = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        click.echo(whole, nl=False, err=to_stderr)


def end(findings: Iterable[Finding], *, missing: bool = False) -> NoReturn:
    """Exit with 2 if a named file is missing, with 1 if there is an error among the findings, else with 0."""
    sys.exit(2 if missing else 1 if has_errors(findings) else 0)


def print_table(columns: list[str], rows: Iterable[Iterable[str]], *, title: str | None = None) -> None:
    """Print a table. On a terminal it fits the width; elsewhere nothing is shortened. The first column never wraps."""
    cells = [list(row) for row in rows]
    if not (sys.stdout.isatty() or any(map(os.environ.get, _LIKE_A_TERMINAL))) and _writes_lines(sys.stdout.encoding):
        plain = plain_table(columns, cells, title)
        if plain is not None:
            sys.stdout.write(plain)
            return
    _rich_table(columns, cells, title)


def _writes_lines(encoding: str | None) -> bool:
    """Say whether an encoding has the characters for table lines; otherwise rich uses hyphens."""
    return (encoding or "").lower().startswith("utf")


def _rich_table(columns: list[str], rows: list[list[str]], title: str | None) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    context = click.get_current_context(silent=True)
    # Without colours nothing is bold either: who wants none can have no use for the codes of a terminal.
    wanted = None if context is None else context.color
    system: Any = "auto" if wanted is None else "standard" if wanted else None
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False, color_system=system)
    # The texts are printed literally; rich would interpret markup and emoji names in them.
    above = None if title is None else Text(title, "table.title")
    table = Table(box=box.SIMPLE_HEAD, title=above, title_justify="left", pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(Text(column), overflow="fold", no_wrap=number == 0)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)
