"""``ctxschema gpu check``."""

from __future__ import annotations

import sys
from typing import TextIO

import click

from ctxschema.cli.forms import FORMAT, LAYER


@click.command("check")
@LAYER
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False),
    default="/",
    show_default=True,
    help="The folder that takes the place of /; programs still come from PATH.",
)
@FORMAT
@click.option("--quiet", is_flag=True, help="Print only failures and warnings.")
@click.option("--image", help="Start the container from this image instead of one that is on the machine.")
@click.option("--pull", is_flag=True, help="Download the image if it is not there.")
@click.option("--no-container", is_flag=True, help="Do not start a container or look at an image.")
@click.option("--timeout", type=click.IntRange(1, 9999), help="The time limit of every program, in seconds.")
@click.option(
    "--onehost",
    type=click.File(encoding="utf-8", errors="replace"),
    help="The output of onehost show -x for this host, from the front-end (- for standard input).",
)
def command(  # noqa: PLR0913, PLR0917 - click hands over every option
    layer: str,
    root: str,
    form: str,
    quiet: bool,  # noqa: FBT001
    image: str | None,
    pull: bool,  # noqa: FBT001
    no_container: bool,  # noqa: FBT001
    timeout: int | None,
    onehost: TextIO | None,
) -> None:
    """Check the KVM host or the VM on which this runs.

    host checks whether GPUs can be passed to virtual machines, vm whether containers can use them. Each failed check
    comes with its FIX. The options for image, download and time limit are for vm only, because host runs no programs.
    """
    from ctxschema.cli.gpu_output import print_report
    from ctxschema.gpu.run import run_checks
    from ctxschema.machine.system import System
    from ctxschema.model.check import Layer

    if layer == Layer.HOST.value and (image is not None or pull or no_container or timeout):
        raise click.UsageError("--image, --pull, --no-container and --timeout are for vm; host starts no program")
    if layer == Layer.VM.value and onehost is not None:
        raise click.UsageError("--onehost is for host")
    if image is not None and not image.strip():
        raise click.BadParameter("name an image", param_hint="--image")
    onehost_text = onehost.read() if onehost else None
    containers = not no_container
    report = run_checks(
        Layer(layer), System(root), image=image, pull=pull, most=timeout, onehost=onehost_text, containers=containers
    )
    print_report(report, form, quiet=quiet)
    sys.exit(0 if report.ok else 1)
