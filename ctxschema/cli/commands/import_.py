"""``ctxschema import``."""

from __future__ import annotations

from typing import Literal

import click

from ctxschema.cli.forms import FILE, Word


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@click.option("--appliance", "name", help="The name of the appliance; derived from the first file by default.")
@click.option(
    "--format",
    "form",
    type=Word(["yaml", "python"]),
    help="Format of the declaration; by default Python for a file that ends in .py, else YAML.",
)
@click.option("-o", "--output", type=FILE, help="Write to this file, replacing it atomically.")
def command(
    files: tuple[str, ...], name: str | None, form: Literal["yaml", "python"] | None, output: str | None
) -> None:
    """Import an existing appliance as a declaration.

    Reads the FILEs of one appliance (a VM template, a marketplace entry, a service, a one-apps script in bash or Ruby,
    metadata.yaml and context.yaml; - for standard input) and writes one declaration for use with --from. Decisions,
    omissions and disagreements between the files are printed, and added to the declaration as comments.
    """
    from ctxschema.cli.output import print_findings
    from ctxschema.cli.waiting import waiting
    from ctxschema.cli.write import write_or_check
    from ctxschema.lint.importer import import_files

    with waiting("importing"):
        imported = import_files(files, name)
    print_findings(imported.findings)
    if form is None:
        form = "python" if output is not None and output.endswith(".py") else "yaml"
    write_or_check(imported.text(form), output, check=False, words=[])
