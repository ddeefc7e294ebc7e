"""The limit of a text for the SuperNode's ``--node-config``: how Flower reads it, without importing Flower.

Source: docs/facts/gpu.md section 7, and ``flwr.common.config.parse_config_args`` of 1.25.0 and 1.42.0; where Flower is
installed, the tests compare both.
"""

from __future__ import annotations

import re
import sys
from typing import Any

from attrs import frozen

from ctxschema.core.secret import quoted
from ctxschema.model.limits import Limit

LONGEST = 4096

# A pair as Flower finds it, or a piece that Flower ignores.
_PAIR = re.compile(r"(\S+?)=('[^']*'|\"[^\"]*\"|\S+)|(\S+)")


@frozen
class NodeConfig(Limit):
    """Pairs ``key=value`` separated by blanks, where every value is written as in TOML."""

    @property
    def words(self) -> str:
        return "key=value pairs with blanks between them, strings in double quotes"

    @property
    def example(self) -> str | None:
        return 'partition-id=0 site="north"'

    @property
    def counterexample(self) -> str | None:
        return "site=north"

    def problem(self, value: str) -> str | None:
        """Return what Flower would refuse or silently drop, or None."""
        if len(value) > LONGEST:
            return f"has {len(value)} characters, more than {LONGEST}"
        if value.endswith(".toml"):
            return "ends in .toml, which Flower takes for a file to open"
        lines = []
        for match in _PAIR.finditer(value):
            key, text, dropped = match.groups()
            if dropped is not None:
                return f"holds {quoted(dropped)}, which is no key=value pair and which Flower drops"
            lines.append(f"{key} = {text}")
        return _toml_problem(lines)


_PLAIN = re.compile(
    r'([A-Za-z0-9_-]+) = (?:"[^"\\\x00-\x1f\x7f]*"|true|false|[+-]?(?:0|[1-9][0-9]{0,16})(?:\.[0-9]{1,17})?)\Z'
)
"""A pair that is certainly valid TOML, so that tomllib, which is slow to import, is not needed."""


def _toml_problem(lines: list[str]) -> str | None:
    plain = [_PLAIN.match(line) for line in lines]
    if all(plain) and len({match[1] for match in plain if match}) == len(lines):
        return None
    return _problem_by_toml(lines)


def _problem_by_toml(lines: list[str]) -> str | None:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    keys: list[str] = []
    for line in lines:
        pair = quoted(line.replace(" = ", "=", 1))
        try:
            flat = _flat(tomllib.loads(line))
        except (tomllib.TOMLDecodeError, RecursionError):
            return f"holds {pair}, which is not TOML; a string needs double quotes, and blanks stand between pairs"
        if not flat:
            return f"holds {pair}, which gives no value and which Flower drops"
        for value in flat.values():
            if not isinstance(value, (bool, int, float, str)):
                return f"holds {pair}, which is no text, number, true or false"
            if isinstance(value, int) and not -(2**63) <= value < 2**63:
                return f"holds {pair}, which is too large for Flower to send"
        keys.extend(flat)
    try:
        together = _flat(tomllib.loads("\n".join(lines)))
    except (tomllib.TOMLDecodeError, RecursionError):
        return "names a key twice"
    return None if len(together) == len(keys) else "names a key twice"


def _flat(table: dict[str, Any]) -> dict[str, Any]:
    """Return the values of nested tables, keyed by dotted name."""
    flat: dict[str, Any] = {}
    open_tables = [("", table)]
    while open_tables:
        prefix, inner = open_tables.pop()
        for key, value in inner.items():
            if isinstance(value, dict):
                open_tables.append((f"{prefix}{key}.", value))
            else:
                flat[f"{prefix}{key}"] = value
    return flat


NODE_CONFIG = NodeConfig()
