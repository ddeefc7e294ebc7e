"""``ctxschema drift``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ctxschema.cli.appliances import appliance_argument
from ctxschema.cli.forms import FILE, FORMAT

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance

_MOST_PRINTED = 1000
"""The greatest number of findings that are printed as text."""


@click.command("drift")
@appliance_argument
@click.argument("paths", nargs=-1, metavar="PATH...", type=FILE)
@FORMAT
def command(appliance: Appliance, paths: tuple[str, ...], form: str) -> None:
    """Compare an existing appliance with its declaration.

    Reads every PATH (templates, marketplace entries, services, scripts, a README; everything in a folder) and reports
    names that are used but not declared, or declared but not used, and other defaults, types and orders than declared.
    """
    if not paths:
        raise click.UsageError("Missing argument 'PATH...'.")
    from ctxschema.cli.output import end, print_findings
    from ctxschema.cli.release import print_compared
    from ctxschema.cli.waiting import waiting
    from ctxschema.lint.drift import drift
    from ctxschema.report.text import summary

    with waiting("comparing"):
        looked, findings = drift(appliance, paths)
    if form == "json":
        print_compared(findings, appliance=appliance.name, files=looked)
    else:
        print_findings(findings[:_MOST_PRINTED], to_stderr=False)
        if len(findings) > _MOST_PRINTED:
            click.echo(f"... and {len(findings) - _MOST_PRINTED} more; --format json has them all")
        click.echo(f"{appliance.name}: {len(looked)} file{'s' * (len(looked) != 1)} compared: {summary(findings)}")
    end(findings)
