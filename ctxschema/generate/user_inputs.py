"""The USER_INPUTS block, in the form that every consumer reads alike."""

from __future__ import annotations

from ctxschema.generate.attributes import definitions, metadata, order
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.grammar.emit import template_text
from ctxschema.model.appliance import Appliance


def user_inputs(appliance: Appliance, *, group: str | None = None, names: Names = Names.VARIABLE) -> str:
    """Return the block; with all variables, INPUTS_ORDER and the metadata of the groups follow it.

    Args:
        appliance: The appliance.
        group: Limits the block to the variables of this group, to be pasted into another template.
        names: The style of the inputs' names.

    Raises:
        UnknownNameError: There is no such group.
    """
    if group is not None:
        asked = [variable for variable in appliance.group(group) if not variable.hidden]
        return template_text("USER_INPUTS", definitions(names.inputs(appliance, asked)).items())
    inputs = names.inputs(appliance, appliance.asked)
    return "".join(
        (
            template_text("USER_INPUTS", definitions(inputs).items()),
            template_text("INPUTS_ORDER", order(inputs)),
            *(template_text("USER_INPUTS_METADATA", entry.items()) for entry in metadata(appliance, inputs)),
        )
    )


def generate(appliance: Appliance, options: Options) -> str:
    """Return the block as an output."""
    return user_inputs(appliance, group=options.group, names=options.names)
