"""The work of ``ctxschema explain``."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

import click

from ctxschema.cli.output import print_findings, print_json, print_table
from ctxschema.consumers import command_line
from ctxschema.consumers.asked import Asked, asking_order
from ctxschema.consumers.explain import Beside, explain, explanation_data
from ctxschema.consumers.javascript import plain
from ctxschema.consumers.stations import STATIONS, Instantiation, Travelled, instantiate, instantiation_data
from ctxschema.consumers.sunstone_form import Form
from ctxschema.core.files import STDIN, read_text
from ctxschema.core.secret import quoted
from ctxschema.grammar.parser import parse_user_input
from ctxschema.lint.document import Kind, Section
from ctxschema.lint.readers import read_named


def explain_lines(answers: Sequence[str], form: str, beside: Beside) -> None:
    """Explain the definitions on standard input, one a line; in JSON, print one object a line."""
    lines = read_text(STDIN).text.split("\n")
    if not lines[-1]:
        lines.pop()  # the text after the last line end
    for line in lines:
        if form == "json":
            click.echo(json.dumps(explanation_data(parse_user_input(line.removesuffix("\r")), answers, beside)))
        else:
            explain_definition(line.removesuffix("\r"), answers, form, beside)


def explain_definition(definition: str, answers: Sequence[str], form: str, beside: Beside) -> None:
    """Explain one definition."""
    node = parse_user_input(definition)
    if form == "json":
        print_json(explanation_data(node, answers, beside))
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
        typed_rows = [(answer, command_line.typed(node, answer), _outcome(sunstone, answer)) for answer in answers]
        print_table(["typed", "command line", "Sunstone 7, VM form"], typed_rows)
    for answer in answers:
        made = beside.travelled(node, answer)
        _print_way(made.travelled[0], made)
    if "|" in definition:
        print_findings(node.findings, to_stderr=False)
    elif definition:
        click.echo(_no_definition(definition), err=True)


def _no_definition(text: str) -> str:
    """Return a note about a text that is probably the name of a file or of a variable."""
    if os.path.exists(text):
        return f"{quoted(text)} is a file, and was taken for a definition; ctxschema lint FILE checks a file"
    return (
        f"{quoted(text)} has no | in it, and was taken for a definition; ctxschema lint FILE checks a file, and "
        "ctxschema show APPLIANCE NAME shows a variable"
    )


def explain_template(path: str, answers: Sequence[str], form: str) -> None:
    """Show the way of the answers to a template from the command line into the machine.

    Args:
        path: The template; - for standard input.
        answers: Answers as ``NAME=ANSWER``; for every other input, Enter is pressed.
        form: ``text`` or ``json``.
    """
    document = read_named(read_text(path))
    sections = [part for part in document.parts if isinstance(part, Section) and part.inputs]
    if len(sections) != 1 or document.kind is Kind.SERVICE:
        raise click.UsageError(f"{path} is no VM template with USER_INPUTS")
    (section,) = sections
    inputs = {each.key: each for each in section.inputs}
    typed = {}
    for answer in answers:
        name, equal, text = answer.partition("=")
        if not equal or name not in inputs:
            raise click.UsageError(f"--typed {name} is not NAME=ANSWER with one of {', '.join(inputs)}")
        typed[name] = text
    order = asking_order(list(inputs), section.order.text if section.order else None)
    asked = [Asked(name, inputs[name].definition, typed.get(name, "")) for name in order]
    made = instantiate(asked, {entry.key: entry.value.text for entry in section.context or ()})
    if form == "json":
        print_json(instantiation_data(made))
        return
    for each in made.travelled:
        if each.asked.name in typed or each.breaks_at or each.findings:
            _print_way(each, made)
    click.echo("the machine is instantiated" if made.ok else "no machine is instantiated")


def _print_way(each: Travelled, made: Instantiation) -> None:
    """Print the way of one answer: its stations, further entries that it made, and where it is lost or changed."""
    rows = [(station, _shown(getattr(each, station))) for station in STATIONS]
    rows += [(f"also {name}", _shown(value)) for name, value in made.extra.items()]
    typed = f"types {_shown(each.asked.typed)}" if each.asked.typed else "presses Enter"
    click.echo(f"{each.asked.name}: somebody {typed} on the command line")
    print_table(["station", "value"], rows)
    print_findings([finding for _, finding in each.findings], to_stderr=False)


def _shown(text: str | None) -> str:
    return "nothing" if text is None else json.dumps(text, ensure_ascii=False)


def _outcome(form: Form, answer: str) -> str:
    outcome = form.typed(answer)
    return f"sends {json.dumps(plain(outcome.submitted))}" if outcome.ok else f"refused: {outcome.error}"
