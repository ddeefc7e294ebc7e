"""The work of the commands below ``ctxschema generate``."""

from __future__ import annotations

import os
import shlex
import sys
from typing import Any

import click

from ctxschema.cli.appliances import all_appliances, resolve
from ctxschema.cli.output import print_diff
from ctxschema.cli.write import differs, print_repair, replace, write_or_check
from ctxschema.core import codes
from ctxschema.core.errors import FileError, NoContextError, NotPortableError
from ctxschema.core.files import STDIN, read_text
from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText
from ctxschema.generate.inject import injected
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.registry import Output, artefacts
from ctxschema.model.appliance import Appliance


def generate_output(  # noqa: PLR0913 - what click hands over
    output: Output,
    appliance: Appliance,
    chosen: dict[str, Any],
    target: str | None,
    file: str | None,
    *,
    check: bool,
) -> None:
    """Print an output, write it to a file, put it between markers, or compare it.

    Args:
        output: The output.
        appliance: The appliance.
        chosen: The given values for fields of `Options`.
        target: The file to replace.
        file: The file with markers.
        check: Whether to compare only.
    """
    if target is not None and file is not None:
        raise click.UsageError("-o replaces a file and --inject a part of one; give either")
    if file == STDIN:
        raise click.UsageError("--inject writes into a file; name it")
    text = output.text(appliance, Options(**{**chosen, "names": Names(chosen.get("names", Names.VARIABLE.value))}))
    words = [output.name, *_repeated(appliance, chosen)]
    if file is None:
        write_or_check(text, target, check=check, words=words)
        return
    source = read_text(file)
    wanted = injected(source, text, output.name, appliance.name)
    if wanted == source.text:
        return
    if check:
        print_diff(file, source.text, wanted, "generated")
        print_repair([*words, "--inject", file])
        sys.exit(1)
    if read_text(file).text != source.text:
        message = f"{file} has changed meanwhile, and is left as it is"
        raise FileError(message, [codes.CHANGED.at(message, position=Position(SourceText("", name=file)))])
    replace(file, wanted)


def _repeated(appliance: Appliance, chosen: dict[str, Any]) -> list[str]:
    """Return the command-line options that were given, for a message with a command to run."""
    context = click.get_current_context(silent=True)
    origin = context.params.get("origin") if context is not None else None
    words = [appliance.name, *(["--from", str(origin)] if origin else [])]
    for name, value in chosen.items():
        if name == "templates":
            words += [word for role, number in value.items() for word in ("--template", f"{role}={number}")]
        elif name == "context":
            words += ["--context", value.name] if value else []
        elif name == "form":
            words += ["--format", value] if value != Options().form else []
        elif value is True:
            words.append(f"--{name}")
        elif value and not (name == "names" and value == Names.VARIABLE.value):
            words += [f"--{name}", str(value)]
    return words


def generate_all(name: str | None, origin: str | None, out: str, names: str, *, check: bool) -> None:
    """Write every output of an appliance, or of all of them, into a folder, or compare the folder.

    Args:
        name: The name of the appliance; all of them if None.
        origin: The file or module that declares it.
        out: The folder.
        names: A value of `Names`.
        check: Whether to compare only, and exit with 1 if a file differs.
    """
    if name is not None:
        folders = {out: resolve(name, origin)}
    else:
        folders = {os.path.join(out, each.name): each for each in all_appliances(origin).values()}
    origin_words = ["--from", origin] if origin else []
    files = _all_files(folders, Options(names=Names(names)), origin_words)
    if not check:
        for folder in folders:
            _make(folder)
        for path, text in files.items():
            replace(path, text)
        return
    different = [path for path, text in files.items() if differs(path, text)]
    if different:
        click.echo(f"{len(different)} of {len(files)} files differ")
        words = [*([name] if name else []), *origin_words, "--out", out]
        print_repair(["all", *words, *(["--names", names] if names != Names.VARIABLE.value else [])])
        sys.exit(1)


def _all_files(folders: dict[str, Appliance], options: Options, origin: list[str]) -> dict[str, str]:
    """Return the text of every file; errors of all appliances are collected and raised together.

    What needs values that only a context gives is left out, with a note on standard error.

    Args:
        folders: The appliances by their folders.
        options: The options of the outputs.
        origin: The option --from for a command to run; empty for the catalog.
    """
    files: dict[str, str] = {}
    findings: list[Finding] = []
    for folder, appliance in folders.items():

        def left_out(output: Output, error: NoContextError, folder: str = folder, name: str = appliance.name) -> None:
            path = os.path.join(folder, output.file)
            words = shlex.join(["ctxschema", "generate", output.name, name, *origin, "-o", path])
            reasons = "; ".join(finding.message for finding in error.findings)
            click.echo(f"note: {path} is left out: {reasons}; to make it: {words} --context FILE", err=True)

        try:
            made = artefacts(appliance, options, left_out)
            files |= {os.path.join(folder, file): text for file, text in made}
        except NotPortableError as error:
            findings += error.findings
    if findings:
        raise NotPortableError("; ".join(finding.message for finding in findings), findings)
    return files


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        message = f"{folder} cannot be made: {error.strerror}"
        raise FileError(message, [codes.UNWRITABLE.at(message)]) from None
