"""``ctxschema preview``."""

from __future__ import annotations

import click


@click.command("preview")
@click.argument("file", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; any that is free without it.")
@click.option("--no-browser", is_flag=True, help="Open no browser; print the address only.")
def preview(file: str | None, port: int, no_browser: bool) -> None:  # noqa: FBT001
    """Show the form that users will see.

    Opens a page in the browser with the form that Sunstone 7 makes of FILE: a template, a USER_INPUTS block, a
    marketplace entry or a service; - for standard input. The page is served to this machine alone, until Ctrl-C.
    """
    from ctxschema.cli.preview_server import serve

    serve(file, port, browser=not no_browser)
