"""Writing plain data as YAML that Ruby and Python read alike, without a YAML library.

A key that begins with a colon is a Ruby symbol, and is left unquoted because quotes would make it a string. The tests
of the community marketplace expect symbols.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ctxschema.core.quoting import yaml_key, yaml_string

_SYMBOL = re.compile(r":[A-Za-z_][A-Za-z0-9_-]*\Z")
_BLOCK = re.compile(r"[^\s\x00-\x1f\x7f-\x9f][^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]*\n?\Z")
"""A text that fits a literal block: printable characters only, and no leading blanks."""


def plain_yaml(data: Mapping[str, Any]) -> str:
    """Return plain data as a YAML document; texts are quoted, or written as a block if they have several lines."""
    return "".join(_lines(data, ""))


def merged(first: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    """Return generated data with the declared data merged in; the declared values win, key by key."""
    made = dict(first)
    for name, value in declared.items():
        before = made.get(name)
        made[name] = merged(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return made


def _lines(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in data.items():
        yield from _entry(f"{indent}{name if _SYMBOL.match(name) else yaml_key(name)}:", value, f"{indent}  ")


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a value after its key or hyphen."""
    if isinstance(value, Mapping) and value:
        yield f"{head}\n"
        yield from _lines(value, indent)
    elif isinstance(value, (list, tuple)) and value:
        yield f"{head}\n"
        for item in value:
            if isinstance(item, Mapping) and item:
                first, *rest = _lines(item, f"{indent}  ")
                yield f"{indent}- {first.removeprefix(f'{indent}  ')}"
                yield from rest
            else:
                yield from _entry(f"{indent}-", item, f"{indent}  ")
    elif isinstance(value, str) and "\n" in value.rstrip() and _BLOCK.match(value):
        yield f"{head} |{'' if value.endswith(chr(10)) else '-'}\n"
        yield from (f"{indent}{line}\n" if line else "\n" for line in value.removesuffix("\n").split("\n"))
    else:
        yield f"{head} {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, (list, tuple)):
        return "[]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value) if isinstance(value, (int, float)) else yaml_string(str(value))
