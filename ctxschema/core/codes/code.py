"""One kind of finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from ctxschema.core.finding import Finding, Severity


@frozen
class Code:
    """One kind of finding.

    Args:
        id: What is printed, such as ``CTX014``; it never changes its meaning.
        name: The same in words, for humans who select or ignore it.
        severity: How bad it is unless the finding says otherwise.
        reason: Why anybody should care, in one sentence.
        repair: What to do about it, where that is the same every time.
        consumers: How bad it is for each consumer of USER_INPUTS that it hurts; everybody alike if empty.
        default: Whether the linter reports it unless told otherwise; one that is a matter of taste has to be selected.
        since: The first OpenNebula that it hurts, such as ``7.0``; every one if empty.
        grouped: Whether all of a kind in one file have one cause, and are one finding with a count.
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
        """Return a finding of this kind; ``details`` are the other fields of `Finding`."""
        details.setdefault("repair", self.repair)
        return Finding(self.id, severity or self.severity, message, **details)


ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
