"""What the options of several commands share. What a command prints or does is imported when it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    _Choice = click.Choice[str]
else:
    _Choice = click.Choice

FILE = click.Path()
"""The name of a file, which a shell completes; the command itself says whether it is there."""

CONTEXT_HELP = "A context.sh or one_env, told apart by what it holds; - for standard input."


def completing(name: str) -> Callable[[click.Context, click.Parameter, str], Any]:
    """Return what completes a parameter.

    Args:
        name: A function of `ctxschema.cli.completion`, which is imported when a shell completes.
    """

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        from ctxschema.cli import completion

        return getattr(completion, name)(ctx, param, incomplete)

    return complete


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
    from ctxschema.core.names import suggestion

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
