"""Checks of names that are changed or break something.

Sources: docs/facts/opennebula.md, sections 1.2, 2.2, 5.2 and 5.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctxschema.core import codes
from ctxschema.core.finding import Finding
from ctxschema.core.later import later
from ctxschema.core.secret import quoted
from ctxschema.grammar.references import SPECIAL
from ctxschema.lint.document import Entry, Input, Named

_SHELL = frozenset(
    {
        *("PATH", "IFS", "HOME", "SHELL", "USER", "LOGNAME", "PWD", "OLDPWD", "ENV", "BASH_ENV", "BASHOPTS"),
        *("SHELLOPTS", "CDPATH", "GLOBIGNORE", "PS1", "PS2", "PS4", "PROMPT_COMMAND", "UID", "EUID", "PPID", "GROUPS"),
        *("FUNCNAME", "DIRSTACK", "TMPDIR", "LC_ALL", "LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME"),
        *("RUBYLIB", "RUBYOPT"),
    }
)
_TEMPLATE = frozenset(
    {"CONTEXT", "DISK", "FEATURES", "GRAPHICS", "INPUTS_ORDER", "NIC", "OS", "PCI", "RAW", "USER_INPUTS"}
)
_NAME = later(r"[A-Za-z0-9_]+\Z")


def names(inputs: Iterable[Input], context: Iterable[Entry]) -> Iterator[Finding]:
    """Yield findings about the names of inputs and CONTEXT entries."""
    taken: set[str] = set()
    for each in inputs:
        yield from _name(each)
        if each.key in SPECIAL:
            message = f"${each.key} in CONTEXT is the machine's own {each.key}, never what the user enters"
            yield codes.RESERVED_NAME.at(message, variable=each.key, position=each.name_position)
        elif each.key in _TEMPLATE:
            message = f"the value of {each.key} replaces the template's own {each.key}"
            yield codes.RESERVED_NAME.at(message, variable=each.key, position=each.name_position)
        elif each.key in _SHELL:
            taken.add(each.key)
            yield _of_the_shell(each)
    for entry in context:
        yield from _name(entry)
        if entry.key in _SHELL - taken:
            yield _of_the_shell(entry)


def _of_the_shell(each: Named) -> Finding:
    message = f"{each.key} belongs to the shell; the guest exports it to every script"
    return codes.RESERVED_NAME.at(message, variable=each.key, position=each.name_position)


def _name(each: Named) -> Iterator[Finding]:
    if not _NAME.match(each.name):
        message = f"{quoted(each.name)} is no name for a template's attribute"
        yield codes.INPUT_NAME.at(message, variable=each.name, position=each.name_position)
    elif each.name[0].isdigit() or each.name.startswith("XML"):
        message = f"{each.name} begins as no XML element may, and makes the stored template unreadable"
        repair = "begin with a letter or an underscore, and not with XML"
        yield codes.INPUT_NAME.at(message, variable=each.name, position=each.name_position, repair=repair)
