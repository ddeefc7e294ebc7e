"""``ctxschema generate``: a command for each output of the registry, and some others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ctxschema.cli.appliances import appliance_argument
from ctxschema.cli.forms import FILE, Word, completing
from ctxschema.cli.lazy import Modules

if TYPE_CHECKING:
    from ctxschema.generate.registry import Output
    from ctxschema.model.appliance import Appliance


class Outputs(Modules):
    """The commands in this folder, and one for each output of the registry, which is created on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands: the outputs in the order of the registry, then the others."""
        from ctxschema.generate.registry import OUTPUTS

        return [*(output.name for output in OUTPUTS), *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with a name."""
        from ctxschema.generate.registry import OUTPUTS

        for output in OUTPUTS:
            if output.name == cmd_name:
                return _command(output)
        return super().get_command(ctx, cmd_name)


@click.group("generate", cls=Outputs)
def command() -> None:
    """Generate outputs from a declaration."""


def _templates(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    from ctxschema.core.outside import whole_number

    found = {}
    for text in given:
        role, _, number = text.partition("=")
        template = whole_number(number)
        if not role or template is None:
            raise click.BadParameter(f"{text!r} is not ROLE=ID with the number of a template", ctx, param)
        found[role] = template
    return found


def _context(_ctx: click.Context, _param: click.Parameter, path: str | None) -> Any:
    if path is None:
        return None
    from ctxschema.core.files import read_text

    return read_text(path)


def names_option(made: Any) -> Any:
    """Give a command the option --names."""
    from ctxschema.generate.names import Names

    return click.option(
        "--names",
        type=Word([names.value for names in Names]),
        default=Names.VARIABLE.value,
        show_default=True,
        help="The names of the inputs: the variables' own, short ones, or the marketplaces' ONEAPP_APP_GROUP_FIELD.",
    )(made)


def _option(name: str, output: Output) -> Any:
    """Return the command-line option of an output for a field of `Options`."""
    if name == "names":
        return names_option
    if name == "group":
        return click.option(
            "--group", shell_complete=completing("complete_groups"), help="Only the variables of this group."
        )
    if name == "gpu":
        return click.option("--gpu", is_flag=True, help=output.gpu_help)
    if name == "context":
        return click.option(
            "--context",
            metavar="FILE",
            type=FILE,
            callback=_context,
            help="The context whose values are written into the output.",
        )
    if name == "form":
        choices = Word(["yaml", "python"])
        return click.option(
            "--format", "form", type=choices, default="yaml", show_default=True, help="Format of the declaration."
        )
    return click.option(
        "--template",
        "templates",
        multiple=True,
        metavar="ROLE=ID",
        callback=_templates,
        shell_complete=completing("complete_roles"),
        help="The VM template of a role; can be given several times.",
    )


def _command(output: Output) -> click.Command:
    def run(appliance: Appliance, target: str | None, file: str | None, *, check: bool, **chosen: Any) -> None:
        from ctxschema.cli.outputs import generate_output

        generate_output(output, appliance, chosen, target, file, check=check)

    made: Any = run
    for option in (
        click.option("--check", is_flag=True, help="Write nothing; print how the file differs and how to repair it."),
        click.option("--inject", "file", type=FILE, help="Put it between the markers of this file (see below)."),
        click.option("-o", "--output", "target", type=FILE, help="Replace this file atomically."),
        *(_option(name, output) for name in reversed(output.takes)),
    ):
        made = option(made)
    markers = (
        f"Markers for --inject are two lines with ctxschema:begin {output.name} APPLIANCE and ctxschema:end "
        f"{output.name} APPLIANCE in them, in a comment of the file."
    )
    named = click.command(output.name, help=f"{output.summary}\n\n{output.help}", epilog=markers)
    made_command: click.Command = named(appliance_argument(made))
    return made_command
