"""Example answers for a form: the examples of a declaration, as long as they cause no finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable

MOST_TRIED = 100
"""The greatest number of fields that are filled, so that an example appears without delay."""


def example_text(variable: Variable[Any]) -> str:
    """Return an example text for a variable, or an empty text if there is none; the default is not an example."""
    examples = [limit.example for limit in variable.all_limits]
    for text in (*examples, variable.kind.example if variable.mandatory or variable.kind.shape.has_options else None):
        if text and _is_taken(variable, text):
            return text
    return ""


def _is_taken(variable: Variable[Any], text: str) -> bool:
    try:
        return variable.problem(variable.kind.parse(text)) is None
    except ValueError:
        return False


def example_answers(
    appliance: Appliance, asked: Mapping[str, str], faults: Callable[[Mapping[str, str]], int]
) -> dict[str, str]:
    """Return example answers for as many fields as can be filled without an additional finding.

    Args:
        appliance: The declaration.
        asked: The field name of each variable that the form asks for.
        faults: Returns the number of problems with answers.

    Returns:
        The answers by field name. Variables with a default are left out.
    """
    fields = [(asked[each.name], each) for each in appliance.variables if each.name in asked and not each.asked_text]
    made = {name: text for name, each in fields if each.mandatory and (text := example_text(each))}
    count = faults(made)
    for name, each in fields[:MOST_TRIED]:
        text = "" if name in made else example_text(each)
        if not text:
            continue
        tried = {**made, name: text}
        found = faults(tried)
        if found <= count:
            made, count = tried, found
    return made
