"""Findings: what is wrong, how bad it is, where it is and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from ctxschema.core.severity import Severity as Severity  # noqa: PLC0414 - a public name of this module
from ctxschema.core.source import Position

PLACES_SHOWN = 3
"""How many places of one cause a message names; the others are counted."""


_LINES = re.compile(r"\b(lines?) \d+(?:(?:, | and | to |-)\d+)*|(?<=:)\d+(?::\d+)?\b")


@frozen
class Edit:
    """A text that replaces the text at a position."""

    position: Position
    text: str


@frozen
class Finding:
    """One thing that somebody should look at.

    Args:
        code: Its id in the table of codes, such as ``CTX014``.
        severity: How bad it is.
        message: What is wrong, in one sentence that names the value and what is expected.
        variable: The name of the variable or input that it is about.
        value: The wrong value, masked if it is secret and shortened if it is long.
        position: Where it is.
        repair: What to write instead.
        rule: The id of the declared rule that is broken, if it is about one.
        edits: The edits that repair it when all are made; none if a person has to decide.
        safe: Whether the edits leave what users may enter unchanged; unsafe ones are made only on request.
        also: The other positions with the same cause, in order.
    """

    code: str
    severity: Severity
    message: str
    variable: str | None = None
    value: str | None = None
    position: Position | None = field(default=None, repr=False)
    repair: str | None = None
    rule: str | None = None
    edits: tuple[Edit, ...] = field(default=(), repr=False)
    safe: bool = field(default=True, repr=False)
    also: tuple[Position, ...] = field(default=(), repr=False)

    @property
    def origin(self) -> str | None:
        """Its place as ``file:line:column``, or the name of a source that has no lines."""
        return None if self.position is None else str(self.position)

    @property
    def lasting(self) -> str:
        """The message without line numbers, so that it stays the same when lines are added before it."""
        return _LINES.sub(lambda match: match[1] or "", self.message)

    def as_dict(self) -> dict[str, Any]:
        """Return the stable JSON form; see ``docs/json.md``."""
        data: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity.value,
            "variable": self.variable,
            "value": self.value,
            "message": self.message,
            "origin": self.origin,
            "position": None if self.position is None else self.position.as_dict(),
            "repair": self.repair,
            "rule": self.rule,
        }
        if self.also:
            places = [place for place in (self.position, *self.also) if place is not None]
            data |= {"count": len(places), "places": [place.as_dict() for place in places[:PLACES_SHOWN]]}
        return data


def has_errors(findings: Iterable[Finding]) -> bool:
    """Say whether any finding is of severity error."""
    return any(finding.severity is Severity.ERROR for finding in findings)
