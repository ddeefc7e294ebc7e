"""The command line. What a command does is imported when it runs."""

from __future__ import annotations

import gc
import sys

_COMMANDS = "ctxschema.cli.commands"


def main() -> None:
    """Run the command line; exit codes are 0 fine, 1 findings of severity error, 2 misuse."""
    if _COMMANDS not in sys.modules and gc.isenabled():
        # What is imported stays until the end: looking through it for garbage, then and at the exit, is for nothing.
        gc.disable()
        try:
            import ctxschema.cli.commands  # noqa: F401 - so that it stays
        finally:
            gc.freeze()
            gc.enable()
    from ctxschema.cli.commands import run

    run()
