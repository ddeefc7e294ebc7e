"""The ``metadata.yaml`` of the community marketplace: what an appliance is built on, and what its tests tell it."""

from __future__ import annotations

import re
from typing import Any

from ctxschema.generate.options import Options
from ctxschema.generate.symbols import merged, symbols_yaml
from ctxschema.model.appliance import Appliance

_PREFIX = "ONEAPP_"


def generate(appliance: Appliance, options: Options) -> str:
    """Return the output."""
    kept = appliance.extra.get("metadata", {})
    inputs = options.names.inputs(appliance, appliance.asked)
    prefixed = all(name.startswith(_PREFIX) for name in inputs)
    values = {name: variable.default_text for name, variable in inputs.items() if not variable.secret}
    params = {f":{name.removeprefix(_PREFIX) if prefixed else name}": text for name, text in values.items() if text}
    if kept.get(":app", {}).get(":context", {}).get(":params"):
        params = {}  # what the tests tell it is not what nobody tells it
    size = appliance.machine
    template: dict[str, Any] = {
        "ARCH": "x86_64",
        "CONTEXT": {entry.name: entry.value for entry in appliance.infrastructure},
        "CPU": str(size.cpu),
        "MEMORY": str(size.memory),
    }
    made = {
        ":app": {
            ":name": appliance.name,
            ":type": "service",
            ":os": {":type": "linux", **_base(appliance)},
            ":hypervisor": "KVM",
            ":context": {":prefixed": prefixed, ":params": params},
        },
        ":one": {":template": {"NAME": "base", "TEMPLATE": template}, ":datastore_name": "default", ":timeout": "90"},
        ":infra": {":disk_format": "qcow2", ":apps_path": "/var/tmp"},  # noqa: S108 - a path on the tests' machine
    }
    for part in (":one", ":infra"):
        if part in kept:
            made[part] = {}
    return symbols_yaml(appliance, merged(made, kept))


def _base(appliance: Appliance) -> dict[str, str]:
    """Return the distribution that an entry names, in one word: ``ubuntu2404``."""
    entry = appliance.extra.get("entry", {})
    release = re.match(r"[0-9.]+", str(entry.get("os-release", "")))
    word = re.sub(r"[^a-z0-9]", "", f"{entry.get('os-id', '')}{release.group() if release else ''}".lower())
    return {":base": word} if word else {}
