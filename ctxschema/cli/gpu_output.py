"""What ``ctxschema gpu`` prints."""

from __future__ import annotations

import click

from ctxschema.cli.output import print_json, print_table
from ctxschema.core.files import STDIN, read_text
from ctxschema.gpu.report import Report
from ctxschema.model.check import plain
from ctxschema.report.troubles import find_troubles, troubles

_COLOURS = {"FAIL": "red", "WARN": "yellow", "PASS": "green"}
_MOST_ROWS = 5


def print_report(report: Report, form: str, *, quiet: bool) -> None:
    """Print what the checks found; coloured on a terminal only."""
    if form == "json":
        print_json(report.as_dict())
        return
    for line in report.lines(quiet=quiet):
        word = line[:4]
        head = click.style(word, fg=_COLOURS[word], bold=True) if word in _COLOURS else word
        click.echo(head + line[4:])


def print_troubles(text: str, form: str) -> bool:
    """Print what is known of a symptom, or everything; return whether there is anything."""
    text = read_text(STDIN).text if text == STDIN else text
    rows = find_troubles(text)[:_MOST_ROWS] if text.strip() else troubles()
    if form == "json":
        print_json({"text": text or None, "rows": [row.as_dict() for row in rows]})
    elif not rows:
        click.echo("Nothing is known of it; ctxschema gpu troubleshoot alone lists every symptom.", err=True)
    elif not text.strip():
        print_table(
            ["where", "symptom", "likely cause", "fix"],
            [(row.layer.value, plain(row.symptom), plain(row.cause), plain(row.fix)) for row in rows],
        )
    else:
        for row in rows:
            click.echo(f"{plain(row.symptom)} ({row.layer.value}, check {row.check})")
            click.echo(f"    Likely cause: {plain(row.cause)}")
            click.echo(f"    FIX: {plain(row.fix)}")
    return bool(rows)
