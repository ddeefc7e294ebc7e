"""Reading the Ruby of a one-apps appliance: the names that it reads from the context, with their defaults.

Source: docs/facts/opennebula.md, section 1.6: ``env(:NAME, default)``, where an empty value counts as unset.
"""

from __future__ import annotations

import re

from ctxschema.core.later import later
from ctxschema.core.source import SourceText
from ctxschema.lint.document import Document, Entry, Kind, Script
from ctxschema.lint.pieces import joined

_ENV = later(
    r"""^[^#\n]*?\benv[ \t]*\(?[ \t]*(?::|['"])(?P<name>[A-Z][A-Z0-9_]*)['"]?[ \t]*,[ \t\n]*
        (?:'(?P<single>(?:[^'\\\n]|\\.)*)'|"(?P<double>[^"\n#]*)"|(?P<other>))""",
    re.MULTILINE | re.VERBOSE,
)
_PIECE = later(r"\\(['\\])|\\|[^\\]+")
_OF_AN_APPLIANCE = later(r"one-appliance|lib/helpers|^[ \t]*load_env\b|^[ \t]*module Service\b", re.MULTILINE)


def read_ruby(source: SourceText) -> Document:
    """Return a Ruby program as a document; it has no parts if it is not an appliance's."""
    defaults = []
    for match in _ENV.finditer(source.text) if _OF_AN_APPLIANCE.search(source.text) else ():
        span = match.span(str(match.lastgroup))
        value = _single(source, *span) if match.lastgroup == "single" else joined(source, [span])
        defaults.append(Entry(match["name"], source.at(*match.span("name")), value))
    if not defaults:
        return Document(None, source)
    return Document(Kind.SCRIPT, source, (Script(defaults=tuple(defaults), declares=False),))


def _single(source: SourceText, start: int, end: int) -> SourceText:
    """Return the value of a single-quoted string, in which a backslash escapes a quote and itself."""
    pieces = _PIECE.finditer(source.text, start, end)
    return joined(source, [(start, start), *(piece.span(piece.lastindex or 0) for piece in pieces)])
