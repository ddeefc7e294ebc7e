"""The page that shows which appliance reads which variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ctxschema.document.markdown import count, escape, link, page, table
from ctxschema.document.places import Places
from ctxschema.document.variables import default_words
from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable


def matrix(
    appliances: Sequence[Appliance], pages: Mapping[str, str], places: Mapping[str, Places], see_also: str
) -> str:
    """Return the page with the matrix of variables and appliances.

    Args:
        appliances: The appliances.
        pages: The page of each appliance, by name.
        places: The pages that describe the variables, by the name of the appliance.
        see_also: Markdown with links to other pages.
    """
    variables = {each.name: each for appliance in appliances for each in appliance.variables}
    heads = [link(escape(each.title), pages[each.name]) for each in appliances]
    return page(
        "Variables and appliances",
        f"{count(len(variables), 'variable')} of {count(len(appliances), 'appliance')}; each leads to its section.",
        see_also,
        table(("variable", *heads, "default"), _rows(list(variables.values()), appliances, places)),
    )


def _rows(
    variables: Sequence[Variable[Any]], appliances: Sequence[Appliance], places: Mapping[str, Places]
) -> Iterator[tuple[str, ...]]:
    for variable in variables:
        readers = [variable.name in each.by_name for each in appliances]
        first = appliances[readers.index(True)]
        marks = ("yes" if reads else "" for reads in readers)
        yield places[first.name].variable(variable), *marks, default_words(variable)
