"""Checks of what the export of a marketplace entry cannot write. Source: docs/facts/opennebula.md, section 1.4."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Edit, Finding
from ctxschema.core.later import later
from ctxschema.core.secret import quoted
from ctxschema.lint.document import Section

_NULL = {"", "~", "null"}
_UNSAFE = later(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\]\]>|\\\Z")
_BARE_QUOTE = later(r'(?<!\\)"')
_PLAIN = later(r"[\w.+:~-]+\Z", re.ASCII)


def exported(section: Section) -> Iterator[Finding]:
    """Yield findings about values of a marketplace entry that do not reach the exported template."""
    definitions = {each.definition.source for each in section.inputs}
    for scalar in section.exported:
        where = scalar.source.at(0, len(scalar.text))
        if not scalar.string and scalar.text.lower() not in _NULL:
            edits = (Edit(where, f'"{scalar.text}"'),) if _PLAIN.match(scalar.text) else ()
            message = f"{quoted(scalar.text)} is no text in YAML, and the export drops the whole template"
            repair = f'write "{scalar.text}"' if edits else codes.NOT_QUOTED.repair
            yield codes.NOT_QUOTED.at(message, position=where, edits=edits, repair=repair)
        bare = _BARE_QUOTE.search(scalar.text)
        if bare is not None:
            message = "the export writes this double quote as it stands, and the template ends up without a value"
            yield codes.MARKETPLACE_QUOTE.at(message, position=scalar.source.at(*bare.span()))
        unsafe = _UNSAFE.search(scalar.text)
        if unsafe is not None and scalar.source not in definitions:
            message = f"{quoted(unsafe.group())} does not survive being stored"
            yield codes.UNSAFE_TEXT.at(message, position=scalar.source.at(*unsafe.span()))
