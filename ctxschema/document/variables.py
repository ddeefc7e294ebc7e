"""The section about one variable, with everything that a reader may want to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve

from ctxschema.consumers.explain import explain
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.core.finding import Finding
from ctxschema.core.never import assert_never
from ctxschema.core.sentences import sentence
from ctxschema.document.gpu_headings import concerns_gpu
from ctxschema.document.markdown import anchor, code, escape, fence, link, table
from ctxschema.document.places import Places
from ctxschema.generate.attributes import definition
from ctxschema.grammar.parser import parse_user_input
from ctxschema.model.appliance import Appliance
from ctxschema.model.closed import Foreign, closed_condition
from ctxschema.model.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareRelease,
    Condition,
    Is,
    IsOneOf,
    IsSet,
    Not,
    Repeats,
)
from ctxschema.model.gpu_request import GpuUsed
from ctxschema.model.uses import uses
from ctxschema.model.variable import Variable


def default_words(variable: Variable[Any]) -> str:
    """Return the default as Markdown; the default of a secret is never shown."""
    if variable.default is None and not variable.secret:
        return "none"
    return "empty" if variable.secret or not variable.default_text else code(variable.default_text)


def condition_words(condition: Condition, places: Places) -> str:
    """Return a condition as Markdown in which every variable is a link."""
    words = escape(condition.words)
    # The longest name comes first, since a name may be part of another one.
    for variable in sorted(condition.variables, key=lambda each: len(each.name), reverse=True):
        words = words.replace(variable.name, f"\0{variable.name[::-1]}\0")
    pieces = words.split("\0")
    by_name = {variable.name: variable for variable in condition.variables}
    return "".join(places.variable(by_name[piece[::-1]]) if piece[::-1] in by_name else piece for piece in pieces)


def section(
    appliance: Appliance,
    variable: Variable[Any],
    machines: Sequence[Appliance] = (),
    places: Places | None = None,
    *,
    level: int = 3,
) -> str:
    """Return the section of a variable: its heading, facts, limits, definition and readers.

    Args:
        appliance: The appliance.
        variable: The variable.
        machines: The appliances that read it; the appliance itself if empty.
        places: The pages that describe other variables and the rules; they are on this page if None.
        level: The level of its heading.
    """
    machines = machines or (appliance,)
    places = places or Places()
    if variable.secret:
        variable = evolve(variable, default=None)
    blocks = [
        f"{'#' * level} {variable.name}",
        f"**{escape(sentence(variable.label))}** {escape(variable.help)}".rstrip(),
        table(("what", "value"), _facts(appliance, variable, machines, places)),
        "Definition to copy:",
        fence(f'{variable.name} = "{definition(variable)}"'),
        *_limits(appliance, variable),
        _readers(variable),
    ]
    return "\n\n".join(block.rstrip("\n") for block in blocks)


def _facts(
    appliance: Appliance, variable: Variable[Any], machines: Sequence[Appliance], places: Places
) -> Iterator[tuple[str, str]]:
    yield "kind", code(variable.kind.name) + (", secret: it is never shown" if variable.secret else "")
    yield "default", default_words(variable) + ("; forms start empty, which leaves it unset" * variable.ask_empty)
    yield "has to be given", "yes" if variable.mandatory else "no"
    yield "allowed", escape(variable.limits_in_words)
    effective = variable.effective
    yield "has an effect", "always" if effective is None else f"only when {condition_words(effective, places)}"
    if variable.scope:
        yield "read by", escape(variable.scope)
    if becomes := uses(appliance.by_name.get(variable.name, variable), machines):
        yield "becomes", "<br>".join(escape(each) for each in becomes)
    yield "short name", code(variable.short_name)
    if appliance.by_alias:
        names = f"reads it as {', '.join(map(code, variable.aliases))}, which is read here as well"
        yield "the published appliance", names if variable.aliases else "does not read it"
    yield "a wrong value", "stops the boot" if variable.stops_boot else "is a warning; the boot goes on without it"
    if variable.deprecated is not None:
        yield "deprecated", escape(variable.deprecated.words)
    rules = [rule for rule in appliance.rules if variable.name in {each.name for each in rule.variables}]
    if rules:
        yield "rules", ", ".join(places.rule(rule) for rule in rules)
    if places.gpu and (heading := concerns_gpu(variable, machines)):
        yield "on a GPU", link(escape(heading), f"{places.gpu}#{anchor(heading)}")


def code_link(code_id: str, folder: str = "findings/") -> str:
    """Return a link to the page of a code."""
    return link(code(code_id), f"{folder}{code_id}.md")


def findings_of(appliance: Appliance, variable: Variable[Any], text: str) -> list[Finding]:
    """Return the findings for a value of a variable, in a context in which the variable has an effect."""
    given = {} if variable.effective is None else _that_make_true(variable.effective)
    found = validate(appliance, load_context({**given, variable.name: text})).findings
    return [finding for finding in found if finding.variable == variable.name and finding.rule is None]


def _that_make_true(condition: Condition) -> dict[str, str]:
    """Return values that make a condition true; values that have to be empty are left out."""
    each = closed_condition(condition)
    match each:
        case AllOf():
            return {name: text for part in each.conditions for name, text in _that_make_true(part).items()}
        case AnyOf():
            return _that_make_true(each.conditions[0])
        case Is():
            return {each.variable.name: each.variable.kind.format(each.value)}
        case IsOneOf():
            return {each.variable.name: each.variable.kind.format(each.choices[0])}
        case Not() | IsSet() | Repeats() | Compare() | CompareRelease() | GpuUsed() | Foreign():
            return {}
        case _:
            return assert_never(each)


def _limits(appliance: Appliance, variable: Variable[Any]) -> Iterator[str]:
    rows = []
    tries: list[tuple[str, str | None, str | None]] = [
        (variable.kind.words, variable.kind.example, variable.kind.counterexample)
    ]
    tries += [(limit.words, limit.example, limit.counterexample) for limit in variable.all_limits]
    for words, good, bad in tries:
        for finding in findings_of(appliance, variable, bad) if bad is not None else ():
            explanation = (
                f"{code_link(finding.code)}: {escape(finding.message)}; {escape(sentence(finding.repair or ''))}"
            )
            rows.append((escape(words), code(good) if good else "any other", code(bad or ""), explanation))
    if rows:
        yield "What it takes, and what a wrong value gets:"
        yield table(("must be", "good", "bad", "message"), rows)


def _readers(variable: Variable[Any]) -> str:
    node = parse_user_input(definition(variable))
    rows = [
        (link(escape(each.consumer.name), f"consumers.md#{anchor(each.consumer.id)}"), each.accepts.value,
         escape(each.sees), escape(each.sends))
        for each in explain(node)
    ]  # fmt: skip
    inner = table(("reader", "takes it", "shows or does", "sends, when left alone"), rows)
    return (
        f'<details markdown="1">\n<summary>How {variable.name} looks in each consumer</summary>\n\n{inner}\n</details>'
    )
