"""The option that several commands share. What prints in these forms is imported when a command runs."""

from __future__ import annotations

import click

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the output.",
)
"""The option of every command that prints for people or for programs."""
