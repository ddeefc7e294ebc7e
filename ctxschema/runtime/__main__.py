"""The boot agent as a program: ``python -m ctxschema.runtime APPLIANCE`` or ``ctxschema-agent APPLIANCE``."""

import sys

from ctxschema.runtime.program import main

sys.exit(main())
