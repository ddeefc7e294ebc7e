"""Reading the releases for ``ctxschema diff``, and printing for ``diff`` and ``drift``."""

from __future__ import annotations

import os
from typing import Any

from ctxschema.cli.appliances import load_appliances, one_of, split_origin
from ctxschema.cli.output import print_json
from ctxschema.core.errors import FileError, UnknownNameError
from ctxschema.core.finding import Finding, has_errors
from ctxschema.core.names import suggestion
from ctxschema.core.outside import json_value


def print_compared(findings: list[Finding], **facts: Any) -> None:
    """Print the findings of a comparison, and what was compared, as JSON."""
    print_json({**facts, "ok": not has_errors(findings), "findings": [finding.as_dict() for finding in findings]})


def release(word: str, wanted: str | None) -> tuple[dict[str, Any], str]:
    """Return the interface of a release as plain data, and the name of its appliance.

    Args:
        word: The argument: an appliance, a file, a module or a JSON Schema.
        wanted: The name of the appliance, if a file or module declares several.
    """
    from ctxschema.catalog import APPLIANCES, get_appliance
    from ctxschema.generate.release import release_data

    if word in APPLIANCES:
        return release_data(get_appliance(word)), word
    if (word.endswith(".json") and not _is_declaration(word)) or word == "-":
        return _from_schema(word)
    from ctxschema.declaration.document import FORMATS

    module, name = split_origin(word)
    if not module.endswith((".py", *FORMATS)) and ":" not in module and not os.path.exists(module):
        raise UnknownNameError(f"{word} is no appliance, no module and no schema{suggestion(word, APPLIANCES)}")
    return declared(module, name, wanted)


def declared(origin: str, name: str | None, wanted: str | None) -> tuple[dict[str, Any], str]:
    """Return the interface of the release that a file or module declares, and the name of its appliance."""
    from ctxschema.generate.release import release_data

    found = load_appliances(origin)
    appliance = one_of(found, name or (wanted if wanted in found and len(found) > 1 else None), origin)
    return release_data(appliance), appliance.name


def _is_declaration(path: str) -> bool:
    """Say whether a JSON file is a declaration, rather than a JSON Schema generated from one."""
    from ctxschema.core.files import read_text

    try:
        data = json_value(read_text(path).text)
    except ValueError:
        return False
    return isinstance(data, dict) and "variables" in data


def _from_schema(path: str) -> tuple[dict[str, Any], str]:
    from ctxschema.core import codes
    from ctxschema.core.files import read_text
    from ctxschema.generate.json_schema import RELEASE

    source = read_text(path)
    try:
        data = json_value(source.text)["$defs"][RELEASE]["examples"][0]
        known = isinstance(data["variables"], dict) and isinstance(data["rules"], dict)
        name = str(data["appliance"])
    except (ValueError, LookupError, TypeError):
        known, data, name = False, {}, ""
    if not known:
        message = f"{source.name} is no JSON Schema that ctxschema has generated"
        raise FileError(message, [codes.NOT_A_RELEASE.at(message, position=source.at(0, 0))])
    return data, name
