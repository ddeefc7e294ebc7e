"""Secrets that stand in a template in clear, or are typed in clear. Source: opennebula.md sections 1.1, 1.2 and 1.7."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding
from ctxschema.core.later import later
from ctxschema.core.secret import MASK, names_secret
from ctxschema.grammar.types import RUBY_BLANKS
from ctxschema.lint.document import Input

SECRET_WORD = later(r"(?:^|_)(?:PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|TOKEN|PRIVATE_KEY|API_KEY|ACCESS_KEY)(?:_|$)")
"""What the name of a secret may have in it; `names_secret` is for where a wrong guess would be a false alarm."""


_KEY = later(
    r"\b(?:API|registry|secret|licen[cs]e|authentication|authorization|encryption|pre-?shared|signing)\s+key\b",
    re.IGNORECASE,
)
"""How a description speaks of a key that is a secret."""


def _is_secret(each: Input) -> bool:
    """Say whether an input is a secret: by its name, or a key by its name and a secret one by its description."""
    if names_secret(each.key):
        return True
    return (
        each.key.endswith("_KEY") and "PUBLIC" not in each.key and bool(_KEY.search(each.definition.description or ""))
    )


def secrets(inputs: Iterable[Input]) -> Iterator[Finding]:
    """Yield the inputs that are secrets by their name and are asked for in clear, or have a default."""
    for each in inputs:
        kind, definition = each.definition.input_type, each.definition
        if kind is None or kind.name not in {"text", "text64", "fixed"} or not _is_secret(each):
            continue
        if len(definition.parts) == 5 and definition.parts[4].text.strip(RUBY_BLANKS):
            message = f"{each.key} is a secret by its name and has a default that everybody can read"
            where = definition.source.span(definition.parts[4].span)
            repair = "write the type password, and leave the default empty"
            yield codes.SECRET_DEFAULT.at(message, variable=each.key, position=where, value=MASK, repair=repair)
        elif kind.name == "text" and not each.key.endswith("PRIVATE_KEY"):  # a key has lines, and a password has one
            message = f"{each.key} is a secret by its name, and what is typed into a text is shown"
            where = definition.source.span(definition.parts[1].span)
            edits = (Edit(where, "password"),)  # a password has one line, and no blanks around it
            yield codes.SECRET_AS_TEXT.at(message, variable=each.key, position=where, edits=edits, safe=False)
