"""The inputs of a template in the order in which the command line asks for them, and the text that it sends.

Source: docs/facts/opennebula.md, sections 1.1 and 4.1.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from attrs import frozen

from ctxschema.consumers import command_line
from ctxschema.core.secret import quoted
from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.nodes import server_name


@frozen
class Asked:
    """An input of a template with the answer that is typed.

    Args:
        name: The name of the input.
        definition: Its definition.
        typed: The line that is typed; empty for just Enter.
    """

    name: str
    definition: UserInput
    typed: str = ""

    @property
    def outcome(self) -> str:
        """The result on the command line, in the vocabulary of the probes."""
        return command_line.typed(self.definition, self.typed)

    @property
    def in_editor(self) -> bool:
        """Whether an editor is opened, so that the answer is not known."""
        return self.typed == command_line.EDITOR and (self.definition.type or "").strip() in {"text", "text64"}

    @property
    def answer(self) -> str | None:
        """The answer that the command line sends; None if it sends none, or an editor is opened."""
        text = self.outcome.removeprefix("value ")
        answer: str | None = json.loads(text) if text != self.outcome and not self.in_editor else None
        return answer

    @property
    def key(self) -> str:
        """The name as the server stores it, in upper case."""
        return server_name(self.name)

    def quoted(self, text: str) -> str:
        """Return a text for a message, masked if the input is a password."""
        return "the answer" if self.definition.type == "password" else quoted(text)


def asking_order(names: Sequence[str], order: str | None) -> list[str]:
    """Return the names of inputs in the order in which the command line asks for them.

    Args:
        names: The names as the server stores them.
        order: INPUTS_ORDER, or None. Inputs that it does not list follow in alphabetical order.
    """
    listed = [name.strip() for name in order.split(",")] if order else []
    first = [name for name in dict.fromkeys(listed) if name in names]
    return [*first, *sorted(set(names) - set(first))]


def sent_text(asked: Sequence[Asked]) -> str:
    """Return the template text that the command line sends; it escapes double quotes and nothing else."""
    answers = [(each.name, each.answer) for each in asked]
    escaped = [(name, answer.replace('"', '\\"')) for name, answer in answers if answer is not None]
    return "".join(f'{name} = "{text}"\n' for name, text in escaped)
