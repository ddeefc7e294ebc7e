"""The appliances that ctxschema knows by name."""

from __future__ import annotations

from ctxschema.core.errors import UnknownNameError
from ctxschema.core.names import suggestion
from ctxschema.model.appliance import Appliance

APPLIANCES = ("flower-superlink", "flower-supernode", "flower-service")
"""The names, in the order in which they are listed."""

BOOTABLE = ("flower-superlink", "flower-supernode")
"""Those of them that are one machine with a container."""


def get_appliance(name: str) -> Appliance:
    """Return the appliance of a name.

    Raises:
        UnknownNameError: There is none; the message offers the nearest.
    """
    if name not in APPLIANCES:
        hint = suggestion(name, APPLIANCES) or f"; there are {', '.join(APPLIANCES)}"
        raise UnknownNameError(f"no appliance {name}{hint}")
    from ctxschema.catalog import flower

    appliances: dict[str, Appliance] = flower.APPLIANCES
    return appliances[name]
