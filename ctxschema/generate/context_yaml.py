"""The ``context.yaml`` of the community marketplace: which of its tests an image goes through."""

from __future__ import annotations

from typing import Any

from ctxschema.generate.options import Options
from ctxschema.generate.symbols import symbols_yaml
from ctxschema.model.appliance import Appliance


def generate(appliance: Appliance, options: Options) -> str:  # noqa: ARG001 - as every output
    """Return the output."""
    image: dict[str, Any] = {
        ":image_name": f"{appliance.name}.qcow2",
        ":type": "linux",
        ":microenvs": ["context-kvm"],
        ":slow": True,
        ":enable_netcfg_common": True,
        ":enable_netcfg_ip_methods": True,
    }
    return symbols_yaml(appliance, appliance.extra.get("tests") or {":tests": {appliance.name: image}})
