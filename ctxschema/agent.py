"""The boot agent with the appliances of the catalog: ``ctxschema-agent APPLIANCE`` or ``python -m ctxschema.boot``.

The agent itself knows no appliance. Whoever starts it hands them in, as this does.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from ctxschema.boot.program import Appliances, run
from ctxschema.catalog import BOOTABLE, get_appliance

CATALOG = Appliances(BOOTABLE, get_appliance)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the agent and return its exit code: 0 fine, 1 an error stopped it, 2 misuse.

    Args:
        arguments: The words behind the program's name; those of the process if None.
    """
    return run(sys.argv[1:] if arguments is None else arguments, CATALOG)
