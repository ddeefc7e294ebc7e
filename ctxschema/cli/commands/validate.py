"""``ctxschema validate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ctxschema.cli.appliances import appliance_argument
from ctxschema.cli.forms import CONTEXT_HELP, FILE, FORMAT

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance


@click.command("validate")
@appliance_argument
@click.option("--context", metavar="FILE", type=FILE, help=f"{CONTEXT_HELP} Without it, the environment.")
@click.option("--boot", "as_boot", is_flag=True, help="Judge as a boot does: a wrong GPU setting stops nothing.")
@FORMAT
def command(appliance: Appliance, context: str | None, form: str, *, as_boot: bool) -> None:
    """Validate a context against an APPLIANCE.

    Shows the values with defaults applied, and every finding. A wrong value is an error, even if a boot would go on
    without it, as it does with the CPU if a GPU setting is wrong. What a boot would do is printed as well; with --boot,
    values are judged as a boot judges them.
    """
    from ctxschema.cli.validate import validate_context

    validate_context(appliance, context, form, as_boot=as_boot)
