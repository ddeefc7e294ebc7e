"""The inputs of a template as the command line asks for them, and the text that it sends along.

Source: opennebula.md, sections 1.1 and 4.1.
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
    """One input of a template, and what somebody types for it.

    Args:
        name: The name of the input.
        definition: Its definition.
        typed: The line that somebody types; nothing for Enter.
    """

    name: str
    definition: UserInput
    typed: str = ""

    @property
    def outcome(self) -> str:
        """What the command line makes of it, in the vocabulary of the probes."""
        return command_line.typed(self.definition, self.typed)

    @property
    def in_editor(self) -> bool:
        """Whether it opens an editor, so that only the user knows the answer."""
        return self.typed == command_line.EDITOR and (self.definition.type or "").strip() in {"text", "text64"}

    @property
    def answer(self) -> str | None:
        """What the command line takes for the answer; None where there is none, or only an editor knows it."""
        text = self.outcome.removeprefix("value ")
        answer: str | None = json.loads(text) if text != self.outcome and not self.in_editor else None
        return answer

    @property
    def key(self) -> str:
        """The name as the server keeps it."""
        return server_name(self.name)

    def quoted(self, text: str) -> str:
        """Return a text as a finding may show it."""
        return "the answer" if self.definition.type == "password" else quoted(text)


def asking_order(names: Sequence[str], order: str | None) -> list[str]:
    """Return the names of inputs in the order in which the command line asks for them.

    Args:
        names: The names, as the server keeps them.
        order: INPUTS_ORDER, or None; what it does not name comes behind, in alphabetical order.
    """
    listed = [name.strip() for name in (order or "").split(",")]
    first = [name for name in dict.fromkeys(listed) if name in names]
    return [*first, *sorted(set(names) - set(first))]


def sent_text(asked: Sequence[Asked]) -> str:
    """Return the text that the command line sends along: it escapes double quotes, and nothing else."""
    answers = [(each.name, each.answer) for each in asked]
    escaped = [(name, answer.replace('"', '\\"')) for name, answer in answers if answer is not None]
    return "".join(f'{name} = "{text}"\n' for name, text in escaped)
