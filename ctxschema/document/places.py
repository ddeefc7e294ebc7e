"""The pages on which variables, rules and findings are described, for links from every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, field, frozen

from ctxschema.document.markdown import anchor, code, link
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.variable import Variable

LONG = 20
"""The number of variables from which each group of an appliance has a page of its own."""


@frozen
class Places:
    """The pages of an appliance's contextualization reference.

    Args:
        index: The page that lists every variable and describes the rules; empty for the page itself.
        groups: The page of each group of variables; empty if they are described on the index page.
        here: The page that contains the links.
        gpu: The page on GPU passthrough; empty if there is none.
    """

    index: str = ""
    groups: Mapping[str, str] = field(factory=dict)
    here: str = ""
    gpu: str = ""

    def on(self, page: str) -> Places:
        """Return the same pages for links on another page."""
        return evolve(self, here=page)

    def page_of(self, variable: Variable[Any]) -> str:
        """Return the page that describes a variable."""
        return self.groups.get(variable.group, self.index)

    def variable(self, variable: Variable[Any]) -> str:
        """Return a link to the section of a variable."""
        return link(code(variable.name), self._target(self.page_of(variable), variable.name))

    def rule(self, rule: Rule) -> str:
        """Return a link to a rule."""
        return link(code(rule.id), self._target(self.index, rule.id))

    def _target(self, page: str, heading: str) -> str:
        return f"{'' if page == self.here else page}#{anchor(heading)}"


def places_of(appliance: Appliance, name: str, *, gpu: str = "") -> Places:
    """Return the pages that describe the variables of an appliance.

    Args:
        appliance: The appliance.
        name: The name of its index page, without suffix.
        gpu: The page on GPU passthrough, if there is one.
    """
    split = len(appliance.variables) > LONG and len(appliance.groups) > 1
    groups = {group: f"{name}-{anchor(group)}.md" for group in appliance.groups} if split else {}
    return Places(f"{name}.md", groups, gpu=gpu)
