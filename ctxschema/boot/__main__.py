"""The boot agent as a program: ``python -m ctxschema.boot APPLIANCE`` or ``ctxschema-agent APPLIANCE``."""

import sys

from ctxschema.boot.program import main

sys.exit(main())
