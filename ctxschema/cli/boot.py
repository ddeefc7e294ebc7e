"""The work of ``ctxschema boot``: running the boot agent, or a dry run."""

from __future__ import annotations

import errno
import os
import sys

import click

from ctxschema.boot.plan import bootable, gpu_facts, stopped
from ctxschema.boot.plan import dry_run as plan
from ctxschema.boot.program import boot_machine, write_report
from ctxschema.cli.output import end, print_findings, print_json, print_summary
from ctxschema.cli.show import boot_lines
from ctxschema.context.load import load_context
from ctxschema.core.errors import FileError, MissingFileError
from ctxschema.core.files import STDIN
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance


def run_boot(  # noqa: PLR0913 - one for each option
    appliance: Appliance,
    *,
    context: str,
    dry_run: bool,
    gpu: str,
    form: str,
    root: str,
    report: str | None,
    no_hardening: bool,
    check_gpu: bool,
) -> None:
    """Boot a machine, or print what a boot would do, and exit."""
    bootable(appliance)
    system = System(root)
    if not dry_run:
        _refuse_misuse(context, gpu, form)
        from ctxschema.boot.state import Options

        sys.exit(boot_machine(appliance, Options(context, not no_hardening, check_gpu), system, report, form))
    missing = False
    try:
        planned = plan(appliance, load_context(context), gpu_facts(gpu, system), hardened=not no_hardening)
    except FileError as error:
        if form != "json":
            raise
        planned, missing = stopped(error.findings), isinstance(error, MissingFileError)
    if report is not None:
        write_report(report, planned.as_dict())
    if form == "json":
        print_json(planned.as_dict())
        end(planned.findings, missing=missing)
    print_findings(planned.findings)
    if planned.ok:
        for line in boot_lines(planned, command_only=form == "shell"):
            click.echo(line)
    else:
        print_summary(f"{appliance.name}: no command", planned.findings)
    end(planned.findings)


def _refuse_misuse(context: str, gpu: str, form: str) -> None:
    for option, asked in (("--gpu", gpu != "detect"), ("--format shell", form == "shell")):
        if asked:
            raise click.UsageError(f"{option} is for plans only; add --dry-run")
    number = errno.EISDIR if os.path.isdir(context) else errno.ENOENT
    if context != STDIN and (number == errno.EISDIR or not os.path.exists(context)):
        raise MissingFileError(f"{context} cannot be read: {os.strerror(number)}")
