"""The command line. What a command does is imported when it runs."""

from __future__ import annotations


def main() -> None:
    """Run the command line; exit codes are 0 fine, 1 findings of severity error, 2 misuse."""
    from ctxschema.cli.commands import run

    run()
