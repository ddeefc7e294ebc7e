"""The command line of the boot agent."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ctxschema.core.errors import CtxschemaError, UnknownNameError
from ctxschema.core.finding import Severity
from ctxschema.core.streams import Patient, put, settle
from ctxschema.core.timed import in_time
from ctxschema.machine.system import System
from ctxschema.model.appliance import Appliance

if TYPE_CHECKING:
    from ctxschema.boot.state import Options as BootOptions

Options = dict[str, dict[str, Any]]
"""The options of a mode by their names, each with what argparse is told of it."""

FINE, FAILED, MISUSE = 0, 1, 2

LOOK_SECONDS = 90.0
"""How long reading a context, and looking at the machine for a dry run, may take altogether."""

TELL_SECONDS = 5.0
"""How long the report of a boot may keep it waiting."""


@frozen
class Appliances:
    """Which appliances the agent can boot.

    Args:
        names: Their names.
        get: Returns the one of a name, or raises `UnknownNameError`.
    """

    names: tuple[str, ...]
    get: Callable[[str], Appliance]


def only(appliance: Appliance) -> Appliances:
    """Return the one appliance that an agent was made for."""

    def get(name: str) -> Appliance:
        if name != appliance.name:
            raise UnknownNameError(f"this agent boots {appliance.name}, and {name} is another appliance")
        return appliance

    return Appliances((appliance.name,), get)


def run(words: Sequence[str], appliances: Appliances) -> int:
    """Run the agent and return its exit code: 0 fine, 1 an error stopped it, 2 misuse.

    Args:
        words: Those behind the program's name.
        appliances: Which appliances it can boot.
    """
    mode = {"env": _environment, "scripts": _scripts}.get(words[0] if words else "", _boot)
    try:
        code = mode(list(words), appliances)
    except UnknownNameError as error:
        _complain(f"Error: {error}.")
        code = MISUSE
    except CtxschemaError as error:
        _complain(f"Error: {error}")
        code = FAILED
    except BrokenPipeError:
        code = FAILED  # whoever read has enough; nothing is left to say, and nowhere to say it
    except OSError as error:
        _complain(f"Error: {error.strerror or 'the system refuses'}.")
        code = FAILED
    except Exception as error:  # noqa: BLE001 - one line, whatever it is
        from ctxschema.boot.agent import own_fault

        _complain(f"Error: {own_fault(error)}.")
        code = FAILED
    finally:
        told = settle(sys.stdout)
        settle(sys.stderr)
    return code if told else code or FAILED


@frozen
class _Mode:
    """One of the things that the agent does.

    Args:
        name: How it is called, behind a blank; nothing for a boot.
        about: What it does.
        options: Its own options.
        more: What is to be said below them.
    """

    name: str
    about: str
    options: Options
    more: str | None = None


def _asked(words: list[str], mode: _Mode, appliances: Appliances) -> Any:
    """Return what somebody asks for: ``appliance``, and every option under its name."""
    options = {**_SHARED, **mode.options}
    asked = _plainly_asked(words, options, appliances)
    if asked is not None:
        return SimpleNamespace(**asked)
    from argparse import ArgumentParser, HelpFormatter

    # A width of its own, because asking for that of the terminal imports a quarter of the standard library.
    parser = ArgumentParser(
        prog=f"ctxschema-agent{mode.name}",
        description=mode.about,
        epilog=mode.more,
        formatter_class=lambda prog: HelpFormatter(prog, width=100),
    )
    told = " or ".join(appliances.names)
    if len(appliances.names) == 1:
        parser.add_argument("appliance", metavar="APPLIANCE", nargs="?", default=told, help=told)
    else:
        parser.add_argument("appliance", metavar="APPLIANCE", help=told)
    for name, each in options.items():
        parser.add_argument(name, **each)
    return parser.parse_args(words)


def _plainly_asked(words: list[str], options: Options, appliances: Appliances) -> dict[str, Any] | None:
    """Return the same of words that leave nothing to explain; None for help, misuse and short forms.

    So a boot, which writes its options out, need not wait for argparse to be imported.
    """
    found: dict[str, Any] = {
        name: each.get("default", False if "action" in each else None) for name, each in options.items()
    }
    named: list[str] = list(appliances.names) if len(appliances.names) == 1 else []
    given = 0
    left = iter(words)
    for word in left:
        if word in options and "action" in options[word]:
            found[word] = True
        elif word in options and words.count(word) == 1:
            value = next(left, "-")
            if value.startswith("-") or value not in options[word].get("choices", (value,)):
                return None
            found[word] = value
        elif word.startswith("-") or given:
            return None
        else:
            named, given = [word], 1
    if not named or not os.path.isdir(found["--root"]):
        return None
    found["--root"] = os.path.abspath(found["--root"])
    return {"appliance": named[0], **{name[2:].replace("-", "_"): value for name, value in found.items()}}


def _folder(path: str) -> str:
    from argparse import ArgumentTypeError

    if not os.path.isdir(path):
        raise ArgumentTypeError(f"{path} is no folder")
    return os.path.abspath(path)


_SHARED: Options = {
    "--context": {"metavar": "FILE", "help": "a context.sh or one_env; looked for if it is left out"},
    "--root": {
        "metavar": "DIR",
        "default": "/",
        "type": _folder,
        "help": "what stands for / : a machine to test with",
    },
}
_BOOT = _Mode(
    "",
    "Boot a machine: from its context to a running container.",
    {
        "--dry-run": {"action": "store_true", "help": "start nothing; print what would be started"},
        "--report": {"metavar": "FILE", "help": "write what happened to this file, as JSON"},
        "--format": {"choices": ("text", "json"), "default": "text", "help": "form of what is printed"},
        "--no-hardening": {
            "action": "store_true",
            "help": "leave the container its rights, for an app that needs them",
        },
        "--check-gpu": {
            "action": "store_true",
            "help": "once the container runs with a GPU, run validate-gpu.sh, too",
        },
    },
    "Instead, ctxschema-agent env APPLIANCE prints the values for a shell, and ctxschema-agent scripts APPLIANCE "
    "installs the scripts that check a GPU.",
)
_SCRIPTS = _Mode(" scripts", "Put the scripts that check a GPU where the appliance has them.", {})
_ENVIRONMENT = _Mode(
    " env",
    "Print the validated values of a machine, defaults applied, for a shell to evaluate.",
    {
        "--format": {"choices": ("sh", "json"), "default": "sh", "help": "form of what is printed"},
        "--secrets": {"action": "store_true", "help": "print secrets, too; they are left out otherwise"},
    },
)


def _boot(words: list[str], appliances: Appliances) -> int:
    asked = _asked(words, _BOOT, appliances)
    appliance = appliances.get(asked.appliance)
    if asked.dry_run:
        return _dry_run(appliance, asked)
    from ctxschema.boot.state import Options as BootOptions

    os.umask(os.umask(0o022) | 0o022)  # whatever we were started with, nothing of ours is for everybody to change

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
        return dry_run(appliance, raw, gpu_facts("detect", system), hardened=not asked.no_hardening)

    try:
        planned = in_time(plan, LOOK_SECONDS)
    except FileError as error:
        planned = stopped(error.findings)
    for finding in planned.findings:
        log.finding(finding)
    if asked.report is not None:
        write_report(asked.report, planned.as_dict())
    if asked.format == "json":
        _print_json(planned.as_dict())
    elif planned.ok:
        put(sys.stdout, shell_command(planned.argv) + "\n")
    return FINE if planned.ok else FAILED


def boot_machine(appliance: Appliance, options: BootOptions, system: System, report_file: str | None, form: str) -> int:
    """Boot a machine and return the exit code.

    Args:
        appliance: Which machine.
        options: What the boot is asked for.
        system: The machine.
        report_file: Where the report is written, after each step; nowhere if None.
        form: ``json`` to print the report at the end, or ``text``.
    """
    from ctxschema.boot.agent import Report, boot
    from ctxschema.machine.lock import only_one
    from ctxschema.machine.log import Log
    from ctxschema.machine.process import keep_exit_codes

    keep_exit_codes()
    log = Log(system)
    unwritable: list[str] = []

    def told(tell: Callable[[], None]) -> None:
        """Tell somebody what happened; the boot matters more than what is told of it."""
        try:
            in_time(tell, TELL_SECONDS)
        except (CtxschemaError, OSError, ValueError) as error:
            unwritable.append(getattr(error, "strerror", None) or str(error))
            log.line(f"the report: {unwritable[-1]}", Severity.WARNING)

    def write(report: Report) -> None:
        if report_file is not None and not unwritable:
            told(lambda: write_report(report_file, report.as_dict()))

    with only_one(system, appliance.name):
        report = boot(appliance, options, system, log, write)
    if form == "json":
        told(lambda: _print_json(report.as_dict()))
    return FINE if report.ok else FAILED


def _scripts(words: list[str], appliances: Appliances) -> int:
    asked = _asked(words[1:], _SCRIPTS, appliances)
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
    asked = _asked(words[1:], _ENVIRONMENT, appliances)
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
        # Whatever the locale says, what is evaluated must be what was given.
        sys.stdout.flush()
        sys.stdout.buffer.write("".join(shell_lines(found)).encode())
        sys.stdout.buffer.flush()
    return FINE


def write_report(path: str, data: object) -> None:
    """Write plain data to a file as JSON, in one step, for its owner only: it tells what runs here and how.

    Raises:
        FileError: It cannot be written.
    """
    import json

    from ctxschema.core.files import write_text

    write_text(path, json.dumps(data, indent=2) + "\n", mode=0o600)


def _print_json(data: object) -> None:
    import json

    put(sys.stdout, json.dumps(data, indent=2) + "\n")


def _complain(text: str) -> None:
    if sys.stderr is not None:
        Patient().write(sys.stderr, f"{text}\n")
