"""``ctxschema gpu``, a group of commands."""

from __future__ import annotations

import click

from ctxschema.cli.lazy import Modules


@click.group("gpu", cls=Modules)
def command() -> None:
    """Check GPUs, and find out what an error means."""
