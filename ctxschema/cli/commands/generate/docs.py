"""``ctxschema generate docs``."""

from __future__ import annotations

import click

from ctxschema.cli.appliances import FROM


@click.command("docs")
@FROM
@click.option("--out", required=True, type=click.Path(file_okay=False), help="The folder of the pages.")
@click.option("--check", is_flag=True, help="Write nothing; print how the pages differ and how to repair them.")
@click.option(
    "--examples",
    type=click.Path(exists=True, file_okay=False),
    help="A folder with faulty/CODE/ and clean/CODE/, whose files the pages of the codes show.",
)
def command(origin: str | None, out: str, check: bool, examples: str | None) -> None:  # noqa: FBT001
    """Generate the reference pages, in Markdown.

    Without --from, those of the catalog: variables, appliances, findings, consumers, commands and the Python API. With
    --from, those of the appliances that a file or module declares. Generated pages that are no longer needed are
    removed; other files are left alone.
    """
    from ctxschema.cli.docs_writer import check_pages, rendered, write_pages

    pages = rendered(origin, examples)
    if not check:
        write_pages(pages, out)
        return
    options = [*(["--from", origin] if origin else []), *(["--examples", examples] if examples else [])]
    check_pages(pages, out, options)
