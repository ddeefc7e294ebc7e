"""``ctxschema preview``."""

from __future__ import annotations

import click

from ctxschema.cli.appliances import FROM, load_appliances
from ctxschema.cli.forms import FILE


@click.command("preview")
@click.argument("file", required=False, type=FILE)
@FROM
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; any free one by default.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser; only print the address.")
def command(file: str | None, origin: str | None, port: int, *, no_browser: bool) -> None:
    """Show the form that users will see.

    Opens a page in the browser with the form that Sunstone 7 makes of FILE: a template, a USER_INPUTS block, a
    declaration, a marketplace entry or a service; - for standard input. With --from, the page offers the declared
    appliances before those of the catalog, and without FILE shows the first of them; only then are the files that a
    declaration includes read as well. Only this machine can open the page. Ends with Ctrl-C.
    """
    own = load_appliances(origin) if origin is not None else {}
    from ctxschema.cli.preview_server import serve

    serve(file, port, own, browser=not no_browser)
