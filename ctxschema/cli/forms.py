"""What the options of several commands share. What a command prints or does is imported when it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from ctxschema.core.names import suggestion

if TYPE_CHECKING:
    _Choice = click.Choice[str]
else:
    _Choice = click.Choice

FILE = click.Path()
"""The name of a file, which a shell completes; the command itself says whether it is there."""

CONTEXT_HELP = "A context.sh or one_env, told apart by what it holds; - for standard input."


class Word(_Choice):
    """One of a few words; the nearest is offered for one that is none of them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word."""
        if value not in self.choices:
            refuse_word(str(value), self.choices, ctx, param)
        return str(value)


def refuse_word(word: str, known: Any, ctx: click.Context | None, param: click.Parameter | None) -> NoReturn:
    """Say that a word is none of those that are known, and offer the nearest.

    Raises:
        BadParameter: Always.
    """
    raise click.BadParameter(f"'{word}' is none of {', '.join(known)}{suggestion(word, known)}", ctx, param)


FORMAT = click.option(
    "--format",
    "form",
    type=Word(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the output.",
)
"""The option of every command that prints for people or for programs."""

LAYER = click.argument("layer", type=Word(["host", "vm"]))
