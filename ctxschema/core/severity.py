"""How bad a finding is: a module of its own, for what needs no findings, such as the options of a command."""

from __future__ import annotations

import enum


class Severity(enum.Enum):
    """How bad a finding is; only an error stops anything."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for an error, rising as it matters less."""
        return list(Severity).index(self)
