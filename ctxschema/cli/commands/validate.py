"""``ctxschema validate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ctxschema.cli.appliances import appliance_argument
from ctxschema.cli.forms import CONTEXT_HELP, FILE, FORMAT

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance

_BOOT_HELP = (
    "Judge as a boot does: a wrong value that it goes on without is a warning; and, if nothing stops it, what the "
    "container is made from is judged, too: image tag, mounts, ports, env file, keys and certificates."
)


@click.command("validate")
@appliance_argument
@click.option("--context", metavar="FILE", type=FILE, help=f"{CONTEXT_HELP} Without it, the environment.")
@click.option("--boot", "as_boot", is_flag=True, help=_BOOT_HELP)
@FORMAT
def command(appliance: Appliance, context: str | None, form: str, *, as_boot: bool) -> None:
    """Validate a context against an APPLIANCE.

    Shows the values with defaults applied, and every finding. A wrong value is an error, even if a boot would go on
    without it, as it does with the CPU if a GPU setting is wrong. Whether a boot would end otherwise is printed as
    well; with --boot, the context is judged as a boot judges it, which finds more.
    """
    from ctxschema.cli.validate import validate_context

    validate_context(appliance, context, form, as_boot=as_boot)
