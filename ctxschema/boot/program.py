"""The command line of the boot agent."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.core.errors import CtxschemaError, UnknownNameError
from ctxschema.core.finding import Severity
from ctxschema.core.output import write_out
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ctxschema.boot.state import Options

FINE, FAILED, MISUSE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the agent and return its exit code: 0 fine, 1 an error stopped it, 2 misuse.

    Args:
        arguments: The words behind the program's name; those of the process if None.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    mode = _environment if words[:1] == ["env"] else _boot
    try:
        return mode(words)
    except UnknownNameError as error:
        _complain(f"Error: {error}.")
        return MISUSE
    except CtxschemaError as error:
        _complain(f"Error: {error}")
        return FAILED
    except BrokenPipeError:
        return FAILED  # whoever read has enough; nothing is left to say


def _parser(words: str, about: str) -> ArgumentParser:
    from argparse import ArgumentParser, HelpFormatter

    # A width of its own, because asking for that of the terminal imports a quarter of the standard library.
    parser = ArgumentParser(
        prog=f"ctxschema-agent{words}", description=about, formatter_class=lambda prog: HelpFormatter(prog, width=100)
    )
    parser.add_argument("appliance", metavar="APPLIANCE", help=" or ".join(APPLIANCES[:2]))
    parser.add_argument("--context", metavar="FILE", help="a context.sh or one_env; looked for if it is left out")
    parser.add_argument(
        "--root", metavar="DIR", default="/", type=_folder, help="what stands for / : a machine to test with"
    )
    return parser


def _folder(path: str) -> str:
    from argparse import ArgumentTypeError

    if not os.path.isdir(path):
        raise ArgumentTypeError(f"{path} is no folder")
    return os.path.abspath(path)


def _boot(words: list[str]) -> int:
    parser = _parser("", "Boot a Flower machine: from its context to a running container.")
    parser.add_argument("--dry-run", action="store_true", help="start nothing; print what would be started")
    parser.add_argument("--report", metavar="FILE", help="write what happened to this file, as JSON")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="form of what is printed")
    parser.add_argument(
        "--no-hardening", action="store_true", help="leave the container its rights, for an app that needs them"
    )
    parser.epilog = "ctxschema-agent env APPLIANCE prints the values for a shell instead."
    asked = parser.parse_args(words)
    appliance = get_appliance(asked.appliance)
    if asked.dry_run:
        return _dry_run(appliance, asked)
    from ctxschema.boot.state import Options

    options = Options(asked.context, not asked.no_hardening)
    return boot_machine(appliance, options, System(asked.root), asked.report, asked.format)


def _dry_run(appliance: Appliance, asked: Namespace) -> int:
    import shlex

    from ctxschema.boot.plan import dry_run, gpu_facts, stopped
    from ctxschema.core.errors import FileError
    from ctxschema.machine.log import Log
    from ctxschema.machine.source import read_machine_context

    system = System(asked.root)
    log = Log(system, syslog=False)
    try:
        raw, _ = read_machine_context(system, asked.context)
        planned = dry_run(appliance, raw, gpu_facts("detect", system), hardened=not asked.no_hardening)
    except FileError as error:
        planned = stopped(error.findings)
    for finding in planned.findings:
        log.finding(finding)
    if asked.report is not None:
        write_report(asked.report, planned.as_dict())
    if asked.format == "json":
        _print_json(planned.as_dict())
    elif planned.ok:
        write_out(shlex.join(planned.argv) + "\n")
    return FINE if planned.ok else FAILED


def boot_machine(appliance: Appliance, options: Options, system: System, report_file: str | None, form: str) -> int:
    """Boot a machine and return the exit code.

    Args:
        appliance: Which machine.
        options: What the boot is asked for.
        system: The machine.
        report_file: Where the report is written, after each step; nowhere if None.
        form: ``json`` to print the report at the end, or ``text``.
    """
    from ctxschema.boot.agent import Report, boot
    from ctxschema.machine.log import Log

    log = Log(system)
    unwritable: list[str] = []

    def write(report: Report) -> None:
        if report_file is not None and not unwritable:
            try:
                write_report(report_file, report.as_dict())
            except CtxschemaError as error:
                # The boot matters more than what is told of it.
                unwritable.append(str(error))
                log.line(str(error), Severity.WARNING)

    report = boot(appliance, options, system, log, write)
    if form == "json":
        _print_json(report.as_dict())
    return FINE if report.ok else FAILED


def _environment(words: list[str]) -> int:
    parser = _parser(" env", "Print the validated values of a machine, defaults applied, for a shell to evaluate.")
    parser.add_argument("--format", choices=("sh", "json"), default="sh", help="form of what is printed")
    parser.add_argument("--secrets", action="store_true", help="print secrets, too; they are left out otherwise")
    asked = parser.parse_args(words[1:])
    appliance = get_appliance(asked.appliance)

    from ctxschema.boot.environment import environment, shell_lines
    from ctxschema.machine.log import Log
    from ctxschema.machine.source import read_machine_context

    system = System(asked.root)
    raw, _ = read_machine_context(system, asked.context)
    found = environment(appliance, raw, secrets=asked.secrets)
    log = Log(system, syslog=False)
    for finding in found.findings:
        log.finding(finding)
    if not found.ok:
        return FAILED
    if asked.format == "json":
        _print_json(found.values)
    else:
        # Whatever the locale says, what is evaluated must be what was given.
        write_out("".join(shell_lines(found)))
    return FINE


def write_report(path: str, data: object) -> None:
    """Write plain data to a file as JSON, in one step.

    Raises:
        FileError: It cannot be written.
    """
    import json

    from ctxschema.core.files import write_text

    write_text(path, json.dumps(data, indent=2) + "\n", mode=0o644)


def _print_json(data: object) -> None:
    import json

    write_out(json.dumps(data, indent=2) + "\n")


def _complain(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
