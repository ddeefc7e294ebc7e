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
@click.option("--minimal", is_flag=True, help="Ask nothing, also on a terminal.")
def command(file: str, *, minimal: bool) -> None:
    """Write a declaration to begin with.

    Writes FILE, a commented YAML declaration that every command takes with --from. On a terminal it asks what the
    appliance is called and which container it starts; nothing that is there already is overwritten.
    """
    from ctxschema.core.source import SourceText
    from ctxschema.declaration.beginning import Beginning, beginning_yaml
    from ctxschema.declaration.load import read_declaration

    if not file.endswith((".yaml", ".yml")):
        raise click.UsageError(f"{file} does not end in .yaml, by which it is known for a declaration")
    if os.path.lexists(file):
        raise click.UsageError(f"{file} is there already; name another file")
    told = Beginning() if minimal or not sys.stdin.isatty() else _asked()
    text = beginning_yaml(told)
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
    """Return an answer that has no fault; it is asked until there is one."""

    def judged(answer: str) -> str:
        answer = answer.strip()
        if problem := fault(answer):
            raise click.BadParameter(problem)
        return answer

    answer: str = click.prompt(question, default=default, value_proc=judged, show_default=bool(default))
    return answer
