"""The way of an answer into the machine: what the command line sends, the server stores and the guest gets.

The stations are those of docs/facts/opennebula.md, section 5: the answer, the VM's USER_TEMPLATE, its CONTEXT,
context.sh, and the
value after sourcing it in the guest. Each is computed for a whole template, because an answer can change the next one.
Sources: sections 1.1 (how answers are written), 2 (how a template is read and trimmed) and 5.2 (how CONTEXT is
resolved), the corrections at its end, and ``server/typed-values.json``, which records a running server.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from ctxschema.consumers.asked import Asked, sent_text
from ctxschema.consumers.resolve import Resolved, entry_of, resolve
from ctxschema.consumers.station_findings import (
    ENDS,
    NOT_IN_XML,
    answer_findings,
    context_findings,
    storing_findings,
)
from ctxschema.context.context_sh import write_context_sh
from ctxschema.core.finding import Finding, Severity
from ctxschema.grammar.parser import parse_template

ANSWER, USER_TEMPLATE, CONTEXT, CONTEXT_SH, GUEST = STATIONS = (
    "answer",
    "user_template",
    "context",
    "context_sh",
    "guest",
)
"""The stations, in order."""

SHELL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
"""A name that sourcing context.sh can set."""
_UNREADABLE = re.compile(f"{NOT_IN_XML.pattern}|]]>")


@frozen
class Travelled:
    """The way of one answer.

    A station that nothing reaches is None.

    Attributes:
        asked: The input and the typed answer.
        variable: The entry of CONTEXT that refers to the input; None if there is none.
        answer: The answer that the command line sends.
        user_template: The answer as the server stores it.
        context: The resolved entry of CONTEXT.
        context_sh: The entry as the server writes it into context.sh, without the line end.
        guest: The value after sourcing context.sh.
        breaks_at: The first station at which the answer is lost or changed; None if it arrives unchanged.
        findings: What is lost or changed, each with its station.
    """

    asked: Asked
    variable: str | None = None
    answer: str | None = None
    user_template: str | None = None
    context: str | None = None
    context_sh: str | None = None
    guest: str | None = None
    breaks_at: str | None = None
    findings: tuple[tuple[str, Finding], ...] = ()


@frozen
class Instantiation:
    """The way of all answers to a template.

    Attributes:
        ok: Whether the machine is instantiated.
        sent: The text that the command line sends.
        user_template: All answers as the server stores them, by name.
        context: The CONTEXT of the machine; None for what only a server can resolve.
        extra: The entries of CONTEXT that are not in the template, but were made by values.
        travelled: The way of each answer, in the order in which they are asked for.
    """

    ok: bool
    sent: str
    user_template: Mapping[str, str]
    context: Mapping[str, str | None]
    extra: Mapping[str, str]
    travelled: tuple[Travelled, ...] = field(repr=False)

    @property
    def context_sh(self) -> str:
        """The file that the machine gets; empty if it is not instantiated."""
        known = {name: value for name, value in self.context.items() if value is not None}
        return write_context_sh(known) if self.ok else ""

    @property
    def guest(self) -> dict[str, str]:
        """The variables that sourcing context.sh sets in the machine."""
        known = {name: value for name, value in self.context.items() if value is not None}
        return {name: value for name, value in known.items() if SHELL_NAME.match(name)}


def instantiate(asked: Sequence[Asked], context: Mapping[str, str]) -> Instantiation:
    """Return the way of the answers to a template.

    Args:
        asked: The inputs in the order in which they are asked for, each with the typed answer.
        context: The entries of CONTEXT by name, as written.
    """
    refused = any(each.outcome in ENDS for each in asked)
    sent = "" if refused else sent_text(asked)
    # The text is sent as XML, which normalises line ends.
    template = parse_template(re.sub("\r\n?", "\n", sent))
    user_template: dict[str, str] = {}
    for name, value in template.attributes:
        if isinstance(value, str):
            user_template.setdefault(name, value)
    if not template.ok or any(_UNREADABLE.search(value) for value in user_template.values()):
        user_template, refused = {}, True
    resolved = resolve(context, user_template, {each.key for each in asked})
    ok = not refused and not resolved.faulty
    resolved = resolved if ok else Resolved({}, {}, {})
    travelled = tuple(_travelled(each, entry_of(each.key, context), user_template, resolved, sent) for each in asked)
    return Instantiation(ok, sent, user_template, resolved.entries, resolved.extra, travelled)


def _travelled(
    asked: Asked, variable: str | None, user_template: Mapping[str, str], context: Resolved, sent: str
) -> Travelled:
    """Return the way of one answer."""
    answer = asked.answer
    found = [(ANSWER, finding) for finding in answer_findings(asked)]
    if asked.in_editor:
        return Travelled(asked, variable, findings=tuple(found))
    stored = user_template.get(asked.key)
    entry = context.entries.get(variable) if variable is not None else None
    line = guest = None
    if variable is not None and entry is not None:
        line = write_context_sh({variable: entry}).partition("\n")[2].removesuffix("\n")
        guest = entry if SHELL_NAME.match(variable) else None
    if answer is not None and sent:
        found += [(USER_TEMPLATE, finding) for finding in storing_findings(asked, answer, stored, user_template, sent)]
    if stored is not None:
        found += [(CONTEXT, finding) for finding in context_findings(asked, variable, stored, context)]
    breaks_at = next((station for station, finding in found if finding.severity is Severity.ERROR), None)
    if breaks_at is None and answer is not None and (stored is None or not context.entries):
        breaks_at = USER_TEMPLATE if stored is None else CONTEXT
    return Travelled(asked, variable, answer, stored, entry, line, guest, breaks_at, tuple(found))


def travelled_data(each: Travelled) -> dict[str, Any]:
    """Return the way of one answer as plain data; see ``docs/json.md``."""
    return {
        "name": each.asked.name,
        "typed": each.asked.typed,
        "outcome": each.asked.outcome,
        "variable": each.variable,
        **{station: getattr(each, station) for station in STATIONS},
        "breaks_at": each.breaks_at,
        "findings": [{"station": station, **finding.as_dict()} for station, finding in each.findings],
    }


def instantiation_data(made: Instantiation) -> dict[str, Any]:
    """Return the way of all answers as plain data; see ``docs/json.md``."""
    return {
        "ok": made.ok,
        "sent": made.sent,
        "user_template": dict(made.user_template),
        "context": dict(made.context),
        "context_sh": made.context_sh,
        "guest": made.guest,
        "extra": dict(made.extra),
        "typed": [travelled_data(each) for each in made.travelled],
    }
