"""The commands, each in a module of its own, which is imported when the command runs."""

from __future__ import annotations

import click

from ctxschema.cli.lazy import Modules


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        import ctxschema

        click.echo(f"ctxschema {ctxschema.__version__}")
        ctx.exit()


@click.group(cls=Modules, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version.",
)
def cli() -> None:
    """The context variables of an OpenNebula appliance, declared once.

    Exit codes: 0 fine, 1 findings of severity error, 2 misuse.
    """


command = cli
