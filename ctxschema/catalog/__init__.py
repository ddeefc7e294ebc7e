"""The appliances that ctxschema declares, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxschema.core.names import suggestion

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance

APPLIANCES = ("flower-superlink", "flower-supernode", "flower-service", "ollama", "vllm")
"""The names of all appliances, in the order of lists and documents."""

BOOTABLE = ("flower-superlink", "flower-supernode", "ollama", "vllm")
"""The names of those that are a single machine with a container."""


def machines_of(appliance: Appliance) -> tuple[Appliance, ...]:
    """Return the appliances that read the variables of one: those of its roles for a service, else itself."""
    if not appliance.roles:
        return (appliance,)
    family = appliance.name.rpartition("-")[0]
    names = (f"{family}-{role}" for role in appliance.roles)
    return tuple(get_appliance(name) for name in names if name in APPLIANCES)


def get_appliance(name: str) -> Appliance:
    """Return the appliance with a name.

    Raises:
        UnknownNameError: There is none; the message suggests a similar name.
    """
    if name not in APPLIANCES:
        from ctxschema.core.errors import UnknownNameError

        hint = suggestion(name, APPLIANCES) or f"; there are {', '.join(APPLIANCES)}"
        raise UnknownNameError(f"no appliance {name}{hint}")
    if name == "ollama":
        from ctxschema.catalog.ollama import OLLAMA

        return OLLAMA
    if name == "vllm":
        from ctxschema.catalog.vllm import VLLM

        return VLLM
    from ctxschema.catalog import flower

    appliances: dict[str, Appliance] = flower.APPLIANCES
    return appliances[name]
