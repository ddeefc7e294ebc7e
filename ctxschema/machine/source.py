"""Where a machine has its context. Source: opennebula.md, section 5.3."""

from __future__ import annotations

import os

from ctxschema.context.load import load_context
from ctxschema.context.raw import RawContext
from ctxschema.machine.system import System

CONTEXT_FOLDERS = ("/run/one-context", "/var/run/one-context")
"""Where contextualization leaves its copies."""

_FILES = ("context.sh.network", "context.sh.online", "context.sh.local", "context.sh", "one_env")
"""The copies that it makes, one for each of its stages, the latest first; one_env is the last resort."""


def read_machine_context(system: System, path: str | None = None) -> tuple[RawContext, str]:
    """Return what a machine was told, and where that stood.

    Args:
        system: The machine.
        path: The file to read instead, ``-`` for standard input; looked for if None, with the environment at last.

    Raises:
        FileError: The file cannot be read.
    """
    named = path is not None
    if path is None:
        places = (f"{folder}/{name}" for folder in CONTEXT_FOLDERS for name in _FILES)
        found = next((place for place in places if system.exists(place)), None)
        path = system.real(found) if found else None
    # What somebody named may stand on any disk.
    raw = load_context(os.environ if path is None else path, apart=named)
    return raw, "the environment" if path is None else path
