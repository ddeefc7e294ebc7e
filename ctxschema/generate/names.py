"""Under which names users are asked."""

from __future__ import annotations

import enum
from typing import Any

from ctxschema.model.variable import Variable


class Names(enum.Enum):
    """The style of the names of user inputs."""

    VARIABLE = "variable"
    """The context variable's own name."""
    SHORT = "short"
    """The short name that its declaration gives it."""

    def of(self, variable: Variable[Any]) -> str:
        """Return the name of a variable's input."""
        return variable.short_name if self is Names.SHORT else variable.name
