"""Declarations in YAML, TOML or JSON that the user pastes, drops or opens on the page."""

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
"""The greatest length of a declaration, in characters; one with a hundred variables has 40,000."""

_YAML = re.compile(r"^(?:variables|[\"']variables[\"'])[ \t]*:", re.MULTILINE)
_TOML = re.compile(r"^[ \t]*\[[ \t]*variables[ \t]*[.\]]", re.MULTILINE)
_JSON = re.compile(r"\"variables\"\s*:\s*\{")


def format_of(source: SourceText) -> str | None:
    """Return the file suffix for the format of a declaration, or None if the text is not a declaration.

    Only a declaration has ``variables`` at its top level. A malformed text with that key counts as a declaration, so
    that its faults are reported.
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
    """Return the appliance that a text declares, or None with a finding for every fault.

    Args:
        source: The text. Files that it includes are not read, as the page has no folder.
        ending: The suffix, as `format_of` returns it.
    """
    from ctxschema.declaration.load import read_declaration

    if not source.name.lower().endswith(FORMATS):
        source = SourceText(source.text, f"{source.name}{ending}")
    if len(source.text) > MOST_DECLARED:
        message = f"a declaration of more than {MOST_DECLARED:,} characters is not read on this page"
        return None, [codes.TOO_LARGE.at(message, position=source.at(0, 0), repair="use ctxschema preview --from FILE")]
    return read_declaration(source, includes=False)
