"""The command line of the boot agent."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ctxschema.boot import arguments
from ctxschema.core.errors import CtxschemaError, MissingFileError, UnknownNameError
from ctxschema.core.finding import Severity
from ctxschema.core.streams import Patient, put, settle
from ctxschema.core.timed import in_time
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance

if TYPE_CHECKING:
    from ctxschema.boot.state import Options as BootOptions

FINE, FAILED, MISUSE = 0, 1, 2

LOOK_SECONDS = 90.0
"""The time limit for reading a context and, in a dry run, looking at the machine, in seconds."""

REPORT_SECONDS = 5.0
"""The time limit for writing the report of a boot, in seconds."""


@frozen
class Appliances:
    """The appliances that the agent can boot.

    Args:
        names: Their names.
        get: A function that returns the appliance with a name, or raises `UnknownNameError`.
    """

    names: tuple[str, ...]
    get: Callable[[str], Appliance]


def only(appliance: Appliance) -> Appliances:
    """Return the appliances of an agent that is made for a single one."""

    def get(name: str) -> Appliance:
        if name != appliance.name:
            raise UnknownNameError(f"this agent boots {appliance.name}, and {name} is another appliance")
        return appliance

    return Appliances((appliance.name,), get)


def run(words: Sequence[str], appliances: Appliances) -> int:
    """Run the agent and return its exit code: 0 for success, 1 if an error stopped it, 2 for wrong usage.

    Args:
        words: The command-line arguments, without the program's name.
        appliances: The appliances that it can boot.
    """
    mode = {"env": _environment, "scripts": _scripts}.get(words[0] if words else "", _boot)
    try:
        code = mode(list(words), appliances)
    except UnknownNameError as error:
        _print_error(f"Error: {error}.")
        code = MISUSE
    except CtxschemaError as error:
        _print_error(f"Error: {error}")
        code = MISUSE if isinstance(error, MissingFileError) else FAILED
    except BrokenPipeError:
        code = FAILED  # the reader of the output has closed it, so nothing more can be printed
    except OSError as error:
        _print_error(f"Error: {error.strerror or 'the system refuses'}.")
        code = FAILED
    except Exception as error:  # noqa: BLE001 - one line, whatever it is
        from ctxschema.boot.agent import own_fault

        _print_error(f"Error: {own_fault(error)}.")
        code = FAILED
    finally:
        written = settle(sys.stdout)
        settle(sys.stderr)
    return code if written else code or FAILED


def _boot(words: list[str], appliances: Appliances) -> int:
    asked = arguments.read_arguments(words, arguments.BOOT, appliances.names)
    appliance = appliances.get(asked.appliance)
    if asked.dry_run:
        return _dry_run(appliance, asked)
    from ctxschema.boot.state import Options as BootOptions

    os.umask(os.umask(0o022) | 0o022)  # no file of the agent's is writable for others, whatever umask was inherited

    options = BootOptions(asked.context, not asked.no_hardening, asked.check_gpu)
    return boot_machine(appliance, options, System(asked.root), asked.report, asked.format)


def _dry_run(appliance: Appliance, asked: Any) -> int:
    from ctxschema.boot.plan import DryRun, dry_run, gpu_facts, stopped
    from ctxschema.core.errors import FileError
    from ctxschema.core.quoting import shell_command
    from ctxschema.machine.log import Log
    from ctxschema.machine.source import read_machine_context

    system = System(asked.root)
    log = Log(system, syslog=False)

    def plan() -> DryRun:
        raw, _ = read_machine_context(system, asked.context)
        return dry_run(appliance, raw, gpu_facts(asked.gpu, system), hardened=not asked.no_hardening)

    failed = FAILED
    try:
        planned = in_time(plan, LOOK_SECONDS)
    except FileError as error:
        planned = stopped(error.findings)
        failed = MISUSE if isinstance(error, MissingFileError) else FAILED
    for finding in planned.findings:
        log.finding(finding)
    if asked.report is not None:
        write_report(asked.report, planned.as_dict())
    if asked.format == "json":
        _print_json(planned.as_dict())
    elif planned.ok:
        put(sys.stdout, shell_command(planned.argv) + "\n")
    return FINE if planned.ok else failed


def boot_machine(appliance: Appliance, options: BootOptions, system: System, report_file: str | None, form: str) -> int:
    """Boot a machine and return the exit code.

    Args:
        appliance: The appliance.
        options: The options of the boot.
        system: The machine.
        report_file: The path that the report is written to after each step; None for no file.
        form: ``json`` to print the report at the end, or ``text``.
    """
    from ctxschema.boot.agent import Report, boot
    from ctxschema.machine.lock import only_one
    from ctxschema.machine.log import Log
    from ctxschema.machine.process import keep_exit_codes

    keep_exit_codes()
    log = Log(system)
    unwritable: list[str] = []

    def deliver(action: Callable[[], None]) -> None:
        """Write or print the report; a failure is logged, and does not stop the boot."""
        try:
            in_time(action, REPORT_SECONDS)
        except (CtxschemaError, OSError, ValueError) as error:
            unwritable.append(getattr(error, "strerror", None) or str(error))
            log.line(f"the report: {unwritable[-1]}", Severity.WARNING)

    def write(report: Report) -> None:
        if report_file is not None and not unwritable:
            deliver(lambda: write_report(report_file, report.as_dict()))

    with only_one(system, appliance.name):
        report = boot(appliance, options, system, log, write)
    if form == "json":
        deliver(lambda: _print_json(report.as_dict()))
    return FINE if report.ok else FAILED


def _scripts(words: list[str], appliances: Appliances) -> int:
    asked = arguments.read_arguments(words[1:], arguments.SCRIPTS, appliances.names)
    appliance = appliances.get(asked.appliance)
    path = appliance.gpu.script if appliance.gpu else ""
    if not path:
        put(sys.stdout, f"{appliance.name} has no place for scripts that check a GPU\n")
        return FINE
    from ctxschema.gpu.registry import SCRIPTS
    from ctxschema.gpu.script import gpu_script

    system = System(asked.root)
    folder = path.rpartition("/")[0]
    system.make_folder(folder, 0o755, 0)
    for layer, name in SCRIPTS.items():
        system.write(f"{folder}/{name}", gpu_script(layer), 0o755, 0)
        put(sys.stdout, f"{folder}/{name}\n")
    return FINE


def _environment(words: list[str], appliances: Appliances) -> int:
    asked = arguments.read_arguments(words[1:], arguments.ENVIRONMENT, appliances.names)
    appliance = appliances.get(asked.appliance)

    from ctxschema.boot.environment import environment, shell_lines
    from ctxschema.machine.log import Log
    from ctxschema.machine.source import read_machine_context

    system = System(asked.root)
    raw, _ = in_time(lambda: read_machine_context(system, asked.context), LOOK_SECONDS)
    found = environment(appliance, raw, secrets=asked.secrets)
    log = Log(system, syslog=False)
    for finding in found.findings:
        log.finding(finding)
    if not found.ok:
        return FAILED
    if asked.format == "json":
        _print_json(found.values)
    else:
        # The output is always UTF-8, since the shell must get the exact bytes whatever the locale is.
        put(sys.stdout, "".join(shell_lines(found)), "utf-8")
    return FINE


def write_report(path: str, data: object) -> None:
    """Write plain data as JSON to a file that only its owner can read, atomically.

    Raises:
        FileError: It cannot be written.
    """
    import json

    from ctxschema.core.files import write_text

    write_text(path, json.dumps(data, indent=2) + "\n", mode=0o600)


def _print_json(data: object) -> None:
    import json

    put(sys.stdout, json.dumps(data, indent=2) + "\n")


def _print_error(text: str) -> None:
    if sys.stderr is not None:
        Patient().write(sys.stderr, f"{text}\n")
