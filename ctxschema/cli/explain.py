"""``ctxschema explain``."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from ctxschema.cli.output import print_json, print_table
from ctxschema.consumers import command_line
from ctxschema.consumers.explain import explain, explanation_data
from ctxschema.consumers.javascript import plain
from ctxschema.consumers.sunstone_form import Form
from ctxschema.core.files import STDIN, read_text
from ctxschema.grammar.parser import parse_user_input


def explain_lines(answers: Sequence[str], form: str) -> None:
    """Explain the definitions that standard input holds, one a line; in JSON one object a line."""
    lines = read_text(STDIN).text.split("\n")
    if not lines[-1]:
        lines.pop()  # the line end of the last line
    for line in lines:
        if form == "json":
            click.echo(json.dumps(explanation_data(parse_user_input(line.removesuffix("\r")), answers)))
        else:
            explain_definition(line.removesuffix("\r"), answers, form)


def explain_definition(definition: str, answers: Sequence[str], form: str) -> None:
    """Explain one definition."""
    node = parse_user_input(definition)
    if form == "json":
        print_json(explanation_data(node, answers))
        return
    explained = explain(node)
    columns = ["consumer", "accepted", "what it makes of it", "untouched sends"]
    rows = [[each.consumer.name, each.accepts.value, each.sees, each.sends] for each in explained]
    if any(each.arrives for each in explained):
        columns.append("the machine gets")
        rows = [[*row, each.arrives] for row, each in zip(rows, explained, strict=True)]
    print_table(columns, rows, title=definition)
    if answers:
        sunstone = Form(node)
        told = [(answer, command_line.typed(node, answer), _told(sunstone, answer)) for answer in answers]
        print_table(["typed", "command line", "Sunstone 7, VM form"], told)


def _told(form: Form, answer: str) -> str:
    outcome = form.typed(answer)
    return f"sends {json.dumps(plain(outcome.submitted))}" if outcome.ok else f"refused: {outcome.error}"
