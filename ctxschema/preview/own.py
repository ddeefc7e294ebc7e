"""Declarations that somebody pastes, drops or opens on the page, in YAML, TOML or JSON."""

from __future__ import annotations

import json
import os
import re

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText
from ctxschema.declaration.document import FORMATS
from ctxschema.model.appliance import Appliance

MOST_DECLARED = 1_000_000
"""How many characters of a declaration the page reads; one of a hundred variables has forty thousand."""

_YAML = re.compile(r"^(?:variables|[\"']variables[\"'])[ \t]*:", re.MULTILINE)
_TOML = re.compile(r"^[ \t]*\[[ \t]*variables[ \t]*[.\]]", re.MULTILINE)
_JSON = re.compile(r"\"variables\"\s*:\s*\{")


def format_of(source: SourceText) -> str | None:
    """Return the ending of the format in which a text declares an appliance, or None where it declares none.

    Only a declaration has ``variables`` at its top. A text that has them and is broken counts as one, so that it is
    told the faults of a declaration.
    """
    ending = os.path.splitext(source.name)[1].lower()
    if ending == ".toml":
        return ending
    if ending and ending not in FORMATS and not source.name.startswith("<"):
        return None
    if source.text.lstrip("\ufeff \t\r\n").startswith("{"):
        return ".json" if _has_variables(source.text) else None
    if _YAML.search(source.text):
        return ".yaml"
    return ".toml" if _TOML.search(source.text) else None


def _has_variables(text: str) -> bool:
    if len(text) <= MOST_DECLARED:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            return isinstance(data, dict) and "variables" in data
    return _JSON.search(text) is not None


def read_own(source: SourceText, ending: str) -> tuple[Appliance | None, list[Finding]]:
    """Return the appliance that a text declares, or None with every fault and its place.

    Args:
        source: The text; what it includes is not read, since the page has no folder that it comes from.
        ending: Its format, as `format_of` says.
    """
    from ctxschema.declaration.load import read_declaration

    if not source.name.lower().endswith(FORMATS):
        source = SourceText(source.text, f"{source.name}{ending}")
    if len(source.text) > MOST_DECLARED:
        message = f"a declaration of more than {MOST_DECLARED:,} characters is not read on this page"
        return None, [codes.TOO_LARGE.at(message, position=source.at(0, 0), repair="use ctxschema preview --from FILE")]
    return read_declaration(source, includes=False)
