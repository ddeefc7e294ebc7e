"""How the agent's file starts: with modules that are compiled for the Python that runs it, or with their sources."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # the place of ``typing`` is known from here on only
    from typing import Any, NoReturn


class _Compiled:
    """Finds the modules of a file that are compiled already.

    Args:
        archive: The file.
        modules: For every name whether it is a package, and its code, marshalled.
    """

    def __init__(self, archive: str, modules: dict[str, tuple[bool, bytes]]) -> None:
        self.archive = archive
        self.modules = modules

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """Return where a module is, or None where it is no module of the file."""
        if name not in self.modules:
            return None
        from _frozen_importlib import ModuleSpec

        package = self.modules[name][0]
        loader: Any = self
        folder = f"{self.archive}/{name.replace('.', '/')}"
        spec = ModuleSpec(
            name, loader, origin=f"{folder}/__init__.py" if package else f"{folder}.py", is_package=package
        )
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [folder]
        return spec

    def create_module(self, _spec: Any) -> None:
        """Leave it to Python to make the module."""

    def exec_module(self, module: Any) -> None:
        """Run a module."""
        from marshal import loads

        exec(loads(self.modules[module.__name__][1]), module.__dict__)  # noqa: S102, S302 - what the file itself holds

    def get_resource_reader(self, name: str) -> Any:
        """Return what reads the files beside a module; Python's own reader of such files has them."""
        from zipimport import zipimporter

        folders = name.split(".")[:-1]
        return zipimporter("/".join((self.archive, *folders))).get_resource_reader(name)


def start(reader: Any, modules: Any, declaration: str) -> NoReturn:
    """Run the agent.

    Args:
        reader: Python's own reader of the file, which finds the sources.
        modules: What is compiled for this very Python; nothing, or anything, where there is none of it.
        declaration: The module that has the appliance, as ``APPLIANCE``, or those of the catalog, as ``CATALOG``.
    """
    import gc
    import os

    # What is imported stays until the end; looking through it for garbage meanwhile is for nothing.
    gc.disable()
    find_compiled(reader, modules)
    import ctxschema.model.appliance as declared

    declared.CHECKED_BEFORE = True
    from ctxschema.boot.program import only, run

    held = __import__(declaration, fromlist=["APPLIANCE"])
    appliances = held.CATALOG if hasattr(held, "CATALOG") else only(held.APPLIANCE)
    gc.freeze()
    gc.enable()
    try:
        code = run(sys.argv[1:], appliances)
    except (MemoryError, SystemError):
        sys.exit("ctxschema-agent: there is not enough memory to go on")
    # Nothing is left to write, and taking every module apart first takes longer than some of the work did.
    os._exit(code)


def find_compiled(reader: Any, modules: Any) -> None:
    """Have the modules that are compiled found before their sources."""
    if isinstance(modules, dict):
        sys.meta_path.insert(0, _Compiled(reader.archive, modules))
