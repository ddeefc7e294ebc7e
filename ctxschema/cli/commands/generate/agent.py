"""``ctxschema generate agent``."""

from __future__ import annotations

import click

from ctxschema.cli.appliances import FROM, resolve
from ctxschema.cli.forms import completing


@click.command("agent")
@click.argument("appliance", required=False, metavar="[APPLIANCE]", shell_complete=completing("complete_appliances"))
@FROM
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False), help="The file to write.")
def command(appliance: str | None, origin: str | None, target: str) -> None:
    """Generate the boot agent as one file.

    It needs only Python 3.10 or newer, and no packages. It boots APPLIANCE, or the one that --from declares; without
    either, every appliance of the catalog that has a container.
    """
    from ctxschema.generate.agent import write_agent

    try:
        write_agent(target, None if appliance is None and origin is None else resolve(appliance, origin))
    except OSError as error:
        raise click.UsageError(f"{target} cannot be written: {error.strerror}") from None
