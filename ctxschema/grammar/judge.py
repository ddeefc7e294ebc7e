"""The base class for judging a definition."""

from __future__ import annotations

from typing import Any

from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Edit, Finding
from ctxschema.core.secret import shown
from ctxschema.grammar.nodes import Definition, Part
from ctxschema.grammar.types import RUBY_BLANKS, TYPES

FULL, SHORT = 5, 3
"""The number of parts of a definition, and the least number that some consumers accept."""


class Judge:
    """Judges one definition.

    Args:
        node: Its tree.
        variable: The name of the input, for the messages.
    """

    def __init__(self, node: Definition, variable: str | None) -> None:
        self.node = node
        self.variable = variable
        self.texts_stripped = [part.text.strip(RUBY_BLANKS) for part in node.parts]

    def found(
        self, code: Code, message: str, part: int | None = None, *, write: str | None = None, **details: Any
    ) -> Finding:
        """Return a finding about a part, or about the whole definition.

        Args:
            code: Its code.
            message: What is wrong.
            part: The index of the part.
            write: A text to replace the part with, if nobody can rely on the present one.
            details: Further fields of the finding, and ``at``: the option or bound that it is about.
        """
        source, parts = self.node.source, self.node.parts
        at: Part | None = details.pop("at", None)
        if write is not None and part is not None:
            details["edits"] = (Edit(source.span(parts[part].span), write),)
            details.setdefault("repair", f"write {write}" if write else "leave it empty")
        if part is None or part >= len(parts):
            position = source.at(0, len(source.text))
        else:
            at = at or parts[part]
            position = source.span(at.span)
            secret = part == 4 and self.node.input_type is TYPES["password"]
            details.setdefault("value", shown(at.text, secret=secret))
        return code.at(message, variable=self.variable, position=position, **details)
