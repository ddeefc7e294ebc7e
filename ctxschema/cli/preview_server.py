"""Serving the preview until it is interrupted."""

from __future__ import annotations

import contextlib
import os
import webbrowser
from collections.abc import Mapping

import click

from ctxschema.core.files import STDIN, read_bytes
from ctxschema.model.appliance import Appliance
from ctxschema.preview.server import HOST, PreviewServer


def serve(file: str | None, port: int, own: Mapping[str, Appliance], *, browser: bool) -> None:
    """Serve the page.

    Args:
        file: The file to open; None for an empty page.
        port: The port; 0 for any free one.
        own: Appliances that the page offers before those of the catalog; without a file, the first is opened.
        browser: Whether to open a browser.

    Raises:
        FileError: The file cannot be read.
    """
    opened = None
    if file is not None:
        opened = ("<stdin>" if file == STDIN else os.path.basename(file), read_bytes(file))
    try:
        server = PreviewServer(opened, port, own)
    except OSError as error:
        raise click.UsageError(f"{HOST}:{port} cannot be used: {error.strerror}; name another --port") from None
    click.echo(f"the form preview is at {server.url} (Ctrl-C ends it)")
    if browser and not webbrowser.open(server.url):
        click.echo("no browser could be opened; open that address in one", err=True)
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
