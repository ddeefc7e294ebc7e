"""The values and facts with which a boot fills the texts of a declaration and judges its conditions."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from ctxschema.context.raw import RawContext
from ctxschema.context.values import Values
from ctxschema.core.secret import Secret
from ctxschema.model.appliance import Appliance
from ctxschema.model.conditions import Condition
from ctxschema.model.container import CA_FILE
from ctxschema.model.placeholders import FACTS, filled, placeholders
from ctxschema.model.variable import Variable


def context_facts(raw: RawContext) -> dict[str, str]:
    """Return the facts in a context that are not variables of the appliance: VM ID and address."""
    entries = {name: raw.values.get(key) for name, key in (("vm_id", "VMID"), ("address", "ETH0_IP"))}
    return {name: value.text for name, value in entries.items() if value is not None and value.text}


def authority_fact(certificates: Mapping[str, Secret]) -> dict[str, str]:
    """Return the fact ``ca_certificate``, by which other machines can trust this one, if there are certificates."""
    authority = certificates.get(CA_FILE)
    if authority is None:
        return {}
    return {"ca_certificate": binascii.b2a_base64(authority.reveal().encode(), newline=False).decode()}


@frozen
class Known:
    """An appliance with its values and the facts of its machine.

    Args:
        appliance: The appliance.
        values: Its values, with defaults and looked-up values applied.
        facts: The known facts, by their names in `ctxschema.model.placeholders.FACTS`.
    """

    appliance: Appliance
    values: Values = field(repr=False)
    facts: Mapping[str, str] = field(factory=dict)

    def holds(self, when: Condition | None) -> bool:
        """Say whether a condition holds; None always does.

        Raises:
            NoValueError: It depends on a variable whose value failed.
        """
        if when is None:
            return True
        held = when.holds(self.values.also(self.facts))
        if held is None:
            for variable in when.variables:
                self._needed(variable)
        return held is True

    def text(self, text: str) -> str | None:
        """Return a text with its placeholders filled, or None where one of them has no value.

        Raises:
            NoValueError: It names a variable whose value failed.
        """
        return filled(text, self._text_of, self.facts)

    def secret(self, text: str) -> bool:
        """Say whether a text has a placeholder for a secret."""
        named = (self.appliance.by_name.get(placeholder.name) for placeholder in placeholders(text))
        return any(variable is not None and variable.secret for variable in named)

    def _text_of(self, name: str) -> str | None:
        if name in FACTS:
            return self.facts.get(name)
        variable = self.appliance.by_name[name]
        self._needed(variable)
        value = self.values.get(variable)
        return None if value is None else variable.kind.format(value)

    def _needed(self, variable: Variable[Any]) -> None:
        """Raise NoValueError for a variable whose value failed, unless the machine can boot without it."""
        if variable not in self.values and variable.stops_boot and (variable.default is not None or variable.mandatory):
            self.values[variable]
