"""Importing a Python module of the user's."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import traceback
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType
from typing import NoReturn

import click

from ctxschema.core.errors import CtxschemaError, MissingFileError
from ctxschema.core.files import read_bytes
from ctxschema.report.text import finding_lines

_OURS = {__file__, importlib.__file__}


def is_path(origin: str) -> bool:
    """Say whether a module is given as a path."""
    return origin.endswith(".py") or os.sep in origin


class _Loader(SourceFileLoader):
    """Reads a module with a time limit and a size limit, as all files are read, and keeps no bytecode of it.

    Bytecode counts as fresh where the second and the size are the same, so that a digit that was changed is not seen.
    """

    def get_data(self, path: str) -> bytes:
        return read_bytes(path)

    def path_stats(self, path: str) -> NoReturn:
        raise OSError(path)


def load_module(module: str) -> ModuleType:
    """Import a module of the user's, whose code may raise anything.

    Raises:
        UsageError: It cannot be imported; the message names the exception with its file and line.
    """
    if not is_path(module) and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        return _imported(module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a module may raise anything
        raise click.UsageError(f"{module} cannot be loaded: {_described(error, module)}") from None


def _imported(module: str) -> ModuleType:
    if not is_path(module):
        return importlib.import_module(module)
    name = f"ctxschema_from_{os.path.splitext(os.path.basename(module))[0]}"
    loader = _Loader(name, module)
    loaded = importlib.util.module_from_spec(ModuleSpec(name, loader, origin=module))
    loader.exec_module(loaded)
    return loaded


def _described(error: BaseException, module: str) -> str:
    """Return the exception and where it was raised: the last line within the user's files, or else anywhere."""
    if isinstance(error, MissingFileError):
        return "there is no such file"
    if isinstance(error, CtxschemaError) and error.findings:
        return "\n".join(line for each in error.findings for line in finding_lines(each))
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f"{error.filename}:{error.lineno}: {error.msg}"
    called = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    # Python's importer and the code that attrs generates are in no real file.
    files = [(file, line) for file, line in called if not file.startswith("<") and file not in _OURS]
    own = [(file, line) for file, line in files if os.path.abspath(file) == os.path.abspath(module)]
    where = "".join(f"{file}:{line}: " for file, line in (own or files)[-1:])
    if isinstance(error, ModuleNotFoundError) and not where:
        return "there is no module of that name here or among Python's"
    return f"{where}{type(error).__name__}: {error}" if where or not isinstance(error, ImportError) else str(error)
