"""Findings about an answer that is lost or changed on its way into the machine, station by station.

Source: docs/facts/opennebula.md, sections 1.1, 2.2 (rules 22 and 26), 2.3 and 5.2, and the corrections at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ctxschema.consumers import command_line
from ctxschema.consumers.asked import Asked
from ctxschema.consumers.resolve import Resolved
from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.secret import quoted
from ctxschema.grammar.references import SEPARATOR
from ctxschema.grammar.types import BLANKS

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""The characters that the server cannot store, because it stores XML."""

ENDS = {
    command_line.EXIT: "ends the whole command",
    command_line.CRASH: "crashes the whole command",
    command_line.REPROMPT: "is asked for again",
}
"""A phrase for each result on the command line after which nothing is sent."""


def answer_findings(asked: Asked) -> Iterator[Finding]:
    """Yield why the command line does not accept an answer."""
    name = asked.name
    if asked.outcome in ENDS:
        typed = asked.quoted(asked.typed) if asked.typed else "Enter"
        yield codes.ANSWER_REFUSED.at(f"{name}: {typed} {ENDS[asked.outcome]}", variable=name)
    kind = asked.definition.input_type
    if kind is not None and kind.name == "text64":
        message = f"{name} is encoded only where Ruby's base64 is loaded"
        yield codes.BASE64_NOT_LOADED.at(message, variable=name)


def storing_findings(
    asked: Asked, answer: str, stored: str | None, user_template: Mapping[str, str], sent: str
) -> Iterator[Finding]:
    """Yield why the server does not store an answer, or stores a changed one.

    Args:
        asked: The input.
        answer: The answer that is sent.
        stored: The answer as the server stores it, or None.
        user_template: All answers as the server stores them.
        sent: The text with all answers.
    """
    name, shown_answer, trimmed = asked.name, asked.quoted(answer), answer.strip(BLANKS)
    if answer.endswith("\\"):
        escaped = answer.replace('"', '\\"')
        last = sent.endswith(f'{name} = "{escaped}"\n')
        message = f"{name}: {shown_answer} ends in a backslash, which swallows the answer behind it"
        severity = Severity.WARNING if last and stored == trimmed else None
        yield codes.ANSWER_SWALLOWS.at(message, variable=name, severity=severity)
    if "]]>" in answer:
        message = f"{name}: {shown_answer} has ]]> in it, and the instantiation fails with a parse error"
        yield codes.CDATA_END.at(message, variable=name)
    if match := NOT_IN_XML.search(trimmed):
        code = codes.CONTEXT_ENCODING if "\udc80" <= match.group() <= "\udcff" else codes.CONTROL_CHARACTER
        message = f"{name}: {shown_answer} holds {quoted(match.group())}, and the machine cannot be stored with it"
        yield code.at(message, variable=name)
    carrier = next((each for each, value in user_template.items() if f"\n{name} =" in value), None)
    if stored is None and carrier:
        yield codes.ANSWER_SWALLOWS.at(f"{name}: {shown_answer} is swallowed by {carrier}", variable=name)
    elif stored is not None and stored != answer and not answer.endswith("\\"):
        shown = asked.quoted(stored)
        message = f"{name}: {shown_answer} is stored {'changed' if shown == shown_answer else f'as {shown}'}"
        if stored == re.sub("\r\n?", "\n", answer).strip(BLANKS):
            yield codes.ANSWER_CHANGED.at(message, variable=name)
        else:
            yield codes.ANSWER_SWALLOWS.at(f"{message}, because an answer before it ends in a backslash", variable=name)


def context_findings(asked: Asked, entry: str | None, stored: str, context: Resolved) -> Iterator[Finding]:
    """Yield why a stored answer does not reach CONTEXT unchanged.

    Args:
        asked: The input.
        entry: The entry of CONTEXT that refers to it, or None.
        stored: The answer as the server stores it.
        context: CONTEXT with its references replaced.
    """
    name = asked.name
    if entry is None:
        message = f"no entry of CONTEXT refers to {name}, so that the machine never sees it"
        yield codes.NOT_HANDED_OVER.at(message, variable=name)
    elif SEPARATOR in stored:
        pieces = dict(piece.partition("=")[::2] for piece in stored.split(SEPARATOR)[1:] if "=" in piece)
        made = [each for each, value in pieces.items() if context.entries.get(each) == value]
        effect = f"sets {', '.join(map(quoted, made))} in CONTEXT" if made else "loses what stands behind it"
        message = f"{name}: {SEPARATOR} ends the value there and {effect}"
        yield codes.CONTEXT_SEPARATOR.at(message, variable=name)
    elif context.entries and not _as_meant(entry, context):
        message = f"{name}: a value with {SEPARATOR} in it stands in the way of {entry}"
        yield codes.CONTEXT_SEPARATOR.at(message, variable=name)


def _as_meant(entry: str, context: Resolved) -> bool:
    """Say whether an entry is what it would be by itself; also True if only a server can resolve it."""
    return entry in context.entries and context.entries[entry] in {None, context.meant[entry]}
