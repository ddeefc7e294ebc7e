"""``ctxschema generate gpu-script``."""

from __future__ import annotations

import os

import click

from ctxschema.cli.forms import FILE, LAYER


@click.command("gpu-script")
@LAYER
@click.option("-o", "--output", type=FILE, help="Write to this file, replacing it atomically.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; print how the file differs.")
def command(layer: str, output: str | None, only_check: bool) -> None:  # noqa: FBT001
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
