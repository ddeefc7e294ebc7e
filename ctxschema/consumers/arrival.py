"""What reaches the machine of a value with a dollar sign.

The command line sends the value beside CONTEXT, which refers to it, so it arrives unchanged. Sunstone writes it into
CONTEXT, where the server resolves references. OneFlow replaces ``${...}`` in a role before anything else. Sources:
docs/facts/opennebula.md, sections 1.2, 5.2 and 5.4, and context-probes.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from ctxschema.consumers.resolve import resolve
from ctxschema.consumers.table import CLI, ONEFLOW, SERVICE_EDITOR, SUNSTONE, Consumer
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.references import SPECIAL, references

_EXPRESSION = re.compile(r"\$\{[^}]*\}")
FAILS = "the instantiation fails"
KNOWN_TO_THE_SERVER = "what the server puts there"


def in_context(text: str) -> str:
    """Return what the server makes of a text in CONTEXT, for a template that has no attribute of any name in it.

    Returns:
        The text as a JSON string, or a phrase: that the instantiation fails, or that only the server knows.
    """
    unset = {each.name for each in references(text) if each.attribute is None and each.name not in SPECIAL}
    resolved = resolve({"VALUE": text}, {}, unset)
    if resolved.faulty:
        return FAILS
    entry = resolved.entries.get("VALUE")
    return KNOWN_TO_THE_SERVER if entry is None else json.dumps(entry, ensure_ascii=False)


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
    """Return what reaches the machine of a default with a dollar sign; empty if there is none."""
    default, kind, arrival = node.default, node.input_type, _ARRIVALS.get(consumer.id)
    if default is None or "$" not in default or arrival is None:
        return ""
    if kind is None or kind.number is not None or kind.name == "boolean":
        return ""
    return arrival(default.strip() if consumer is CLI else default)
