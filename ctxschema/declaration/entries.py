"""The path of the entry of a container that a fault's message begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ctxschema.declaration.document import Path

_LISTS = {
    "environment": ("environment", "name"),
    "argument": ("arguments", "flag"),
    "file": ("files", "path"),
    "mount": ("mounts", "source"),
    "port": ("ports", "inside"),
    "publication": ("publishes", "name"),
}
"""By the word that a message calls an entry by: the field of the container that holds it, and what names it there."""


def entry_path(message: str, container: Mapping[str, Any]) -> Path:
    """Return the path, which begins with ``container``; that of the container itself if the message names no entry.

    Args:
        message: The message, such as ``container: environment A: ...`` or ``container web: port 80: ...``.
        container: The container as plain data, in the form of the schema.
    """
    whole, _, rest = message.partition(": ")
    path, data = _found(container, whole)
    word, _, behind = rest.partition(" ")
    if word not in _LISTS:
        return (*path, "image") if rest.startswith("image: ") else path
    field, key = _LISTS[word]
    for index, entry in enumerate(_listed(data.get(field))):
        named = entry.get(key) if isinstance(entry, dict) else entry[0] if isinstance(entry, list) else entry
        if behind.startswith(f"{named}: "):
            return (*path, field, index)
    return path


def _found(container: Mapping[str, Any], whole: str) -> tuple[Path, Mapping[str, Any]]:
    """Return the path and the data of the container that the beginning of a message names."""
    name = whole.partition(" ")[2]
    for index, beside in enumerate(_listed(container.get("beside"))):
        if isinstance(beside, dict) and beside.get("name") == name:
            return ("container", "beside", index), beside
    return ("container",), container


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()
