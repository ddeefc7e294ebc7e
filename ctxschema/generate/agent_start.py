"""Starting the agent's file with modules compiled for the running Python, or else with their sources."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # the place of ``typing`` is known from here on only
    from typing import Any, NoReturn


class _Compiled:
    """A finder for the compiled modules in the file.

    Args:
        archive: The path of the file.
        modules: For each name, whether it is a package, and its marshalled code.
    """

    def __init__(self, archive: str, modules: dict[str, tuple[bool, bytes]]) -> None:
        self.archive = archive
        self.modules = modules

    def find_spec(self, name: str, _path: Any = None, _target: Any = None) -> Any:
        """Return the spec of a module, or None if the file has no compiled module of that name."""
        if name not in self.modules:
            return None
        from _frozen_importlib import ModuleSpec

        package = self.modules[name][0]
        loader: Any = self
        folder = f"{self.archive}/{name.replace('.', '/')}"
        spec = ModuleSpec(name, loader, origin=f"{folder}/__init__.py" if package else f"{folder}.py")
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [folder]
        return spec

    def create_module(self, _spec: Any) -> None:
        """Return None, so that Python creates the module itself."""

    def exec_module(self, module: Any) -> None:
        """Execute a module."""
        from marshal import loads

        exec(loads(self.modules[module.__name__][1]), module.__dict__)  # noqa: S102, S302 - what the file itself holds

    def get_resource_reader(self, name: str) -> Any:
        """Return a reader for the data files beside a module: that of Python's own zip importer."""
        from zipimport import zipimporter

        folders = name.split(".")[:-1]
        return zipimporter("/".join((self.archive, *folders))).get_resource_reader(name)


def start(reader: Any, modules: Any, declaration: str) -> NoReturn:
    """Run the agent, and exit.

    Args:
        reader: Python's zip importer for the file, which finds the sources.
        modules: The modules compiled for this Python; if there are none, anything else.
        declaration: The name of the module that defines ``APPLIANCE``, or ``CATALOG`` for those of the catalog.
    """
    import gc
    import os

    # Imported objects stay until the end, so that searching them for garbage would be a waste of time.
    gc.disable()
    find_compiled(reader, modules)
    import ctxschema.model.appliance as declared

    declared.CHECKED_BEFORE = True
    from ctxschema.boot.program import only, run

    __import__(declaration)
    held: Any = sys.modules[declaration]
    appliances = held.CATALOG if hasattr(held, "CATALOG") else only(held.APPLIANCE)
    gc.freeze()
    gc.enable()
    try:
        code = run(sys.argv[1:], appliances)
    except (MemoryError, SystemError):
        sys.exit("ctxschema-agent: there is not enough memory to go on")
    # All output is written; tearing the interpreter down would take longer than some of the work did.
    os._exit(code)


def find_compiled(reader: Any, modules: Any) -> None:
    """Make Python find the compiled modules before their sources."""
    if isinstance(modules, dict):
        sys.meta_path.insert(0, _Compiled(reader.archive, modules))
