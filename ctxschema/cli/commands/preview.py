"""``ctxschema preview``."""

from __future__ import annotations

import click

from ctxschema.cli.appliances import FROM, load_appliances
from ctxschema.cli.forms import FILE


@click.command("preview")
@click.argument("file", required=False, type=FILE)
@FROM
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; any that is free without it.")
@click.option("--no-browser", is_flag=True, help="Open no browser; print the address only.")
def command(file: str | None, origin: str | None, port: int, *, no_browser: bool) -> None:
    """Show the form that users will see.

    Opens a page in the browser with the form that Sunstone 7 makes of FILE: a template, a USER_INPUTS block, a
    declaration, a marketplace entry or a service; - for standard input. With --from, of what is generated from the
    appliances of one's own, which then stand on the page before those of the catalog; only so are files read that a
    declaration includes. The page is served to this machine alone, until Ctrl-C.
    """
    own = load_appliances(origin) if origin is not None else {}
    from ctxschema.cli.preview_server import serve

    serve(file, port, own, browser=not no_browser)
