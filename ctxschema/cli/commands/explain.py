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
    help="What somebody types instead; can be given several times. With --template, NAME=ANSWER.",
)
@click.option("--name", default="INPUT", show_default=True, help="The name of the input, for the way of an answer.")
@click.option(
    "--next",
    "following",
    default="NEXT",
    show_default=True,
    help="The input that is asked for next, NAME or NAME=ANSWER; '' where it is the last one.",
)
@click.option(
    "--template",
    "path",
    metavar="FILE",
    type=FILE,
    help="Follow the answers to a whole VM template; - for standard input.",
)
@FORMAT
def command(  # noqa: PLR0913 - one for each option
    *, definition: str | None, answers: tuple[str, ...], name: str, following: str, path: str | None, form: str
) -> None:
    """Explain a definition, consumer by consumer.

    Shows who takes DEFINITION, what the user sees, and what pressing Enter or submitting the untouched form sends; for
    each typed answer also its way into the machine: the answer that the command line takes, the VM's USER_TEMPLATE,
    CONTEXT, context.sh and the value in the guest, with the finding where it breaks. With - definitions are read from
    standard input, one a line.
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
