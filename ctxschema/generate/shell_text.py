"""Translating texts with placeholders into words of bash."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.core.quoting import shell_word
from ctxschema.model.appliance import Appliance
from ctxschema.model.placeholders import FACTS, placeholders

_FACTS = {"vm_id": "${VMID-}", "address": "${ETH0_IP-}", "gpu": "$gpu"}
"""The bash expressions of facts; any other fact is a bash variable of the same name."""
_WITHOUT_RESULT = {"folder", "pem", "reachable"}
"""The functions of placeholders that yield nothing for some values."""

_BEHIND = {"pem": "$'\\n'"}
"""What bash cuts off from the result of a function."""

_PLACEHOLDER = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*(?::[a-z-]+)?\}")


@frozen
class Filled:
    """A text in bash.

    Attributes:
        word: A single quoted word, so that no value is split or expanded.
        tests: The tests that must hold for all of its placeholders to have values.
    """

    word: str
    tests: tuple[str, ...] = ()


class ShellText:
    """Translates the texts of a declaration; the script has the values in the array ``values``."""

    def __init__(self, appliance: Appliance) -> None:
        self.appliance = appliance

    def word(self, text: str) -> Filled:
        """Return a text as one word of bash."""
        literals = _PLACEHOLDER.split(text)
        pieces, tests = [shell_word(literals[0])] if literals[0] else [], []
        for placeholder, literal in zip(placeholders(text), literals[1:], strict=True):
            name = placeholder.name
            value = _FACTS.get(name, f"${{{name}-}}") if name in FACTS else f"${{values[{name}]}}"
            if name not in FACTS:
                tests.append(f"_context_has {name}")
            elif name != "gpu":
                tests.append(f'[[ -n "{value}" ]]')
            taken = self.taken(value, placeholder.function)
            if placeholder.function in _WITHOUT_RESULT:
                tests.append(f"[[ -n {taken} ]]")
            pieces.append(taken + _BEHIND.get(placeholder.function, ""))
            if literal:
                pieces.append(shell_word(literal))
        return Filled("".join(pieces) or "''", tuple(tests))

    @staticmethod
    def taken(value: str, function: str) -> str:
        """Return the result of a placeholder's function for a value, in double quotes."""
        return f'"$(_text_{function.replace("-", "_")} "{value}")"' if function else f'"{value}"'
