"""The command line. The modules of a command are imported when the command runs."""

from __future__ import annotations

import gc
import sys

_RUN = "ctxschema.cli.run"


def main() -> None:
    """Run the command line and exit: 0 for success, 1 for findings of severity error, 2 for wrong usage."""
    try:
        if _RUN not in sys.modules and gc.isenabled():
            # Imported objects stay until the end, so searching them for garbage would only take time.
            gc.disable()
            try:
                import ctxschema.cli.run  # noqa: F401 - so that it stays
            finally:
                gc.freeze()
                gc.enable()
        from ctxschema.cli.run import run

        code = run()
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
