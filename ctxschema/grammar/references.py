"""References in CONTEXT values, by the server's grammar for ``$``.

Source: docs/facts/opennebula.md, section 5.2, and context-probes.json.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

from attrs import frozen

from ctxschema.core.source import Span

_NAME = re.compile(r"[A-Za-z0-9_]+")
_VECTOR = re.compile(
    r"\[\s*(?P<attribute>[A-Za-z0-9_]+)\s*(?:,\s*(?P<key>[A-Za-z0-9_]+)\s*=\s*(?P<value>\"[^\"]*\"|[A-Za-z0-9_]+)\s*)?\]"
)
SPECIAL = ("UID", "UNAME", "GID", "GNAME", "NAME", "TEMPLATE")
"""Names that ``$NAME`` in CONTEXT resolves to attributes of the machine, whatever an input of that name holds."""

SEPARATOR = "@^_^@"
"""The text with which the server joins all values of CONTEXT to resolve them; in a value it begins a new entry."""


class Fault(enum.Enum):
    """What can be wrong with a dollar sign."""

    LITERAL = "literal"
    """No name follows: the instantiation fails."""
    BRACKET = "bracket"
    """A bracket follows the name but is not closed properly: the instantiation fails."""
    TERMINATOR = "terminator"
    """A comma, an equals sign or a bracket directly follows the name: the instantiation fails."""
    LINE_END = "line-end"
    """A line end directly follows the name: it is dropped, and a word after it makes the instantiation fail."""
    SUPPRESSED = "suppressed"
    """A backslash precedes the dollar sign: nothing is expanded, and the backslash remains."""


@frozen
class Reference:
    """One dollar sign in a value.

    Attributes:
        name: The name that it refers to, in upper case; empty if no name follows.
        attribute: The attribute in brackets, or None.
        fault: What is wrong with it, or None.
        span: Its place in the value.
        text: The reference as it is written.
    """

    name: str
    attribute: str | None
    fault: Fault | None
    span: Span
    text: str


def references(value: str) -> Iterator[Reference]:
    """Yield every dollar sign of a CONTEXT value, in order."""
    at = value.find("$")
    while at >= 0:
        found = _reference(value, at)
        yield found
        at = value.find("$", found.span.end)


def _reference(value: str, at: int) -> Reference:
    before = at
    suppressed = False
    while before and value[before - 1] == "\\":
        before -= 1
        suppressed = not suppressed
    if suppressed:
        return Reference("", None, Fault.SUPPRESSED, Span(at - 1, at + 1), value[at - 1 : at + 1])
    name = _NAME.match(value, at + 1)
    if name is None:
        return Reference("", None, Fault.LITERAL, Span(at, at + 1), value[at : at + 2])
    end, attribute, fault = name.end(), None, None
    if value[end : end + 1] == "[":
        vector = _VECTOR.match(value, end)
        if vector is None:
            fault = Fault.BRACKET
        else:
            end, attribute = vector.end(), vector["attribute"].upper()
    elif value[end : end + 1] in {",", "=", "]"}:
        fault = Fault.TERMINATOR
    elif value[end : end + 1] == "\n" and value[end + 1 : end + 2] not in {"", "$"}:
        fault = Fault.LINE_END
    return Reference(name.group().upper(), attribute, fault, Span(at, end), value[at:end])
