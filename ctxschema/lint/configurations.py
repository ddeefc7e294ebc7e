"""Finding the configuration that applies to a file: the closest one, with the options of the command line."""

from __future__ import annotations

import os

from attrs import define, field

from ctxschema.lint.configuration import Configuration, read_configuration
from ctxschema.lint.selection import Selection

NAMES = ("ctxschema.toml", ".ctxschema.toml", "pyproject.toml")
"""The files that may hold a configuration; of several in a folder, the first one that does is used."""


@define
class Configurations:
    """The configuration of each file.

    Args:
        options: The options of the command line.
        fixed: A configuration to use for every file, instead of the closest one.
    """

    options: Configuration = field(factory=Configuration)
    fixed: Configuration | None = None
    _found: dict[str, Configuration | None] = field(init=False, factory=dict, repr=False)
    _of_folder: dict[str, Configuration] = field(init=False, factory=dict, repr=False)  # keys are folders as written
    _selections: dict[tuple[int, tuple[bool, ...]], Selection] = field(init=False, factory=dict, repr=False)

    def of(self, path: str) -> Configuration:
        """Return the configuration of a file or folder.

        Raises:
            ConfigurationError: It is malformed.
        """
        folder = os.path.dirname(path)
        if folder not in self._of_folder:
            closest = self.fixed or self._closest(os.path.abspath(folder)) or self._closest(os.getcwd())
            self._of_folder[folder] = (closest or Configuration()).under(self.options)
        return self._of_folder[folder]

    def selection(self, path: str) -> Selection:
        """Return the selection of findings for a file."""
        configuration = self.of(path)
        key = id(configuration), tuple(patterns.match(path) for patterns, _ in configuration.per_file_ignores)
        if key not in self._selections:
            self._selections[key] = configuration.selection(path)
        return self._selections[key]

    def excluded(self, path: str) -> bool:
        """Say whether a file or folder is skipped when folders are searched."""
        exclude = self.of(path).exclude
        return exclude is not None and exclude.match(path)

    def _closest(self, folder: str) -> Configuration | None:
        if folder not in self._found:
            above = os.path.dirname(folder)
            found = _in_folder(folder)
            self._found[folder] = found if found or above == folder else self._closest(above)
        return self._found[folder]


def _in_folder(folder: str) -> Configuration | None:
    for name in NAMES:
        path = os.path.join(folder, name)
        nearer = os.path.relpath(path)
        path = path if nearer.startswith(os.pardir) else nearer
        if os.path.isfile(path) and (found := read_configuration(path)) is not None:
            return found
    return None
