"""``ctxschema boot``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ctxschema.cli.appliances import appliance_argument
from ctxschema.cli.forms import CONTEXT_HELP, FILE, Word

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance


@click.command("boot")
@appliance_argument
@click.option("--context", metavar="FILE", type=FILE, required=True, help=CONTEXT_HELP)
@click.option("--dry-run", is_flag=True, help="Start nothing; print what would be done.")
@click.option(
    "--gpu",
    type=Word(["yes", "no", "detect"]),
    default="detect",
    show_default=True,
    help="Assume a usable GPU or none, or look for one. A real boot always looks.",
)
@click.option(
    "--format",
    "form",
    type=Word(["text", "json", "shell"]),
    default="text",
    show_default=True,
    help="Format of the output; shell is the command alone, quoted for pasting.",
)
@click.option(
    "--root",
    metavar="DIR",
    default="/",
    type=click.Path(exists=True, file_okay=False, resolve_path=True),
    help="The folder that takes the place of /, to test with.",
)
@click.option("--report", metavar="FILE", type=FILE, help="Write the report to this file, as JSON.")
@click.option(
    "--no-hardening", is_flag=True, help="Do not drop the container's privileges, for a program that needs them."
)
@click.option("--check-gpu", is_flag=True, help="Once the container runs with a GPU, run validate-gpu.sh, too.")
def command(appliance: Appliance, **asked: Any) -> None:
    """Boot a machine of an APPLIANCE from a context.

    Runs the steps that the appliance declares, from reading the context to a running container, as the boot agent does.
    With --dry-run, prints the docker command that a boot would run, and starts nothing. A wrong GPU setting is only a
    warning in both cases.
    """
    from ctxschema.cli.boot import run_boot

    run_boot(appliance, **asked)
