"""The reference of the command line, made from the commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from ctxschema.core.sentences import sentence
from ctxschema.document.markdown import code, escape, fence, page, table


def command_line(root: click.Group, name: str) -> str:
    """Return the page of a command and its subcommands.

    Args:
        root: The command.
        name: Its name.
    """
    return page(
        f"The command {name}",
        _help(root),
        *(block for path, command in _leaves(root, [name]) for block in _command(path, command)),
    )


def _leaves(group: click.Group, path: list[str]) -> Iterator[tuple[list[str], click.Command]]:
    """Yield every command without subcommands, in the order of the help."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _leaves(command, [*path, name])
        elif command is not None and not command.hidden:
            yield [*path, name], command


def _help(command: click.Command) -> str:
    return escape_paragraphs(inspect.cleandoc(command.help or ""))


def escape_paragraphs(text: str) -> str:
    """Return paragraphs of plain text as Markdown, each on one line."""
    return "\n\n".join(escape(paragraph) for paragraph in text.replace("\b", "").split("\n\n"))


def _command(path: list[str], command: click.Command) -> Iterator[str]:
    # click keeps the option for help that it made first, and the group's is the one to keep.
    context = click.Context(command, info_name=path[-1], help_option_names=[])
    yield f"## {' '.join(path[1:])}"
    yield _help(command)
    yield fence(" ".join([*path, *command.collect_usage_pieces(context)]))
    rows = []
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option) and not parameter.hidden:
            names = ", ".join(code(name) for name in (*parameter.opts, *parameter.secondary_opts))
            takes = "" if parameter.is_flag else _takes(parameter, context)
            default = parameter.default if isinstance(parameter.default, (str, int)) else None
            shown = code(str(default)) if default is not None and not isinstance(default, bool) else ""
            rows.append((names, takes, shown, escape(sentence(parameter.help or ""))))
    if rows:
        yield table(("option", "takes", "default", "what it does"), rows)


def _takes(option: click.Option, context: click.Context) -> str:
    if isinstance(option.type, click.Choice):
        return ", ".join(code(str(choice)) for choice in option.type.choices)
    return code(option.make_metavar(context))
