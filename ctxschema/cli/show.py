"""Printing declarations, values and plans as text."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ctxschema.catalog import machines_of
from ctxschema.cli.output import print_json, print_table
from ctxschema.core.codes.context import INEFFECTIVE, UNKNOWN_VARIABLE
from ctxschema.core.secret import Secret, shown
from ctxschema.document.markdown import count
from ctxschema.model.kinds import Shape
from ctxschema.report.shell import folded

if TYPE_CHECKING:
    from ctxschema.boot.plan import DryRun
    from ctxschema.context.validate import Result
    from ctxschema.model.appliance import Appliance
    from ctxschema.model.variable import Variable


def show_appliance(appliance: Appliance, form: str) -> None:
    """Print a whole declaration."""
    if form == "json":
        from ctxschema.serialise import appliance_data

        print_json(appliance_data(appliance, machines_of(appliance)))
        return
    click.echo(f"{appliance.title} ({appliance.name}): {appliance.summary}\n")
    for group in appliance.groups:
        variables = appliance.group(group)
        rows = [(v.name, v.kind.name, _default(v), v.label) for v in variables]
        print_table(["variable", "kind", "default", "what the user is asked"], rows, title=group)
    if appliance.rules:
        rules = [(rule.id, rule.severity.value, rule.message) for rule in appliance.rules]
        rules += [(code.name, code.severity.value, code.reason) for code in (INEFFECTIVE, UNKNOWN_VARIABLE)]
        print_table(["rule", "severity", "what is wrong when it is broken"], rules, title="rules")
    if appliance.boot_steps:
        steps = [
            (str(number), step.title, step.runner.value, "stops the boot" if step.stops_boot else "a warning")
            for number, step in appliance.numbered_steps
        ]
        print_table(["step", "what", "by", "a failure"], steps, title="boot")
    if appliance.infrastructure:
        entries = [(entry.name, entry.value, entry.why) for entry in appliance.infrastructure]
        print_table(["entry", "value", "why"], entries, title="set by the template's author")
    shown_rules = len(appliance.rule_ids) if appliance.rules else 0  # without rules of its own, none are listed above
    click.echo(f"{count(len(appliance.variables), 'variable')}, {count(shown_rules, 'rule')}")


def show_variable(appliance: Appliance, variable: Variable[Any], form: str) -> None:
    """Print the whole declaration of a variable."""
    mentioning = [rule for rule in appliance.rules if variable in rule.variables]
    if form == "json":
        from ctxschema.serialise import rule_data, variable_data

        rules = [rule_data(rule) for rule in mentioning]
        print_json({**variable_data(variable, machines_of(appliance)), "rules": rules})
        return
    from ctxschema.generate.attributes import definition
    from ctxschema.model.uses import uses

    effective = variable.effective.words if variable.effective else "always"
    facts = [
        *([("deprecated", variable.deprecated.words)] if variable.deprecated else []),
        ("asked as", variable.label),
        ("kind", variable.kind.name),
        ("default", _default(variable)),
        ("allowed", variable.limits_in_words),
        ("has an effect", effective if effective == "always" else f"when {effective}"),
        ("group", variable.group),
        ("read by", variable.scope),
        *(("becomes", each) for each in uses(variable, machines_of(appliance))),
        ("short name", variable.short_name),
        *([("read as well", ", ".join(variable.aliases))] if variable.aliases else []),
        ("definition", definition(variable)),
    ]

    facts += [("rule", f"{rule.id} ({rule.severity.value}): {rule.message}") for rule in mentioning]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 120
    click.echo(f"{variable.name}\n\n{click.wrap_text(variable.help, width)}\n")
    for name, fact in facts:
        if name == "definition":
            click.echo(f"  {name:<14} {fact}")  # not wrapped, as it is meant to be copied
        else:
            click.echo(click.wrap_text(fact, width, f"  {name:<14} ", " " * 17))


def _default(variable: Variable[Any]) -> str:
    if variable.default is None:
        return "(none)"
    return "(empty)" if variable.secret or not variable.default_text else variable.default_text


def show_values(result: Result) -> None:
    """Print the values of a machine; secrets are stars, and failed values are marked."""
    rows = []
    failed = {finding.variable for finding in result.findings}
    for variable in result.appliance.variables:
        value = result.values.get(variable)
        if value is None:
            rows.append((variable.name, "(failed)" if variable.name in failed else "(none)", ""))
        else:
            # All values of a file come from the same file, which the findings name, so the line is enough.
            line = re.search(r":(\d+):\d+$", origin := result.values.origin(variable))
            rows.append((variable.name, _value(variable, value), f"line {line[1]}" if line else origin))
    print_table(["variable", "value", "from"], rows)


def _value(variable: Variable[Any], value: Any) -> str:
    if isinstance(value, Secret):
        return str(value) if value else ""
    if variable.kind.shape is Shape.ENCODED:
        return f"({len(value)} characters)" if value else ""
    return shown(variable.text_of(value))


def boot_lines(planned: DryRun, *, command_only: bool) -> Iterator[str]:
    """Yield the lines about a dry run; the command is quoted for a shell."""
    if not command_only:
        decision = planned.decision
        gpu = "used" if decision.use_gpu else "not requested"
        yield f"gpu      {decision.warning or gpu}"
        yield f"onegate  {' '.join(f'{name}={value}' for name, value in planned.onegate.items())}"
        if planned.env_file_note:
            yield f"env file {planned.env_file_note}"
    image = planned.container.image if planned.container else None
    yield shlex.join(planned.argv) if command_only else folded(planned.argv, image)
