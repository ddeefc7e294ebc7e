"""The boot agent as a program: ``python -m ctxschema.boot APPLIANCE`` or ``ctxschema-agent APPLIANCE``."""

import sys

from ctxschema.agent import main

sys.exit(main())
