"""What the SuperNode's ``--node-config`` takes: Flower's own reading of it, without Flower.

Source: gpu.md section 7, and ``flwr.common.config.parse_config_args`` of 1.25.0 and 1.42.0, which the tests run
beside this where Flower is installed.
"""

from __future__ import annotations

import re
import sys

from attrs import frozen

from ctxschema.core.secret import quoted
from ctxschema.model.limits import Limit

LONGEST = 4096

# A pair as Flower cuts it, or else a piece that Flower drops.
_PAIR = re.compile(r"(\S+?)=('[^']*'|\"[^\"]*\"|\S+)|(\S+)")


@frozen
class NodeConfig(Limit):
    """Pairs ``key=value`` with blanks between them, every value in TOML."""

    @property
    def words(self) -> str:
        return "key=value pairs with blanks between them, strings in double quotes"

    @property
    def good(self) -> str | None:
        return 'partition-id=0 site="north"'

    @property
    def bad(self) -> str | None:
        return "site=north"

    def problem(self, value: str) -> str | None:
        """Return what Flower would refuse or drop, or None."""
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


def _toml_problem(lines: list[str]) -> str | None:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    for line in lines:
        try:
            tables = list(tomllib.loads(line).values())
        except (tomllib.TOMLDecodeError, RecursionError):
            return f"holds {quoted(line.replace(' = ', '=', 1))}, which is not TOML; a string needs double quotes"
        while tables:
            item = tables.pop()
            if isinstance(item, dict):
                tables.extend(item.values())
            elif not isinstance(item, (bool, int, float, str)):
                return f"holds {quoted(line.replace(' = ', '=', 1))}, which is no text, number, true or false"
    try:
        tomllib.loads("\n".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError):
        return "names a key twice"
    return None


NODE_CONFIG = NodeConfig()
