"""``ctxschema explain``."""

from __future__ import annotations

import click

from ctxschema.cli.forms import FILE, FORMAT


@click.command("explain")
@click.argument("definition", required=False)
@click.option(
    "--typed",
    "answers",
    multiple=True,
    help="An answer that somebody types; can be given several times. With --template, NAME=ANSWER.",
)
@click.option(
    "--name",
    default="INPUT",
    show_default=True,
    help="The name of the input, for the way of an answer into the machine.",
)
@click.option(
    "--next",
    "following",
    default="NEXT",
    show_default=True,
    help="The input that is asked for next, NAME or NAME=ANSWER; '' if it is the last one.",
)
@click.option(
    "--template",
    "path",
    metavar="FILE",
    type=FILE,
    help="Show the way of the answers to a whole VM template; - for standard input.",
)
@FORMAT
def command(  # noqa: PLR0913 - one for each option
    *, definition: str | None, answers: tuple[str, ...], name: str, following: str, path: str | None, form: str
) -> None:
    """Explain how each consumer treats a definition.

    Shows which consumers accept DEFINITION, what the user sees, and what is sent when Enter is pressed or the form is
    submitted unchanged. For each typed answer it also shows the way into the machine: the answer on the command line,
    the VM's USER_TEMPLATE, CONTEXT, context.sh and the value in the guest, with a finding where it is lost or changed.
    With -, definitions are read from standard input, one a line.
    """
    if (definition is None) == (path is None):
        raise click.UsageError("name a DEFINITION, or a template with --template")
    from ctxschema.cli.explain import explain_definition, explain_lines, explain_template
    from ctxschema.consumers.explain import Beside

    other, _, answer = following.partition("=")
    beside = Beside(name, other, answer)
    if path is not None:
        explain_template(path, answers, form)
    elif definition == "-":
        explain_lines(answers, form, beside)
    else:
        explain_definition(definition or "", answers, form, beside)
