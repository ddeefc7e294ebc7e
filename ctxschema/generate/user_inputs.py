"""The USER_INPUTS block, in the form that every consumer reads alike."""

from __future__ import annotations

from typing import Any

from ctxschema.generate.names import Names
from ctxschema.grammar.emit import template_text, user_input_text
from ctxschema.model.appliance import Appliance
from ctxschema.model.limits import Between
from ctxschema.model.variable import Variable


def definition(variable: Variable[Any]) -> str:
    """Return the USER_INPUTS definition of a variable."""
    return user_input_text(
        variable.kind.name,
        variable.label,
        mandatory=variable.mandatory,
        params=_params(variable),
        default=variable.default_text,
    )


def _params(variable: Variable[Any]) -> str:
    if variable.options:
        return ",".join(variable.options)
    if variable.kind.name.startswith("range"):
        bounds = next(limit for limit in variable.limits if isinstance(limit, Between))
        return f"{bounds.low}..{bounds.high}"
    return ""


def user_inputs(appliance: Appliance, *, group: str | None = None, names: Names = Names.VARIABLE) -> str:
    """Return the block, with INPUTS_ORDER where it is the whole of it.

    Args:
        appliance: Whose inputs.
        group: Only the variables of this group, as a block to paste into another template.
        names: Under which names users are asked.

    Raises:
        UnknownNameError: There is no such group.
    """
    variables = appliance.variables if group is None else appliance.group(group)
    inputs = [(names.of(variable), definition(variable)) for variable in variables]
    text = template_text("USER_INPUTS", inputs)
    if group is None:
        text += template_text("INPUTS_ORDER", ",".join(name for name, _ in inputs))
    return text
