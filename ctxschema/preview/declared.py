"""Making a declaration from inputs, so that the validator can judge the answers to any template."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ctxschema.grammar.numbers import range_bounds
from ctxschema.grammar.types import TYPES, InputType, Params
from ctxschema.lint.document import Input
from ctxschema.model import kinds
from ctxschema.model.appliance import Appliance
from ctxschema.model.kinds import Kind
from ctxschema.model.limits import Between
from ctxschema.model.variable import Variable

_NAME = re.compile(r"(?!XML)[A-Z_][A-Z0-9_]*\Z")
_OPTION = re.compile(r'[^,|"\n]+\Z')
_KINDS: dict[str, Kind[Any]] = {
    kind.name: kind
    for kind in vars(kinds).values()
    if isinstance(kind, Kind) and (not kind.secret or kind is kinds.PASSWORD)
}


def declared(inputs: Iterable[Input]) -> Appliance:
    """Return an appliance whose variables are the inputs; inputs that cannot be variables are left out."""
    found = {each.key: _variable(each) for each in inputs if _NAME.match(each.key)}
    return Appliance("template", "The template", "What was pasted.", tuple(found.values()))


def _variable(each: Input) -> Variable[Any]:
    kind = each.definition.input_type or TYPES["text"]
    options = _options(each, kind)
    limits = _limits(each, kind)
    if (kind.params is Params.OPTIONS and not options) or (kind.params is Params.RANGE and not limits):
        kind, options, limits = TYPES["text"], (), ()
    return Variable(
        each.key,
        _KINDS.get(kind.name, kinds.TEXT),
        label=each.key,
        default=None,
        options=options,
        limits=limits,
        input_name=each.key,
        mandatory=each.definition.flag == "M",
    )


def _options(each: Input, kind: InputType) -> tuple[str, ...]:
    if kind.params is not Params.OPTIONS or each.definition.params is None:
        return ()
    options = tuple(dict.fromkeys(each.definition.params.split(",")))
    return options if all(_OPTION.match(option) and option == option.strip() for option in options) else ()


def _limits(each: Input, kind: InputType) -> tuple[Between, ...]:
    if kind.params is not Params.RANGE or each.definition.params is None:
        return ()
    bounds = range_bounds(each.definition.params, kind)
    return (Between(*bounds),) if bounds is not None and bounds[0] <= bounds[1] else ()
