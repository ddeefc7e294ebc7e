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
    help="The folder that stands for /; programs still come from PATH.",
)
@FORMAT
@click.option("--quiet", is_flag=True, help="Print only what failed or asks for a look.")
@click.option("--image", help="Start the container from this image; without it, from one that is there.")
@click.option("--pull", is_flag=True, help="Download the image if it is not there.")
@click.option("--no-container", is_flag=True, help="Start no container, and look at no image.")
@click.option("--timeout", type=click.IntRange(1, 9999), help="The longest that any program may take, in seconds.")
@click.option(
    "--onehost",
    type=click.File(encoding="utf-8", errors="replace"),
    help="What onehost show -x prints of this host on the front-end (- for standard input).",
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

    host asks whether GPUs can be handed to virtual machines, vm whether containers reach them. Each failed check comes
    with its FIX. The image, download and time limit are for vm, because host starts no program.
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
    told = onehost.read() if onehost else None
    containers = not no_container
    report = run_checks(
        Layer(layer), System(root), image=image, pull=pull, most=timeout, onehost=told, containers=containers
    )
    print_report(report, form, quiet=quiet)
    sys.exit(0 if report.ok else 1)
