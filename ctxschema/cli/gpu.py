"""``ctxschema gpu`` and ``ctxschema generate gpu-script``: what is asked for; what it does is imported when it runs."""

from __future__ import annotations

import os
import sys
from typing import TextIO

import click

from ctxschema.cli.forms import FORMAT

LAYER = click.argument("layer", type=click.Choice(["host", "vm"]))


@click.group()
def gpu() -> None:
    """Check GPUs, and find out what an error means."""


@gpu.command()
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
def check(  # noqa: PLR0913, PLR0917 - click hands over every option
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


@gpu.command()
@click.argument("text", nargs=-1)
@FORMAT
def troubleshoot(text: tuple[str, ...], form: str) -> None:
    """Find the cause and the fix of a symptom.

    TEXT is a symptom, an error message or lines of a log (- for standard input). Without it, the whole table. Ends with
    1 if nothing is known of it.
    """
    from ctxschema.cli.gpu_output import print_troubles

    sys.exit(0 if print_troubles(" ".join(text), form) else 1)


@click.command("gpu-script")
@LAYER
@click.option("-o", "--output", type=click.Path(), help="Write to this file, which is replaced whole, in one step.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; print how the file differs.")
def generate_gpu_script(layer: str, output: str | None, only_check: bool) -> None:  # noqa: FBT001
    """Generate a validation script.

    host: validate-host-gpu.sh, for the KVM host. vm: validate-gpu.sh, for the virtual machine. Bash 4.4 with coreutils,
    grep, sed and awk; --help tells their options.
    """
    from ctxschema.cli.write import write_or_check
    from ctxschema.gpu.script import gpu_script
    from ctxschema.model.check import Layer

    write_or_check(gpu_script(Layer(layer)), output, check=only_check, words=["gpu-script", layer])
    if output is not None and not only_check and os.path.isfile(output):
        os.chmod(output, os.stat(output).st_mode | 0o111)  # noqa: S103 - a script is there to be run
