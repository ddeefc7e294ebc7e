"""The severity of a finding. It is a module of its own for code that needs nothing else of findings."""

from __future__ import annotations

import enum


class Severity(enum.Enum):
    """How bad a finding is. Only an error stops a command or a boot."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The place in the order of severities; 0 is an error."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
