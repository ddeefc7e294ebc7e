"""Values that a machine generates for variables that nobody has set: a password, its address or hostname, a UUID.

Random values are generated at the first boot and stored in a file that only root can read, so that later boots use the
same ones.
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
    """Return the generated values, by name; a variable that somebody has set gets none.

    Args:
        system: The machine.
        appliance: The declaration.
        values: The values of the context, with defaults applied.
        facts: The facts from the context, such as the address.
        keep: Whether to generate missing random values and store them; otherwise they are left out.

    Raises:
        FileError: Random values cannot be stored.
    """
    wanted = [variable for variable in appliance.variables if variable.made is not None and not values.get(variable)]
    if not wanted:
        return {}
    path = f"{FOLDER}/{appliance.name}.json"
    stored = _stored(system, path)
    before = dict(stored)
    found: dict[str, Any] = {}
    for variable in wanted:
        if variable.made in _RANDOM and keep:
            stored.setdefault(variable.name, _random(variable.made))
        text = stored.get(variable.name) if variable.made in _RANDOM else _own(system, variable.made, facts)
        if text:
            found[variable.name] = _value(variable, text)
    if stored != before:
        system.make_folder(FOLDER, 0o700, 0)
        system.write(path, json.dumps(stored, indent=2) + "\n", SECRET_MODE, 0)
    return found


def _stored(system: System, path: str) -> dict[str, str]:
    """Return the values that earlier boots stored; none if the file is missing or malformed."""
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
