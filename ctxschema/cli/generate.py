"""``ctxschema generate``: a command for each output of the registry, and one for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ctxschema.cli.appliances import FROM, appliance_argument, complete_appliance, resolve

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance


class OutputGroup(click.Group):
    """A group whose commands are made from the registry when somebody asks for them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names: the outputs in their order, then the rest."""
        from ctxschema.generate.registry import OUTPUTS

        return [*(output.name for output in OUTPUTS), *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name."""
        from ctxschema.generate.registry import OUTPUTS

        for output in OUTPUTS:
            if output.name == cmd_name:
                return _command(output)
        return super().get_command(ctx, cmd_name)


def _complete_group(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from ctxschema.catalog import APPLIANCES, get_appliance

    # While an option waits for its value, click has not looked at the arguments yet.
    groups = dict.fromkeys(group for name in APPLIANCES for group in get_appliance(name).groups)
    return [group for group in groups if group.startswith(incomplete)]


def _templates(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for text in given:
        role, _, number = text.partition("=")
        if not role or not number.isdecimal():
            raise click.BadParameter(f"{text!r} is not ROLE=ID with the number of a template", ctx, param)
        found[role] = int(number)
    return found


def _context(_ctx: click.Context, _param: click.Parameter, path: str | None) -> Any:
    if path is None:
        return None
    from ctxschema.core.files import read_text

    return read_text(path)


def _names_option() -> Any:
    from ctxschema.generate.names import Names

    return click.option(
        "--names",
        type=click.Choice([names.value for names in Names]),
        default=Names.VARIABLE.value,
        show_default=True,
        help="Ask under the variables' own names, short ones, or the marketplaces' ONEAPP_APP_GROUP_FIELD.",
    )


def _option(name: str) -> Any:
    """Return the option that sets a field of `Options`."""
    if name == "names":
        return _names_option()
    if name == "group":
        return click.option("--group", shell_complete=_complete_group, help="Only the variables of this group.")
    if name == "gpu":
        return click.option("--gpu", is_flag=True, help="With a GPU of the host: UEFI, q35, pinning and PCI.")
    if name == "context":
        return click.option("--context", metavar="FILE", callback=_context, help="What the machine is told.")
    if name == "form":
        choices = click.Choice(["yaml", "python"])
        return click.option("--format", "form", type=choices, default="yaml", show_default=True, help="Form of it.")
    return click.option(
        "--template",
        "templates",
        multiple=True,
        metavar="ROLE=ID",
        callback=_templates,
        help="The VM template of a role; can be given several times.",
    )


def _command(output: Any) -> click.Command:
    def run(appliance: Appliance, target: str | None, file: str | None, *, check: bool, **chosen: Any) -> None:
        from ctxschema.cli.outputs import generate_output

        generate_output(output, appliance, chosen, target, file, check=check)

    made: Any = run
    for option in (
        click.option("--check", is_flag=True, help="Write nothing; print how the file differs and how to repair it."),
        click.option(
            "--inject", "file", type=click.Path(), help="Put it between the markers of this file (see below)."
        ),
        click.option("-o", "--output", "target", type=click.Path(), help="Replace this file, whole, in one step."),
        *(_option(name) for name in reversed(output.takes)),
    ):
        made = option(made)
    markers = (
        f"Markers for --inject are two lines with ctxschema:begin {output.name} APPLIANCE and ctxschema:end "
        f"{output.name} APPLIANCE in them, in a comment of the file."
    )
    command = click.command(output.name, help=f"{output.summary}\n\n{output.help}", epilog=markers)
    made_command: click.Command = command(appliance_argument(made))
    return made_command


@click.command("agent")
@click.argument("appliance", required=False, metavar="[APPLIANCE]", shell_complete=complete_appliance)
@FROM
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False), help="The file to write.")
def agent_command(appliance: str | None, origin: str | None, target: str) -> None:
    """Generate the boot agent as one file.

    It needs Python 3.10 or newer and nothing else: no package, no index. It boots APPLIANCE, or one that --from
    declares; without either, each that the catalog has a container for.
    """
    from ctxschema.generate.agent import write_agent

    try:
        write_agent(target, None if appliance is None and origin is None else resolve(appliance, origin))
    except OSError as error:
        raise click.UsageError(f"{target} cannot be written: {error.strerror}") from None


@click.command("declaration-schema")
@click.option("-o", "--output", "target", type=click.Path(), help="Replace this file, whole, in one step.")
@click.option("--check", is_flag=True, help="Write nothing; print how the file differs and how to repair it.")
def declaration_schema(target: str | None, *, check: bool) -> None:
    """Generate the JSON Schema that declarations follow.

    Draft 2020-12, for editors and validators: name it in the first line of a declaration, as
    `# yaml-language-server: $schema=appliance.schema.json`.
    """
    import json

    from ctxschema.cli.write import write_or_check
    from ctxschema.declaration.schema import appliance_schema

    text = json.dumps(appliance_schema(), indent=2, ensure_ascii=False) + "\n"
    write_or_check(text, target, check=check, words=["declaration-schema"])


@click.command("all")
@click.argument("appliance", required=False, metavar="[APPLIANCE]")
@FROM
@click.option("--out", required=True, type=click.Path(file_okay=False), help="The folder; made where it is missing.")
@click.option("--names", default="variable", help="As for every output: variable, short or oneapp.")
@click.option("--check", is_flag=True, help="Write nothing; print what differs and how to repair it.")
def all_command(appliance: str | None, origin: str | None, out: str, names: str, *, check: bool) -> None:
    """Generate every output of an APPLIANCE into a folder.

    Without APPLIANCE, of every appliance that there is, each into a folder of its own name in that one.
    """
    from ctxschema.cli.outputs import generate_all

    generate_all(appliance, origin, out, names, check=check)
