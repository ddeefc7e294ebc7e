"""Plain data as YAML that Ruby and Python read alike, written without a library, for what is generated imports none.

A key that begins with a colon is a symbol of Ruby and stands without quotes, in which it would be text: the tests of
the community marketplace read their files so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ctxschema.core.quoting import yaml_key, yaml_string

_SYMBOL = re.compile(r":[A-Za-z_][A-Za-z0-9_-]*\Z")
_BLOCK = re.compile(r"[^\s\x00-\x1f\x7f-\x9f][^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff]*\n?\Z")
"""A text that a literal block can carry: nothing but printable characters, and no blanks where it begins."""


def plain_yaml(data: Mapping[str, Any]) -> str:
    """Return plain data as a document; every text stands in quotes, or as a block where it has several lines."""
    return "".join(_lines(data, ""))


def merged(first: Mapping[str, Any], kept: Any) -> dict[str, Any]:
    """Return data in which what is kept takes the place of what would be made, part by part."""
    made = dict(first)
    for name, value in kept.items() if isinstance(kept, Mapping) else ():
        before = made.get(name)
        made[name] = merged(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return made


def _lines(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in data.items():
        yield from _entry(f"{indent}{name if _SYMBOL.match(name) else yaml_key(name)}:", value, f"{indent}  ")


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    """Yield what stands behind a key or a hyphen."""
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
    elif isinstance(value, str) and "\n" in value.rstrip("\n") and _BLOCK.match(value):
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
