"""Groups whose commands are modules, imported when somebody asks for one."""

from __future__ import annotations

import importlib
import os

import click

from ctxschema.core.names import suggestion


class Modules(click.Group):
    """A group with a command for each module of the package that defines it.

    A module is named as its command, with ``_`` for a hyphen and behind a word of Python's own, and has it as
    ``command``.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the alphabet."""
        return sorted({*self._modules(), *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, or None if there is none."""
        module = self._modules().get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module(f"{self._package()}.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that somebody named, or offer the nearest."""
        name = args[0]
        known = self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(f"No such command '{name}'{suggestion(name, known) or '.'}", ctx)
        return super().resolve_command(ctx, args)

    def _package(self) -> str:
        return self.callback.__module__ if self.callback else __name__

    def _modules(self) -> dict[str, str]:
        """Return the modules of the package by the names of their commands."""
        folder = os.path.dirname(importlib.import_module(self._package()).__file__ or "")
        names = (name.removesuffix(".py") for name in os.listdir(folder))
        return {name.rstrip("_").replace("_", "-"): name for name in names if name[0] not in "_." and "." not in name}
