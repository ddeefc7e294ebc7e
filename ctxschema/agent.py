"""The boot agent for the appliances of the catalog: ``ctxschema-agent APPLIANCE`` or ``python -m ctxschema.boot``.

The agent's own code knows no appliance; this module passes it those of the catalog.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ctxschema.boot.program import Appliances, run
from ctxschema.catalog import BOOTABLE, get_appliance

CATALOG = Appliances(BOOTABLE, get_appliance)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the agent and return its exit code: 0 for success, 1 if an error stopped it, 2 for wrong usage.

    Args:
        arguments: The command-line arguments without the program's name; those of the process if None.
    """
    return run(sys.argv[1:] if arguments is None else arguments, CATALOG)
