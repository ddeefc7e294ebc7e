"""``ctxschema diff``."""

from __future__ import annotations

import click

from ctxschema.cli.appliances import FROM
from ctxschema.cli.forms import FORMAT, completing


@click.command("diff")
@click.argument("old", shell_complete=completing("complete_releases"))
@click.argument("new", required=False, shell_complete=completing("complete_releases"))
@FROM
@FORMAT
def command(old: str, new: str | None, origin: str | None, form: str) -> None:
    """Report what a deployment would notice between two releases.

    OLD and NEW are each an appliance of the catalog, a file or module that declares one (.yaml, .toml, .json or .py,
    module.py:NAME or package:NAME), or a JSON Schema that generate json-schema has written. With --from, the new
    release is the one declared there, and NEW is the name of the appliance if there are several. Ends with 1 if there
    is a breaking change.
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
