"""Values that the machine makes of what nobody has set: a password, its own address or name, a UUID.

What is random is made at the first boot and kept, for its owner alone, so that a machine that boots again is the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ctxschema.context.values import Values
from ctxschema.core.secret import Secret
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance
from ctxschema.model.container import SECRET_MODE
from ctxschema.model.variable import Maker, Variable

FOLDER = "/var/lib/ctxschema"
_PASSWORD_BYTES = 18
_RANDOM = {Maker.PASSWORD, Maker.UUID}


def made_values(
    system: System, appliance: Appliance, values: Values, facts: Mapping[str, str], *, keep: bool = True
) -> dict[str, Any]:
    """Return the values of the variables that the machine makes, by name; none of one that somebody has set.

    Args:
        system: The machine.
        appliance: What is declared.
        values: What was given, and the defaults.
        facts: What the machine was told of itself.
        keep: Whether to make what is random where it was not made before, and keep it; it is left out otherwise.

    Raises:
        FileError: What is random cannot be kept.
    """
    wanted = [variable for variable in appliance.variables if variable.made is not None and not values.get(variable)]
    if not wanted:
        return {}
    path = f"{FOLDER}/{appliance.name}.json"
    kept = _kept(system, path)
    before = dict(kept)
    found: dict[str, Any] = {}
    for variable in wanted:
        if variable.made in _RANDOM and keep:
            kept.setdefault(variable.name, _random(variable.made))
        text = kept.get(variable.name) if variable.made in _RANDOM else _own(system, variable.made, facts)
        if text:
            found[variable.name] = _value(variable, text)
    if kept != before:
        system.make_folder(FOLDER, 0o700, 0)
        system.write(path, json.dumps(kept, indent=2) + "\n", SECRET_MODE, 0)
    return found


def _kept(system: System, path: str) -> dict[str, str]:
    """Return what an earlier boot has made; nothing of a file that holds something else."""
    try:
        data = json.loads(system.read(path) or "{}")
    except (ValueError, RecursionError):
        return {}
    return {key: text for key, text in data.items() if isinstance(text, str)} if isinstance(data, dict) else {}


def _random(maker: Maker | None) -> str:
    if maker is Maker.PASSWORD:
        import secrets

        return secrets.token_urlsafe(_PASSWORD_BYTES)
    import uuid

    return str(uuid.uuid4())


def _own(system: System, maker: Maker | None, facts: Mapping[str, str]) -> str | None:
    if maker is Maker.ADDRESS:
        return facts.get("address")
    return system.read("/proc/sys/kernel/hostname")


def _value(variable: Variable[Any], text: str) -> Any:
    return Secret(text) if variable.secret else text
