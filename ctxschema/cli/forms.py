"""Options that several commands share. What a command prints or does is imported when it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    _Choice = click.Choice[str]
else:
    _Choice = click.Choice


class _File(click.Path):
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            raise click.BadParameter("the name of a file is empty; is a variable of the shell not set?", ctx, param)
        return super().convert(value, param, ctx)


FILE = _File()
"""The type of an option for a file name, which the shell completes; the command checks whether the file exists."""

CONTEXT_HELP = "A context.sh or one_env, recognised by its content; - for standard input."


def completing(name: str) -> Callable[[click.Context, click.Parameter, str], Any]:
    """Return a function that completes a parameter.

    Args:
        name: The name of a function in `ctxschema.cli.completion`, which is imported only during completion.
    """

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        from ctxschema.cli import completion

        return getattr(completion, name)(ctx, param, incomplete)

    return complete


class Word(_Choice):
    """One of several words; for another word, the message suggests a similar one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word if it is one of them."""
        if value not in self.choices:
            refuse_word(str(value), self.choices, ctx, param)
        return str(value)


def refuse_word(word: str, known: Any, ctx: click.Context | None, param: click.Parameter | None) -> NoReturn:
    """Raise an error for an unknown word, with a suggestion.

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
    help="Format of the output.",
)
"""The option --format of commands that print text or JSON."""

LAYER = click.argument("layer", type=Word(["host", "vm"]))
