"""``ctxschema show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ctxschema.cli.appliances import appliance_argument
from ctxschema.cli.forms import FORMAT, completing

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance


@click.command("show")
@appliance_argument
@click.argument("variable", required=False, shell_complete=completing("complete_variables"))
@FORMAT
def command(appliance: Appliance, variable: str | None, form: str) -> None:
    """Show the declaration of an APPLIANCE, or of one VARIABLE."""
    from ctxschema.cli.show import show_appliance, show_variable

    if variable is None:
        show_appliance(appliance, form)
    else:
        show_variable(appliance, appliance.variable(variable), form)
