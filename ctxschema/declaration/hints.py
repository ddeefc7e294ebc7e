"""What to write instead, where a declaration has a word or a form of another language."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from ctxschema.core.names import nearest
from ctxschema.declaration.document import Path
from ctxschema.grammar.types import COMMON_MISTAKES

_BOUND = "limits: {from: 1, to: 10}"
_SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "args": {"arguments": "arguments"},
    "choices": {"options": "options"},
    "command": {"arguments": "arguments"},
    "depends_on": {"effective": "effective"},
    "description": {"label": "label or help", "summary": "summary"},
    "env": {"environment": "environment"},
    "inputs": {"variables": "variables"},
    "max": {"to": "to", "limits": _BOUND},
    "maximum": {"to": "to", "limits": _BOUND},
    "min": {"from": "from", "limits": _BOUND},
    "minimum": {"from": "from", "limits": _BOUND},
    "pattern": {"matches": "matches", "limits": "limits with matches"},
    "regex": {"matches": "matches", "limits": "limits with matches"},
    "required": {"mandatory": "mandatory"},
    "secret": {"kind": "kind: password"},
    "type": {"kind": "kind"},
    "user_inputs": {"variables": "variables"},
    "values": {"options": "options"},
    "volumes": {"mounts": "mounts"},
}
"""Keys that other tools have: under the key of a declaration that takes their place, what to write."""

_IMAGE = re.compile(r"(?P<repository>[^\s{}]+?)(?::(?P<tag>[\w.-]+))?\Z")
_BOUNDS = re.compile(r"\s*(-?\d+)\s*(?:\.\.|-)\s*(-?\d+)\s*\Z")
_PORTS = re.compile(r"(?:(?P<outside>\d+):)?(?P<inside>\d+)\Z")
_MOUNT = re.compile(r"(?P<source>[^:]+):(?P<target>/[^:]*)\Z")


def key_meant(key: str, known: Collection[str]) -> str | None:
    """Return what to write instead of an unknown key, or None if nothing is near.

    Args:
        key: The key.
        known: The keys that may stand there.
    """
    for name, written in _SYNONYMS.get(key.lower(), {}).items():
        if name in known:
            return written
    return nearest(key, known)


def word_meant(word: str, known: Collection[str]) -> str | None:
    """Return the word of a choice that another word probably means, or None.

    Args:
        word: The word.
        known: The words of the choice.
    """
    meant = COMMON_MISTAKES.get(word.lower())
    return meant if meant in known else nearest(word, known)


def example(path: Path, value: Any, schema: Mapping[str, Any], language: str) -> str | None:
    """Return an example of a mapping or a list for the place of a value that has another form; None if none is known.

    Args:
        path: The path to the value.
        value: The value.
        schema: The schema of the place.
        language: ``YAML``, ``TOML`` or ``JSON``.
    """
    field = next(step for step in reversed(path) if isinstance(step, str))
    made: Any = None
    if isinstance(value, str) and schema.get("type") == "object":
        made = _read(field, value)
    elif isinstance(value, dict) and field == "environment" and schema.get("type") == "array":
        # The value itself is left out, because it may be a secret.
        made = [{"name": next(iter(value), "NAME"), "text": "..."}]
    if made is None and schema.get("type") == "object":
        known = schema.get("properties", {})
        made = dict.fromkeys(schema.get("required") or [*known][:1], "...")
    return _written(made, language) if made else None


def _read(field: str, text: str) -> dict[str, Any] | None:
    """Return the mapping for a text in the form of Docker or of a template."""
    if field == "limits":
        bounds = _BOUNDS.match(text)
        return {"from": int(bounds[1]), "to": int(bounds[2])} if bounds else {"from": 1, "to": 10}
    forms = {"image": _IMAGE, "ports": _PORTS, "mounts": _MOUNT}
    match = forms[field].match(text) if field in forms else None
    return {name: part for name, part in match.groupdict().items() if part} if match else None


def _written(value: Any, language: str) -> str:
    """Return a value as it is written on one line."""
    if isinstance(value, list):
        return f"[{', '.join(_written(each, language) for each in value)}]"
    if not isinstance(value, dict) or language == "JSON":
        return json.dumps(value)
    between = " = " if language == "TOML" else ": "
    return f"{{{', '.join(f'{name}{between}{_written(each, language)}' for name, each in value.items())}}}"
