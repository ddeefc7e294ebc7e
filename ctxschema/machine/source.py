"""Where a machine finds its context. Source: docs/facts/opennebula.md, section 5.3."""

from __future__ import annotations

import os

from ctxschema.context.load import load_context
from ctxschema.context.raw import RawContext
from ctxschema.machine.system import System

CONTEXT_FOLDERS = ("/run/one-context", "/var/run/one-context")
"""The folders in which OpenNebula's contextualization leaves copies of the context."""

_FILES = ("context.sh.network", "context.sh.online", "context.sh.local", "context.sh", "one_env")
"""The names of the copies: one for each stage of contextualization, the latest first, and one_env last."""


def read_machine_context(system: System, path: str | None = None) -> tuple[RawContext, str]:
    """Return the context of a machine, and the path that it was read from.

    Args:
        system: The machine.
        path: The file to read, or ``-`` for standard input. If None, the known places are tried, and then the
            environment.

    Raises:
        FileError: The file cannot be read.
    """
    named = path is not None
    if path is None:
        places = (f"{folder}/{name}" for folder in CONTEXT_FOLDERS for name in _FILES)
        found = next((place for place in places if system.exists(place)), None)
        path = system.real(found) if found else None
    # A file that a user names may be on a disk that does not answer.
    raw = load_context(os.environ if path is None else path, apart=named)
    return raw, "the environment" if path is None else path
