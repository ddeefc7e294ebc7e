"""Printing for ``ctxschema gpu``."""

from __future__ import annotations

from itertools import groupby

import click

from ctxschema.cli.output import print_json, print_table
from ctxschema.core import codes
from ctxschema.core.files import STDIN, read_text
from ctxschema.gpu.report import Report
from ctxschema.model.check import plain
from ctxschema.report.troubles import ASK, Row, find_troubles, near, programs_in, troubles

_COLOURS = {"FAIL": "red", "WARN": "yellow", "PASS": "green"}


def print_report(report: Report, form: str, *, quiet: bool) -> None:
    """Print the report of the checks; colored on a terminal only."""
    if form == "json":
        print_json(report.as_dict())
        return
    for line in report.lines(quiet=quiet):
        word = line[:4]
        head = click.style(word, fg=_COLOURS[word], bold=True) if word in _COLOURS else word
        click.echo(head + line[4:])


def print_troubles(text: str, form: str) -> bool:
    """Print the entries for a text, or the whole table; return whether there are any."""
    text = read_text(STDIN).text if text == STDIN else text
    asked = bool(text.strip())
    rows = find_troubles(text) if asked else list(troubles())
    if form == "json":
        _print_json(text if asked else None, rows)
    elif not rows:
        _print_nothing(text)
    elif asked:
        for _, causes in groupby(rows, key=lambda row: row.trouble.id):
            _print_entry(list(causes))
    else:
        print_table(
            ["where", "symptom", "likely cause", "fix"],
            [
                (row.trouble.layer.value, plain(row.trouble.symptom), plain(row.cause.cause), plain(row.fix))
                for row in rows
            ],
        )
    return bool(rows)


def _print_json(text: str | None, rows: list[Row]) -> None:
    programs = [] if rows or text is None else programs_in(text)
    print_json(
        {
            "text": text,
            "rows": [row.as_dict() for row in rows],
            "programs": [program.name for program in programs],
            "near": [
                {"id": trouble.id, "program": trouble.program.name, "symptom": plain(trouble.symptom)}
                for trouble in near(programs)
            ],
            "ask": None if rows else f"{ASK}.",
        }
    )


def _print_entry(rows: list[Row]) -> None:
    trouble = rows[0].trouble
    click.echo(f"{plain(trouble.symptom)} ({trouble.layer.value}, printed by {trouble.program.name})")
    for row in rows:
        check = f" (check {row.check})" if row.check else ""
        click.echo(f"    Likely cause: {plain(row.cause.cause)}{check}")
        click.echo(f"    FIX: {plain(row.fix)}")
        if row.more:
            click.echo(f"         {plain(row.more)}")
        if row.tell:
            click.echo(f"    It is this one if: {plain(row.tell)}")
    click.echo(f"    Source: {trouble.source}")


def _print_nothing(text: str) -> None:
    named = [code for code in codes.TABLE if code.id in text]
    for code in named:
        click.echo(f"{code.id} is a finding of ctxschema. {code.reason}", err=True)
        click.echo(f"    FIX: {code.repair}", err=True)
    if not named:
        click.echo("No entry fits it.", err=True)
    programs = programs_in(text)
    for program in programs:
        click.echo(f"What is known of {program.name}:", err=True)
        for trouble in near([program]):
            click.echo(f"    {plain(trouble.symptom)}", err=True)
    click.echo(f"{ASK}; ctxschema gpu troubleshoot alone lists every entry.", err=True)
