"""Importing a module of the user's own."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType

import click

from ctxschema.core.errors import CtxschemaError
from ctxschema.core.files import read_bytes


def is_path(origin: str) -> bool:
    """Say whether a module is named by its file."""
    return origin.endswith(".py") or os.sep in origin


class _Loader(SourceFileLoader):
    """Reads a module as every other file is read: not for ever from a pipe, and of bounded size."""

    def get_data(self, path: str) -> bytes:
        return read_bytes(path) if path == self.path else super().get_data(path)


def load_module(module: str) -> ModuleType:
    """Import a module; whatever it raises is one message, for it is the user's own code."""
    try:
        if not is_path(module):
            if os.getcwd() not in sys.path:
                sys.path.insert(0, os.getcwd())
            return importlib.import_module(module)
        name = f"ctxschema_from_{os.path.splitext(os.path.basename(module))[0]}"
        loader = _Loader(name, module)
        loaded = importlib.util.module_from_spec(ModuleSpec(name, loader, origin=module))
        loader.exec_module(loaded)
    except CtxschemaError as error:
        raise click.UsageError(f"{module} cannot be loaded: {error}") from None
    except Exception as error:  # noqa: BLE001 - a module may raise anything
        line = error.__traceback__
        while line is not None and line.tb_next is not None:
            line = line.tb_next
        where = f"{line.tb_frame.f_code.co_filename}:{line.tb_lineno}: " if line is not None else ""
        told = error if isinstance(error, (OSError, SyntaxError)) else f"{where}{type(error).__name__}: {error}"
        raise click.UsageError(f"{module} cannot be loaded: {told}") from None
    return loaded
