"""``ctxschema generate all``."""

from __future__ import annotations

import click

from ctxschema.cli.appliances import FROM
from ctxschema.cli.commands.generate import names_option
from ctxschema.cli.forms import completing


@click.command("all")
@click.argument("appliance", required=False, metavar="[APPLIANCE]", shell_complete=completing("complete_appliances"))
@FROM
@click.option(
    "--out", required=True, type=click.Path(file_okay=False), help="The folder; it is created if it is missing."
)
@names_option
@click.option("--check", is_flag=True, help="Write nothing; print what differs and how to repair it.")
def command(appliance: str | None, origin: str | None, out: str, names: str, *, check: bool) -> None:
    """Generate every output of an APPLIANCE into a folder.

    Without APPLIANCE, generates the outputs of every appliance, each into a subfolder of its name.
    """
    from ctxschema.cli.outputs import generate_all

    generate_all(appliance, origin, out, names, check=check)
