"""The commands and their options."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ctxschema.cli.appliances import FROM, all_appliances, appliance_argument, resolve
from ctxschema.cli.compare import diff_command, drift_command
from ctxschema.cli.docs import generate_docs
from ctxschema.cli.existing import codes_command, import_command
from ctxschema.cli.forms import FORMAT
from ctxschema.cli.generate import OutputGroup, agent_command, all_command, declaration_schema
from ctxschema.cli.gpu import generate_gpu_script, gpu
from ctxschema.cli.init import init_command
from ctxschema.cli.lint_command import lint_command
from ctxschema.cli.preview import preview

if TYPE_CHECKING:
    from ctxschema.model.appliance import Appliance


def _complete_variable(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from ctxschema.core.errors import CtxschemaError

    try:
        appliance = resolve(ctx.params.get("appliance"), ctx.params.get("origin"))
    except (CtxschemaError, click.ClickException):
        return []
    return [name for name in appliance.by_name if name.startswith(incomplete.upper())]


CONTEXT_HELP = "A context.sh or one_env, told apart by what it holds; - for standard input."


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        import ctxschema

        click.echo(f"ctxschema {ctxschema.__version__}")
        ctx.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


@cli.command("list")
@FROM
@FORMAT
def list_command(origin: str | None, form: str) -> None:
    """List the appliances."""
    from ctxschema.cli.output import print_json, print_table

    appliances = list(all_appliances(origin).values())
    if form == "json":
        keys = ("name", "title", "summary")
        print_json(
            [
                {
                    **{key: getattr(each, key) for key in keys},
                    "variables": len(each.variables),
                    "rules": len(each.rule_ids),
                }
                for each in appliances
            ]
        )
        return
    rows = [(each.name, str(len(each.variables)), str(len(each.rule_ids)), each.summary) for each in appliances]
    print_table(["appliance", "variables", "rules", "what it is"], rows)


@cli.command()
@appliance_argument
@click.argument("variable", required=False, shell_complete=_complete_variable)
@FORMAT
def show(appliance: Appliance, variable: str | None, form: str) -> None:
    """Show what is declared of an APPLIANCE, or of one VARIABLE of it."""
    from ctxschema.cli.show import show_appliance, show_variable

    if variable is None:
        show_appliance(appliance, form)
    else:
        show_variable(appliance, appliance.variable(variable), form)


@cli.group(cls=OutputGroup)
def generate() -> None:
    """Generate outputs from a declaration."""


generate.add_command(all_command)
generate.add_command(agent_command)
generate.add_command(declaration_schema)
cli.add_command(drift_command)
cli.add_command(diff_command)
generate.add_command(generate_gpu_script)
cli.add_command(gpu)
generate.add_command(generate_docs)
cli.add_command(init_command)
cli.add_command(preview)
cli.add_command(lint_command)
cli.add_command(import_command)
cli.add_command(codes_command)


@cli.command()
@click.argument("file", default="-")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="json",
    show_default=True,
    help="The tree in JSON, or the findings alone as text.",
)
def parse(file: str, form: str) -> None:
    """Parse a definition, a block or a template.

    Reads one definition, a USER_INPUTS block or a whole template from FILE (- for standard input) and prints a JSON
    tree with positions and findings.
    """
    from ctxschema.cli.output import end
    from ctxschema.cli.parse import parse_file

    end(parse_file(file, form))


@cli.command()
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
    "--template", "path", metavar="FILE", help="Follow the answers to a whole VM template; - for standard input."
)
@FORMAT
def explain(  # noqa: PLR0913 - one for each option
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


@cli.command()
@appliance_argument
@click.option("--context", metavar="FILE", help=f"{CONTEXT_HELP} Without it, the environment.")
@click.option("--boot", "as_boot", is_flag=True, help="Judge as a boot does: a wrong GPU setting stops nothing.")
@FORMAT
def validate(appliance: Appliance, context: str | None, form: str, *, as_boot: bool) -> None:
    """Validate a context against an APPLIANCE.

    Shows the values with the defaults applied, and every finding. A wrong value is an error here, also where a boot
    goes on without it, as it does with its CPU where a GPU setting is wrong; what a boot would do is said, and --boot
    judges as it does.
    """
    from ctxschema.cli.validate import validate_context

    validate_context(appliance, context, form, as_boot=as_boot)


@cli.command()
@appliance_argument
@click.option("--context", metavar="FILE", required=True, help=CONTEXT_HELP)
@click.option("--dry-run", is_flag=True, help="Start nothing; print what would be done.")
@click.option(
    "--gpu",
    type=click.Choice(["yes", "no", "detect"]),
    default="detect",
    show_default=True,
    help="Whether the machine has a usable GPU, or look. A real boot always looks.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "shell"]),
    default="text",
    show_default=True,
    help="Form of the output; shell is the command alone, quoted for pasting.",
)
@click.option(
    "--root",
    metavar="DIR",
    default="/",
    type=click.Path(exists=True, file_okay=False, resolve_path=True),
    help="What stands for /: a machine to test with.",
)
@click.option("--report", metavar="FILE", help="Write what happened to this file, as JSON.")
@click.option("--no-hardening", is_flag=True, help="Leave the container its rights, for an app that needs them.")
@click.option("--check-gpu", is_flag=True, help="Once the container runs with a GPU, run validate-gpu.sh, too.")
def boot(appliance: Appliance, **asked: Any) -> None:
    """Boot a machine of an APPLIANCE from a context.

    Goes through the steps that the appliance declares, from the context to a running container, as the boot agent does.
    With --dry-run, prints the docker command that a boot would run, and starts nothing. A wrong GPU setting is a
    warning either way.
    """
    from ctxschema.cli.boot import run_boot

    run_boot(appliance, **asked)


def run() -> NoReturn:
    """Run a command line; an error of ours or of the output is a message, never a traceback."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        if sys.stdout is None:
            code = _fail(1, "Error: standard output is closed")
        else:
            code = _run()
            sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has enough; nothing is left to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        code = _fail(1, f"Error: the output cannot be written: {error.strerror}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run() -> int:
    try:
        cli(standalone_mode=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except OSError:
        raise
    except Exception as error:
        code = _told(error)
        if code is None:
            raise
        return code
    return 0


def _told(error: Exception) -> int | None:
    """Print an error of ours, and return the exit code; None if it is none. Without one, nothing is imported for it."""
    from ctxschema.cli.output import print_findings
    from ctxschema.core.errors import ConfigurationError, CtxschemaError, UnknownNameError

    if isinstance(error, UnknownNameError):
        return _fail(2, f"Error: {error}{'' if str(error).endswith('?') else '.'}")
    if isinstance(error, ConfigurationError):
        print_findings(error.findings)
        return 2
    if isinstance(error, CtxschemaError):
        print_findings(error.findings)
        return _fail(1, "" if error.findings else f"Error: {error}")
    return None


def _fail(code: int, message: str) -> int:
    if message and sys.stderr is not None:
        click.echo(message, err=True)
    return code
