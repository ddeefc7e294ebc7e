"""``ctxschema drift`` and ``ctxschema diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ctxschema.cli.appliances import FROM, appliance_argument
from ctxschema.cli.forms import FORMAT

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance

_MOST_TOLD = 1000
"""How many findings are printed for people; nobody reads more."""


@click.command("drift")
@appliance_argument
@click.argument("paths", nargs=-1, metavar="PATH...")
@FORMAT
def drift_command(appliance: Appliance, paths: tuple[str, ...], form: str) -> None:
    """Compare an existing appliance with its declaration.

    Looks into every PATH (templates, marketplace entries, services, scripts, a README; a folder with all that is in
    it) for names that are used and not declared or declared and not used, and for other defaults, types and orders.
    """
    if not paths:
        raise click.UsageError("Missing argument 'PATH...'.")
    from ctxschema.cli.output import end, print_findings
    from ctxschema.cli.release import print_compared
    from ctxschema.lint.drift import drift
    from ctxschema.report.text import summary

    looked, findings = drift(appliance, paths)
    if form == "json":
        print_compared(findings, appliance=appliance.name, files=looked)
    else:
        print_findings(findings[:_MOST_TOLD], to_stderr=False)
        if len(findings) > _MOST_TOLD:
            click.echo(f"... and {len(findings) - _MOST_TOLD} more; --format json has them all")
        click.echo(f"{appliance.name}: {len(looked)} file{'s' * (len(looked) != 1)} compared: {summary(findings)}")
    end(findings)


@click.command("diff")
@click.argument("old")
@click.argument("new", required=False)
@FROM
@FORMAT
def diff_command(old: str, new: str | None, origin: str | None, form: str) -> None:
    """Say what a deployment would notice between two releases.

    OLD and NEW are each an appliance of the catalog, a file or module that declares one (.yaml, .toml, .json or .py,
    module.py:NAME or package:NAME), or a JSON Schema that generate json-schema has written. With --from, the new
    release is what stands there, and NEW the name of its appliance where it declares several. A breaking change ends
    with 1.
    """
    if origin is None and new is None:
        raise click.UsageError("Missing argument 'NEW', or --from FILE.")
    from ctxschema.cli.output import end, print_findings
    from ctxschema.cli.release import declared, print_compared, release
    from ctxschema.core.finding import has_errors
    from ctxschema.generate.compare import compare
    from ctxschema.report.text import summary

    before, wanted = release(old, None)
    if origin is not None:
        after = declared(origin, new, wanted)[0]
        new = origin if new is None else f"{origin}:{new}"
    else:
        after = release(str(new), wanted)[0]
    findings = compare(before, after)
    if form == "json":
        print_compared(findings, old=old, new=new, breaking=has_errors(findings))
    else:
        print_findings(findings, to_stderr=False)
        click.echo(f"{old} to {new}: {summary(findings)}")
    end(findings)
