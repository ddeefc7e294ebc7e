"""How the agent's file finds its modules: compiled for the Python that runs it, or as source.

It is the top of the file's ``__main__.py``, and so imports nothing that must be looked for.
"""

import sys
from typing import Any

_COMPILED = "compiled/%d"
"""Where the compiled modules for one magic number are, in the file."""


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


def _find_compiled(reader: Any) -> None:
    """Have the modules that are compiled for this very Python found first.

    Args:
        reader: Python's own reader of the file, which finds the sources.
    """
    from marshal import loads

    magic = getattr(sys.modules.get("_frozen_importlib_external"), "MAGIC_NUMBER", b"")
    try:
        modules = loads(reader.get_data(_COMPILED % int.from_bytes(magic[:2], "little")))  # noqa: S302 - as above
    except (AttributeError, OSError, EOFError, ValueError, TypeError):
        return
    if not isinstance(modules, dict):
        return
    sys.meta_path.insert(0, _Compiled(reader.archive, modules))
