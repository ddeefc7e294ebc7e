"""``ctxschema init``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ctxschema.declaration.beginning import Beginning


@click.command("init")
@click.argument("file", default="appliance.yaml", type=click.Path(dir_okay=False))
@click.option("--minimal", is_flag=True, help="Ask nothing, even on a terminal.")
def command(file: str, *, minimal: bool) -> None:
    """Write a first version of a declaration.

    Writes FILE, a commented YAML declaration that every command accepts with --from. On a terminal it asks for the name
    of the appliance and its container image. An existing file is not overwritten.
    """
    from ctxschema.core.source import SourceText
    from ctxschema.declaration.beginning import Beginning, beginning_yaml
    from ctxschema.declaration.load import read_declaration

    if not file.endswith((".yaml", ".yml")):
        raise click.UsageError(f"{file} does not end in .yaml, by which it is known for a declaration")
    if os.path.lexists(file):
        raise click.UsageError(f"{file} is there already; name another file")
    answers = Beginning() if minimal or sys.stdin is None or not sys.stdin.isatty() else _asked()
    text = beginning_yaml(answers)
    appliance, findings = read_declaration(SourceText(text, name=file))
    if appliance is None:
        from ctxschema.cli.output import end, print_findings

        print_findings(findings)
        end(findings)
    try:
        with open(file, "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise click.UsageError(f"{file} is there already; name another file") from None
    except OSError as error:
        raise click.UsageError(f"{file} cannot be written: {error.strerror}") from None
    import shlex

    quoted = shlex.quote(file)
    click.echo(f"{file} is written. What comes next:")
    click.echo(f"    ctxschema show --from {quoted}")
    click.echo(f"    ctxschema generate vm-template --from {quoted}")
    click.echo(f"    ctxschema preview --from {quoted}")


def _asked() -> Beginning:
    from ctxschema.declaration.beginning import Beginning, image_fault, name_fault, text_fault

    name = _ask("Name of the appliance, in lower case", Beginning().name, name_fault)
    title = _ask("Title, as documents call it", name.replace("-", " ").capitalize(), text_fault)
    summary = _ask("What it is, in one sentence", Beginning().summary, text_fault)
    image = _ask("Image of its container, such as nginx:1.27 (none: Enter)", "", image_fault)
    return Beginning(name, title, summary, image)


def _ask(question: str, default: str, fault: Callable[[str], str | None]) -> str:
    """Return an answer that is valid; ask again until it is."""

    def judged(answer: str) -> str:
        answer = answer.strip()
        if problem := fault(answer):
            raise click.BadParameter(problem)
        return answer

    answer: str = click.prompt(question, default=default, value_proc=judged, show_default=bool(default))
    return answer
