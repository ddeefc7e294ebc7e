"""A diagram of how a value travels from its declaration into the container, for one variable."""

from __future__ import annotations

from typing import Any

from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.document.diagrams import Box, Diagram
from ctxschema.generate.attributes import definition
from ctxschema.model.appliance import Appliance
from ctxschema.model.uses import uses
from ctxschema.model.variable import Variable


def travel_diagram(appliance: Appliance, variable: Variable[Any], answer: str) -> Diagram:
    """Return the diagram.

    Args:
        appliance: The appliance.
        variable: An optional variable of it.
        answer: The answer of a user.
    """
    name = variable.name
    value = validate(appliance, load_context({name: answer})).values[variable]
    boxes = [
        Box("Declaration", f"Variable({name!r}, ...), once", side="everything below is derived from it", tone="good"),
        Box("USER_INPUTS of the template", f'{name} = "{definition(variable)}"', side="a definition; no value yet"),
        Box("Command line or Sunstone asks", f"somebody answers {answer}", side="whoever asks nobody sends nothing"),
        Box("The VM's own template", f'{name} = "{answer}"', side="in clear, for whoever may see the machine"),
        Box("CONTEXT", f'{name} = "${name}"', side="a reference, because a literal dollar would not survive"),
        Box("context.sh in the machine", f"{name}='{answer}'", side="read as text, never sourced"),
        Box("ctxschema validate", f"values[{name}] is {value!r}", side="empty means unset: the default applies here"),
        Box("docker run", uses(variable, (appliance,))[0], side="a list of words that no shell reads", tone="good"),
    ]
    return Diagram("How a value travels", f"What becomes of an answer to {name}, from top to bottom.", boxes)
