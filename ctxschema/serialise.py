"""Declarations and trees as plain data, for the JSON that the commands print. ``docs/json.md`` describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from attrs import fields
from cattrs import Converter

from ctxschema.context.validate import Result
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.secret import Secret
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.ast import Template, UserInput
from ctxschema.grammar.nodes import Attribute, Part, Value
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Condition, Linear
from ctxschema.model.kinds import Kind
from ctxschema.model.limits import Limit
from ctxschema.model.step import Step, StepKind
from ctxschema.model.uses import uses
from ctxschema.model.variable import Variable

PART_NAMES = ("flag", "type", "description", "params", "default")


class Streamed(list[Any]):
    """A list whose items are made while it is printed, so that a large tree is never in memory as a whole."""

    def __init__(self, items: Sequence[Any], make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._items, self._make = items, make

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return map(self._make, self._items)


@cache
def converter() -> Converter:
    """Return the cattrs converter for declarations; there is one per process."""
    made = Converter()
    made.register_unstructure_hook(Severity, lambda severity: severity.value)
    made.register_unstructure_hook(StepKind, lambda kind: kind.value)
    made.register_unstructure_hook(Secret, str)
    made.register_unstructure_hook_func(lambda cls: _is(cls, Kind), lambda kind: kind.name)
    made.register_unstructure_hook_func(lambda cls: _is(cls, Variable), lambda variable: variable.name)
    made.register_unstructure_hook_func(lambda cls: _is(cls, (Limit, Condition, Linear)), _tagged)
    return made


def _is(cls: Any, base: type | tuple[type, ...]) -> bool:
    return isinstance(cls, type) and issubclass(cls, base)


def _fields(node: Any) -> dict[str, Any]:
    return {field.name: converter().unstructure(getattr(node, field.name)) for field in fields(type(node))}


def _tagged(node: Any) -> dict[str, Any]:
    """Return a limit or a condition as its class, its words and its fields."""
    return {"is": type(node).__name__, "words": node.words, **_fields(node)}


def variable_data(variable: Variable[Any], machines: Iterable[Appliance]) -> dict[str, Any]:
    """Return a variable as plain data; the default of a secret is left out.

    Args:
        variable: The variable.
        machines: The appliances that read it.
    """
    return {
        "name": variable.name,
        "short_name": variable.short_name,
        "kind": variable.kind.name,
        "label": variable.label,
        "help": variable.help,
        "default": None if variable.secret else variable.default,
        "ask_empty": variable.ask_empty,
        "aliases": list(variable.aliases),
        "mandatory": variable.mandatory,
        "secret": variable.secret,
        "group": variable.group,
        "scope": variable.scope,
        "options": list(variable.options),
        "limits": [_tagged(limit) for limit in variable.limits],
        "effective": None if variable.effective is None else _tagged(variable.effective),
        "maps_to": "; ".join(uses(variable, machines)),
        "stops_boot": variable.stops_boot,
        "deprecated": None if variable.deprecated is None else _fields(variable.deprecated),
    }


def rule_data(rule: Rule) -> dict[str, Any]:
    """Return a rule as plain data."""
    return {**_fields(rule), "variables": [variable.name for variable in rule.variables]}


def step_data(number: int, step: Step) -> dict[str, Any]:
    """Return a boot step with its number as plain data."""
    return {"number": number, **_fields(step), "runner": step.runner.value}


def appliance_data(appliance: Appliance, machines: Sequence[Appliance]) -> dict[str, Any]:
    """Return a whole declaration as plain data.

    Args:
        appliance: The declaration.
        machines: The appliances that read its variables: itself, or those of its roles.
    """
    return {
        "name": appliance.name,
        "title": appliance.title,
        "summary": appliance.summary,
        "roles": list(appliance.roles),
        "variables": [variable_data(variable, machines) for variable in appliance.variables],
        "rules": [rule_data(rule) for rule in appliance.rules],
        "infrastructure": converter().unstructure(appliance.infrastructure),
        "steps": [step_data(number, step) for number, step in appliance.numbered_steps],
    }


def result_data(result: Result) -> dict[str, Any]:
    """Return the result of judging a context as plain data; secrets are stars, values that failed are null."""
    values: dict[str, Any] = {}
    for variable in result.appliance.variables:
        value = result.values.get(variable)
        values[variable.name] = str(value) if isinstance(value, Secret) else value
    return {
        "appliance": result.appliance.name,
        "ok": result.ok,
        "values": values,
        "origins": {name: result.values.origin(name) for name in values if name in result.values},
        "findings": [finding.as_dict() for finding in result.findings],
    }


def user_input_data(node: UserInput, name: str | None = None) -> dict[str, Any]:
    """Return the tree of a USER_INPUTS definition as plain data."""
    from ctxschema.core.errors import NotPortableError

    try:
        canonical: str | None = node.canonical()
    except NotPortableError:
        canonical = None

    def part_data(numbered: tuple[int, Part]) -> dict[str, Any]:
        index, part = numbered
        name = PART_NAMES[index] if index < len(PART_NAMES) else None
        return {"name": name, "text": part.text, "position": node.source.span(part.span).as_dict()}

    return {
        "kind": "user_input",
        "name": name,
        "text": node.emit(),
        **{name: getattr(node, name) for name in PART_NAMES},
        "parts": Streamed(list(enumerate(node.parts)), part_data),
        "pieces": Streamed(
            node.pieces, lambda piece: {"text": piece.text, "position": node.source.span(piece.span).as_dict()}
        ),
        "position": node.source.at(0, len(node.source.text)).as_dict(),
        "canonical": canonical,
        "findings": [finding.as_dict() for finding in node.findings],
    }


def template_data(node: Template) -> dict[str, Any]:
    """Return the tree of a template as plain data."""
    return {
        "kind": "template",
        "ok": node.ok,
        "attributes": Streamed(node.items, lambda item: _attribute(item, node.source)),
        "kept": Streamed(node.attributes, list),
        "user_inputs": Streamed(node.user_inputs, lambda pair: _inner(pair[1], pair[0])),
        "findings": Streamed(node.findings, Finding.as_dict),
    }


def _inner(node: UserInput, name: str) -> dict[str, Any]:
    """Return a definition within a template; its findings are among the template's."""
    data = user_input_data(node, name)
    del data["findings"]
    return data


def _attribute(item: Attribute, source: SourceText) -> dict[str, Any]:
    data = {"name": item.name, "key": item.key, "position": source.span(item.span).as_dict()}
    if isinstance(item.value, Value):
        return {**data, **_value(item.value, source)}
    members = [
        {
            "name": member.name,
            "key": member.key,
            "position": source.span(Span(member.name_span.start, member.value.span.end)).as_dict(),
            **_value(member.value, source),
        }
        for member in item.value
    ]
    return {**data, "members": members}


def _value(value: Value, source: SourceText) -> dict[str, Any]:
    return {"value": value.kept, "quoted": value.quoted, "value_position": source.span(value.span).as_dict()}
