"""``ctxschema list``."""

from __future__ import annotations

import click

from ctxschema.cli.appliances import FROM, all_appliances
from ctxschema.cli.forms import FORMAT


@click.command("list")
@FROM
@FORMAT
def command(origin: str | None, form: str) -> None:
    """List the appliances."""
    from ctxschema.cli.output import print_json, print_table

    appliances = list(all_appliances(origin).values())
    if form == "json":
        keys = ("name", "title", "summary")
        print_json(
            [
                {
                    **{key: getattr(each, key) for key in keys},
                    "variables": len(each.variables),
                    "rules": len(each.rule_ids),
                }
                for each in appliances
            ]
        )
        return
    rows = [(each.name, str(len(each.variables)), str(len(each.rule_ids)), each.summary) for each in appliances]
    print_table(["appliance", "variables", "rules", "what it is"], rows)
