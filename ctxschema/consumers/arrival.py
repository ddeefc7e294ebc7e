"""What reaches a machine of a value with a dollar in it.

The command line sends a value beside CONTEXT, whose reference hands it over as it is. Sunstone writes it into CONTEXT,
where the server resolves its dollars; OneFlow replaces ``${...}`` in a role before anybody else reads it. Sources:
opennebula.md sections 1.2, 5.2 and 5.4, context-probes.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from ctxschema.consumers.table import CLI, ONEFLOW, SERVICE_EDITOR, SUNSTONE, Consumer
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.references import Fault, references

_EXPRESSION = re.compile(r"\$\{[^}]*\}")
_SPECIAL = {"UID", "UNAME", "GID", "GNAME", "NAME", "TEMPLATE"}
FAILS = "the instantiation fails"


def in_context(text: str) -> str:
    """Return what the server makes of a text in CONTEXT, for a template that has no attribute of any name in it.

    Returns:
        The text as a JSON string, or that the instantiation fails.
    """
    pieces: list[str] = []
    at = 0
    for reference in references(text):
        if reference.fault is not None and reference.fault is not Fault.SUPPRESSED:
            return FAILS
        pieces.append(text[at : reference.span.start])
        if reference.fault is Fault.SUPPRESSED:
            pieces.append(reference.text)
        elif reference.name in _SPECIAL or reference.attribute is not None:
            pieces.append(f"<{reference.text[1:]}>")
        at = reference.span.end
    return json.dumps("".join([*pieces, text[at:]]), ensure_ascii=False)


def _as_it_is(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _in_a_role(text: str) -> str:
    return json.dumps(_EXPRESSION.sub("", text), ensure_ascii=False)


_ARRIVALS: dict[str, Callable[[str], str]] = {
    CLI.id: _as_it_is,
    SUNSTONE.id: in_context,
    SERVICE_EDITOR.id: _in_a_role,
    ONEFLOW.id: _in_a_role,
}


def arrives(node: UserInput, consumer: Consumer) -> str:
    """Return what the machine is told of a default with a dollar in it; nothing where there is none.

    A part in ``<...>`` stands for what the server puts there.
    """
    default = node.default or ""
    arrival = _ARRIVALS.get(consumer.id)
    kind = node.input_type
    if "$" not in default or arrival is None or kind is None or kind.number is not None or kind.name == "boolean":
        return ""
    return arrival(default.strip() if consumer is CLI else default)
