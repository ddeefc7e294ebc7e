"""The command-line arguments of the boot agent."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

from attrs import frozen

Options = dict[str, dict[str, Any]]
"""The options of a mode by name, each with the keyword arguments for argparse's ``add_argument``."""


@frozen
class Mode:
    """One of the commands of the agent.

    Args:
        name: Its name with a blank before it; empty for the boot.
        about: What it does.
        options: Its own options.
        more: A text to print below the options.
    """

    name: str
    about: str
    options: Options
    more: str | None = None


def read_arguments(words: list[str], mode: Mode, appliances: tuple[str, ...]) -> Any:
    """Return the parsed arguments: ``appliance``, and every option by name."""
    options = {**SHARED, **mode.options}
    asked = read_plain_arguments(words, options, appliances)
    if asked is not None:
        return SimpleNamespace(**asked)
    from argparse import ArgumentParser, HelpFormatter

    # The width is fixed, because finding out that of the terminal imports many modules.
    parser = ArgumentParser(
        prog=f"ctxschema-agent{mode.name}",
        description=mode.about,
        epilog=mode.more,
        formatter_class=lambda prog: HelpFormatter(prog, width=100),
    )
    names = " or ".join(appliances)
    if len(appliances) == 1:
        parser.add_argument("appliance", metavar="APPLIANCE", nargs="?", default=names, help=names)
    else:
        parser.add_argument("appliance", metavar="APPLIANCE", help=names)
    for name, each in options.items():
        parser.add_argument(name, **each)
    return parser.parse_args(words)


def read_plain_arguments(words: list[str], options: Options, appliances: tuple[str, ...]) -> dict[str, Any] | None:
    """Return the parsed arguments if they are simple; None for help, wrong usage and abbreviations, left to argparse.

    A boot, whose unit spells its options out, thus needs no import of argparse.
    """
    found: dict[str, Any] = {
        name: each.get("default", False if "action" in each else None) for name, each in options.items()
    }
    named: list[str] = list(appliances) if len(appliances) == 1 else []
    given = False
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
            named, given = [word], True
    if not named or not os.path.isdir(found["--root"]):
        return None
    found["--root"] = os.path.abspath(found["--root"])
    return {"appliance": named[0], **{name[2:].replace("-", "_"): value for name, value in found.items()}}


def _folder(path: str) -> str:
    from argparse import ArgumentTypeError

    if not os.path.isdir(path):
        raise ArgumentTypeError(f"{path} is no folder")
    return os.path.abspath(path)


SHARED: Options = {
    "--context": {"metavar": "FILE", "help": "a context.sh or one_env; looked for if it is left out"},
    "--root": {
        "metavar": "DIR",
        "default": "/",
        "type": _folder,
        "help": "the folder that takes the place of /, to test with",
    },
}
BOOT = Mode(
    "",
    "Boot a machine: from its context to a running container.",
    {
        "--dry-run": {"action": "store_true", "help": "start nothing; print what would be started"},
        "--gpu": {
            "choices": ("yes", "no", "detect"),
            "default": "detect",
            "help": "for a dry run, assume a usable GPU or none, or look for one",
        },
        "--report": {"metavar": "FILE", "help": "write the report to this file, as JSON"},
        "--format": {"choices": ("text", "json"), "default": "text", "help": "format of the output"},
        "--no-hardening": {
            "action": "store_true",
            "help": "do not drop the container's privileges, for a program that needs them",
        },
        "--check-gpu": {
            "action": "store_true",
            "help": "once the container runs with a GPU, run validate-gpu.sh as well",
        },
    },
    "Instead, ctxschema-agent env APPLIANCE prints the values for a shell, and ctxschema-agent scripts APPLIANCE "
    "installs the scripts that check a GPU.",
)
SCRIPTS = Mode(" scripts", "Install the GPU check scripts at the path that the appliance declares.", {})
ENVIRONMENT = Mode(
    " env",
    "Print the validated values of a machine, defaults applied, for a shell to evaluate.",
    {
        "--format": {"choices": ("sh", "json"), "default": "sh", "help": "format of the output"},
        "--secrets": {"action": "store_true", "help": "print secrets, too; they are left out otherwise"},
    },
)
