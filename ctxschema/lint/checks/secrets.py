"""Checks for secrets that are stored or typed in clear text.

Source: docs/facts/opennebula.md, sections 1.1, 1.2 and 1.7.
"""

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
"""Words in the name of a secret. `names_secret` is stricter, for uses where a false alarm would be worse."""


_KEY = later(
    r"\b(?:API|registry|secret|licen[cs]e|authentication|authorization|encryption|pre-?shared|signing)\s+key\b",
    re.IGNORECASE,
)
"""Words in a description that say that a key is a secret one."""


def _is_secret(each: Input) -> bool:
    """Say whether an input is a secret: by its name, or, for a key, by its name and its description together."""
    if names_secret(each.key):
        return True
    return (
        each.key.endswith("_KEY") and "PUBLIC" not in each.key and bool(_KEY.search(each.definition.description or ""))
    )


def secrets(inputs: Iterable[Input]) -> Iterator[Finding]:
    """Yield findings about inputs for secrets that are typed in clear text or have a default."""
    for each in inputs:
        kind, definition = each.definition.input_type, each.definition
        if kind is None or kind.name not in {"text", "text64", "fixed"} or not _is_secret(each):
            continue
        if len(definition.parts) == 5 and definition.parts[4].text.strip(RUBY_BLANKS):
            message = f"{each.key} is a secret by its name and has a default that everybody can read"
            where = definition.source.span(definition.parts[4].span)
            repair = "write the type password, and leave the default empty"
            yield codes.SECRET_DEFAULT.at(message, variable=each.key, position=where, value=MASK, repair=repair)
        elif kind.name == "text" and not each.key.endswith(
            "PRIVATE_KEY"
        ):  # a password is one line, a private key is not
            message = f"{each.key} is a secret by its name, and what is typed into a text is shown"
            where = definition.source.span(definition.parts[1].span)
            edits = (Edit(where, "password"),)  # a password is one line without blanks at its ends
            yield codes.SECRET_AS_TEXT.at(message, variable=each.key, position=where, edits=edits, safe=False)
