"""Secrets that stand in a template in clear. Source: opennebula.md sections 1.1 and 1.7."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.secret import MASK
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.document import Input

SECRET_WORD = re.compile(
    r"(?:^|_)(?:PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|TOKEN|PRIVATE_KEY|API_KEY|ACCESS_KEY)(?:_|$)"
)
"""What the name of a secret has in it."""


def secrets(inputs: Iterable[Input]) -> Iterator[Finding]:
    """Yield the inputs that are secrets by their name, have a default and are no password."""
    for each in inputs:
        kind, definition = each.definition.input_type, each.definition
        if kind is None or kind.name not in {"text", "text64", "fixed"} or not SECRET_WORD.search(each.key):
            continue
        if len(definition.parts) == 5 and definition.parts[4].text.strip(RUBY_BLANKS):
            message = f"{each.key} is a secret by its name and has a default that everybody can read"
            where = definition.source.span(definition.parts[4].span)
            repair = "write the type password, and leave the default empty"
            yield codes.SECRET_DEFAULT.at(message, variable=each.key, position=where, value=MASK, repair=repair)
