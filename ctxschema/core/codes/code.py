"""The declaration of a kind of finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from ctxschema.core.finding import Finding, Severity


@frozen
class Code:
    """One kind of finding.

    Args:
        id: Its id, such as ``CTX014``; its meaning never changes.
        name: Its name in words, by which users can select or ignore it as well.
        severity: The severity of its findings, unless one says otherwise.
        reason: Why it matters, in one sentence.
        repair: What to do about it, if that is the same for every finding.
        consumers: The severity for each consumer of USER_INPUTS that it affects; if empty, all are affected alike.
        default: Whether the linter reports it by default; a code that is a matter of taste has to be selected.
        since: The first OpenNebula release that is affected, such as ``7.0``; all are if empty.
        grouped: Whether its findings in one file have one cause, and are reported as one finding with a count.
    """

    id: str
    name: str
    severity: Severity
    reason: str
    repair: str
    consumers: Mapping[str, Severity] = field(factory=dict)
    default: bool = field(default=True, kw_only=True)
    since: str = field(default="", kw_only=True)
    grouped: bool = field(default=False, kw_only=True)

    def at(self, message: str, *, severity: Severity | None = None, **details: Any) -> Finding:
        """Return a finding of this kind; ``details`` are further fields of `Finding`."""
        details.setdefault("repair", self.repair)
        return Finding(self.id, severity or self.severity, message, **details)


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
