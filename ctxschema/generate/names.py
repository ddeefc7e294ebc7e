"""The names under which users are asked for variables."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from typing import Any

from ctxschema.core import codes
from ctxschema.core.errors import NotPortableError
from ctxschema.model.appliance import Appliance
from ctxschema.model.input_names import app_of, grouped_name
from ctxschema.model.variable import Variable

_WORD = re.compile(r"\b[A-Z_][A-Z0-9_]+\b")


class Names(enum.Enum):
    """The style of the names of user inputs."""

    VARIABLE = "variable"
    """The context variable's own name."""
    SHORT = "short"
    """The short name that the declaration gives the variable."""
    ONEAPP = "oneapp"
    """The marketplaces' ``ONEAPP_<APP>_<GROUP>_<FIELD>``, from which Sunstone makes tabs."""

    def of(self, variable: Variable[Any], appliance: Appliance, app: str | None = None) -> str:
        """Return the name of a variable's input; ``app`` is as for `grouped_name`."""
        if self is Names.SHORT:
            return variable.short_name
        return variable.name if self is Names.VARIABLE else grouped_name(variable, appliance, app)

    def inputs(
        self, appliance: Appliance, variables: Iterable[Variable[Any]] | None = None
    ) -> dict[str, Variable[Any]]:
        """Return the variables by the names of their inputs, in order.

        Args:
            appliance: The appliance.
            variables: Some of its variables; all if None.

        Raises:
            NotPortableError: Two variables have the same input name.
        """
        found: dict[str, Variable[Any]] = {}
        findings = []
        app = app_of(appliance)
        for variable in appliance.variables if variables is None else variables:
            name = self.of(variable, appliance, app)
            if name in found:
                message = f"{found[name].name} and {variable.name} would both be asked for as {name}"
                repair = "use --names variable, or put one of them into another group"
                findings.append(codes.NOT_CARRIED.at(message, variable=variable.name, repair=repair))
            found[name] = variable
        if findings:
            raise NotPortableError("; ".join(finding.message for finding in findings), findings)
        return found


def renamed(words: str, inputs: dict[str, Variable[Any]]) -> str:
    """Return a text about variables with their names replaced by those of their inputs, which the user knows."""
    known = {variable.name: name for name, variable in inputs.items()}
    return _WORD.sub(lambda match: known.get(match.group(), match.group()), words)
