"""Groups of commands whose modules are imported only when a command is used."""

from __future__ import annotations

import contextlib
import importlib
import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Modules(click.Group):
    """A group with a command for each module of the package that defines it.

    A module has the name of its command, with ``_`` in place of a hyphen and at the end of a Python keyword, and
    defines the command under the name ``command``.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in alphabetical order."""
        return sorted({*self._modules(), *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with a name, or None."""
        module = self._modules().get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module(f"{self._package()}.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands with their summaries, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._about(ctx, name)) for name in self.list_commands(ctx)])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin with the text, without importing any command."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        found = [CompletionItem(name, help=self._about(ctx, name)) for name in names]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was named; if there is none, raise an error with a suggestion."""
        name = args[0]
        known = self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            from ctxschema.core.names import suggestion

            raise click.UsageError(f"No such command '{name}'{suggestion(name, known) or _listed(known)}", ctx)
        return super().resolve_command(ctx, args)

    def _package(self) -> str:
        return self.callback.__module__ if self.callback else __name__

    def _folder(self) -> str:
        return os.path.dirname(importlib.import_module(self._package()).__file__ or "")

    def _modules(self) -> dict[str, str]:
        """Return the modules of the package, by the names of their commands."""
        names = (name.removesuffix(".py") for name in os.listdir(self._folder()))
        return {name.rstrip("_").replace("_", "-"): name for name in names if name[0] not in "_." and "." not in name}

    def _about(self, ctx: click.Context, name: str) -> str:
        """Return the first line of the help of a command, read from the source of its module if it has one."""
        module = self._modules().get(name)
        if module is not None:
            place = os.path.join(self._folder(), module)
            source = os.path.join(place, "__init__.py") if os.path.isdir(place) else f"{place}.py"
            with contextlib.suppress(OSError), open(source, encoding="utf-8") as stream:
                _, _, function = stream.read().partition("\ndef command(")
                line = function.partition('"""')[2].partition("\n")[0].removesuffix('"""')
                if line:
                    return line
        command = self.get_command(ctx, name)
        return (command.help or "").partition("\n")[0] if command else ""


def _listed(names: list[str]) -> str:
    return f"; there are {', '.join(names)}"
