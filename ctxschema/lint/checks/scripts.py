"""Checks of a one-apps script's parameters against its defaults. Source: docs/facts/opennebula.md, section 1.6."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.later import later
from ctxschema.core.names import nearest
from ctxschema.core.secret import quoted
from ctxschema.grammar.types import TYPES
from ctxschema.lint.document import Parameter, Script

_INPUT = later(r"([^|]*)\|([^|]*)\Z")


def script(script: Script) -> Iterator[Finding]:
    """Yield findings about the parameters, and about defaults without a parameter."""
    declared: dict[str, Parameter] = {}
    for parameter in script.parameters:
        where = parameter.name_position
        if parameter.name in declared:
            message = f"{parameter.name} stands twice"
            yield codes.PARAMS_REPEATED.at(message, variable=parameter.name, position=where)
        declared.setdefault(parameter.name, parameter)
        yield from _input(parameter)
    for default in script.defaults if script.declares else ():
        parameter_or_none = declared.get(default.name)
        if parameter_or_none is None:
            if default.name.startswith("ONEAPP_"):
                message = f"{default.name} has a default and is no parameter"
                yield codes.SCRIPT_DEFAULT.at(message, variable=default.name, position=default.name_position)
            continue
        problem = _misfit(parameter_or_none, default.value.text)
        if problem:
            message = f"default {quoted(default.value.text)} of {default.name} is {problem}"
            yield codes.SCRIPT_DEFAULT.at(
                message, variable=default.name, position=default.position, severity=Severity.WARNING
            )


def _input(parameter: Parameter) -> Iterator[Finding]:
    given = parameter.input.name
    if not given:
        return
    match = _INPUT.match(given)
    where = parameter.input.name_position
    if match is None:
        message = f"input {quoted(given)} of {parameter.name} is no flag and type"
        yield codes.PARAMS_INPUT.at(message, variable=parameter.name, position=where)
    elif match[1] not in {"M", "O"}:
        message = f"flag {quoted(match[1])} of {parameter.name} is neither M nor O"
        yield codes.PARAMS_INPUT.at(message, variable=parameter.name, position=where, repair="write M or O")
    elif match[2] not in TYPES:
        message = f"{quoted(match[2])} of {parameter.name} is no type"
        repair = f"write {nearest(match[2], TYPES) or 'one of ' + ', '.join(TYPES)}"
        yield codes.PARAMS_INPUT.at(message, variable=parameter.name, position=where, repair=repair)


def _misfit(parameter: Parameter, default: str) -> str:
    """Return why a default does not fit the type of its parameter, or an empty text."""
    kind = TYPES.get(parameter.input.name.partition("|")[2])
    if kind is None or not default or "$" in default:
        return ""
    if kind.name == "boolean" and default not in {"YES", "NO"}:
        return "neither YES nor NO, and an input of that name takes these only"
    if kind.number is not None and not kind.number.match(default):
        return f"no {kind.name}"
    return ""
