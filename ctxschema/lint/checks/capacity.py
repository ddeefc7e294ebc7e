"""Checks of the inputs MEMORY, CPU and VCPU. Source: docs/facts/opennebula.md, section 4.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.numbers import range_bounds
from ctxschema.grammar.types import FLOAT, RUBY_BLANKS, InputType
from ctxschema.lint.document import Input

CAPACITY = ("MEMORY", "CPU", "VCPU")
"""The inputs that Sunstone shows in a step of their own and never writes into INPUTS_ORDER."""

_HARMLESS = {"number", "number-float"}


def capacity(inputs: Iterable[Input]) -> Iterator[Finding]:
    """Yield the capacity inputs that Sunstone discards."""
    for each in inputs:
        default = (each.definition.default or "").strip(RUBY_BLANKS)
        kind = each.definition.input_type
        if each.key not in CAPACITY or not default or kind is None or _offered(each.definition, kind, default):
            continue
        message = f"Sunstone discards the {kind.name} for {each.key} and lets users write any {each.key}"
        severity = Severity.INFO if kind.name in _HARMLESS else None
        yield codes.CAPACITY_FIXED.at(
            message, variable=each.key, position=each.name_position, severity=severity, value=default
        )


def _offered(definition: UserInput, kind: InputType, default: str) -> bool:
    """Say whether a default is one of the choices that Sunstone makes; for a range, it offers every integer."""
    params = definition.parts[3].text
    if kind.params.value == "options":
        return default in params.split(",")
    bounds = range_bounds(params, kind) if kind.params.value == "range" else None
    if bounds is None or not FLOAT.match(default):
        return False
    if kind.number is FLOAT:
        return float(default) in bounds
    return bounds[0] <= float(default) <= bounds[1]
