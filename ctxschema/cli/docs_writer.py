"""Writing and checking a folder of generated pages."""

from __future__ import annotations

import difflib
import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence

import click

from ctxschema.cli.appliances import all_appliances
from ctxschema.core.codes import TABLE
from ctxschema.core.errors import FileError
from ctxschema.core.files import read_text, write_text
from ctxschema.document.findings import Example, Examples
from ctxschema.document.markdown import REMARK
from ctxschema.document.pages import appliance_pages, catalog_pages


def rendered(origin: str | None, examples: str | None) -> dict[str, str]:
    """Return the pages of the catalog, or of the appliances of a file or module: file name to text."""
    found = read_examples(examples) if examples else {}
    if origin is not None:
        return appliance_pages(list(all_appliances(origin).values()), found)
    import ctxschema
    from ctxschema.cli.commands import cli

    names = {name: getattr(ctxschema, name) for name in ctxschema.__all__}
    return catalog_pages(all_appliances(None), found, names, cli)


def read_examples(folder: str) -> dict[str, Examples]:
    """Return the example files of every code; their folders have its id or its name."""
    return {
        each.id: Examples(
            tuple(_files(folder, "faulty", (each.id, each.name))), tuple(_files(folder, "clean", (each.id, each.name)))
        )
        for each in TABLE
    }


def _files(folder: str, sort: str, names: Sequence[str]) -> Iterator[Example]:
    for name in names:
        place = os.path.join(folder, sort, name)
        for file in sorted(os.listdir(place)) if os.path.isdir(place) else ():
            path = os.path.join(place, file)
            if os.path.isfile(path) and not file.startswith("."):
                try:
                    yield Example(file, read_text(path).text)
                except FileError:
                    continue  # an unreadable file is itself an example of a code


def _generated(folder: str) -> Iterator[str]:
    """Yield the names of the pages in a folder that were generated earlier."""
    for place, _, files in os.walk(folder):
        for file in sorted(files):
            path = os.path.join(place, file)
            if file.endswith((".md", ".svg")):
                with open(path, encoding="utf-8", errors="replace") as stream:
                    if REMARK in stream.read(4096):
                        yield os.path.relpath(path, folder)


def write_pages(pages: Mapping[str, str], folder: str) -> None:
    """Write pages into a folder, and remove generated pages that are no longer needed."""
    for name, text in pages.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_text(path, text)
    for name in [name for name in _generated(folder) if name not in pages]:
        os.unlink(os.path.join(folder, name))


def check_pages(pages: Mapping[str, str], folder: str, options: Sequence[str]) -> None:
    """Print how the pages in a folder differ from the generated ones; exit with 1 if they do.

    Args:
        pages: The generated pages.
        folder: The folder.
        options: The other options of the command, for the message with the command that repairs the difference.
    """
    stale = [name for name in _generated(folder) if name not in pages]
    differs = bool(stale)
    for name in stale:
        click.echo(f"{os.path.join(folder, name)} is not generated any more")
    for name, text in pages.items():
        path = os.path.join(folder, name)
        found = read_text(path).text if os.path.lexists(path) else ""
        if found != text:
            differs = True
            lines = (found.splitlines(keepends=True), text.splitlines(keepends=True))
            click.echo("".join(difflib.unified_diff(*lines, path, f"{path} (generated)")), nl=False)
    if differs:
        click.echo(f"repair: {shlex.join(['ctxschema', 'generate', 'docs', '--out', folder, *options])}")
        sys.exit(1)
