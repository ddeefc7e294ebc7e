"""The command line. What a command does is imported when it runs."""

from __future__ import annotations

import gc
import sys

_RUN = "ctxschema.cli.run"


def main() -> None:
    """Run the command line; exit codes are 0 fine, 1 findings of severity error, 2 misuse."""
    try:
        if _RUN not in sys.modules and gc.isenabled():
            # What is imported stays until the end, so that looking through it for garbage is for nothing.
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
