"""Values that fill a form as an example: what a declaration itself gives as one, as far as nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable

MOST_TRIED = 100
"""How many fields an example fills at most, so that it stands there at once."""


def example_text(variable: Variable[Any]) -> str:
    """Return a text that a variable takes, or an empty one where nothing says which; a default is no example."""
    told = [limit.example for limit in variable.all_limits]
    for text in (*told, variable.kind.example if variable.mandatory or variable.kind.shape.has_options else None):
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
    """Return answers that make an example: as many fields as can be filled without a finding more.

    Args:
        appliance: What is declared.
        asked: The field for the name of each variable that the form asks for.
        faults: Counts what is wrong with answers.

    Returns:
        The answers by field. Where a variable has a default, it is left alone.
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
