"""The configuration of the linter: ``[tool.ctxschema.lint]`` of pyproject.toml, or ctxschema.toml.

As with ruff, the file that is closest to a linted file goes for it, what the command line says goes before it, and none
is merged with another.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import Any

from attrs import define, evolve, field, frozen

from ctxschema.consumers.table import BY_ID
from ctxschema.core import codes
from ctxschema.core.errors import ConfigurationError, FileError, UnknownNameError
from ctxschema.core.files import STDIN, read_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.names import suggestion
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position, SourceText
from ctxschema.lint.choice import Choice, code_named, ids, version
from ctxschema.lint.patterns import Patterns

NAMES = ("ctxschema.toml", ".ctxschema.toml", "pyproject.toml")
"""The files of a folder that may hold a configuration; the first that does is taken."""


@frozen
class Configuration:
    """What one file, or the command line, says.

    Attributes:
        path: The file; empty for the command line and where there is no file.
        select: Codes, names of codes, beginnings of codes or ``ALL``; those that are on by default if empty.
        extend_select: The same, to see beside the others.
        ignore: The same, to leave out.
        per_file_ignores: The ids to leave out in files of some names.
        exclude: Files and folders that are passed over on a walk.
        consumers: The consumers that matter; all if empty.
        opennebula: The versions of OpenNebula that matter; all if empty.
        min_severity: The least severity that is shown.
        baseline: The file of the baseline.
        unsafe_fixes: Whether ``--fix`` may change what a user may type.
    """

    path: str = ""
    select: frozenset[str] = frozenset()
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    per_file_ignores: tuple[tuple[Patterns, frozenset[str]], ...] = ()
    exclude: Patterns | None = None
    consumers: frozenset[str] = frozenset()
    opennebula: frozenset[str] = frozenset()
    min_severity: Severity | None = None
    baseline: str | None = None
    unsafe_fixes: bool | None = None

    @property
    def folder(self) -> str:
        """The folder that its paths start from."""
        return os.path.dirname(os.path.abspath(self.path)) if self.path else os.getcwd()

    def under(self, options: Configuration) -> Configuration:
        """Return this one with what the command line says in its place."""
        asked = {code for word in options.select | options.extend_select if (code := code_named(word))}
        left = frozenset(word for word in self.ignore if code_named(word) not in asked)
        return evolve(
            self,
            select=options.select or self.select,
            extend_select=options.extend_select | (frozenset() if options.select else self.extend_select),
            ignore=options.ignore | left,
            exclude=options.exclude or self.exclude,
            consumers=options.consumers or self.consumers,
            opennebula=options.opennebula or self.opennebula,
            min_severity=options.min_severity or self.min_severity,
            baseline=options.baseline or self.baseline,
            unsafe_fixes=self.unsafe_fixes if options.unsafe_fixes is None else options.unsafe_fixes,
        )

    def choice(self, path: str) -> Choice:
        """Return which findings of a file are wanted; what is info only where somebody asks for it."""
        dropped = (left_out for patterns, left_out in self.per_file_ignores if patterns.match(path))
        asked = frozenset(code for word in self.select | self.extend_select if (code := code_named(word)))
        return Choice(
            consumers=self.consumers,
            select=self.select,
            ignore=self.ignore,
            extend_select=self.extend_select,
            dropped=frozenset[str]().union(*dropped),
            versions=self.opennebula,
            least=self.min_severity or Severity.WARNING,
            asked=frozenset() if self.min_severity else asked,
        )


@define
class Configurations:
    """The configuration of each file.

    Args:
        options: What the command line says.
        fixed: The configuration for every file; the closest one if None.
    """

    options: Configuration = field(factory=Configuration)
    fixed: Configuration | None = None
    _found: dict[str, Configuration | None] = field(init=False, factory=dict, repr=False)
    _of_folder: dict[str, Configuration] = field(init=False, factory=dict, repr=False)  # by the folder as it is written
    _choices: dict[tuple[int, tuple[bool, ...]], Choice] = field(init=False, factory=dict, repr=False)

    def of(self, path: str) -> Configuration:
        """Return the configuration of a file or folder.

        Raises:
            ConfigurationError: There is one, and it is not understood.
        """
        folder = "" if path == STDIN else os.path.dirname(path)
        if folder not in self._of_folder:
            closest = self.fixed or self._closest(os.path.abspath(folder)) or self._closest(os.getcwd())
            self._of_folder[folder] = (closest or Configuration()).under(self.options)
        return self._of_folder[folder]

    def choice(self, path: str) -> Choice:
        """Return which findings of a file are wanted."""
        configuration = self.of(path)
        key = id(configuration), tuple(patterns.match(path) for patterns, _ in configuration.per_file_ignores)
        if key not in self._choices:
            self._choices[key] = configuration.choice(path)
        return self._choices[key]

    def excluded(self, path: str) -> bool:
        """Say whether a file or folder is passed over on a walk."""
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


def read_configuration(path: str) -> Configuration | None:
    """Return what a file says; None where it is a pyproject.toml that says nothing to ctxschema.

    Raises:
        ConfigurationError: It is not understood; the findings name every fault.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    pyproject = os.path.basename(path) == "pyproject.toml"
    try:
        source = read_text(path)
    except FileError as error:
        raise ConfigurationError(error.findings) from None
    try:
        if pyproject and "ctxschema" not in source.text:
            return None
        data = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"{path} is no TOML: {error}"
        raise ConfigurationError([codes.CONFIGURATION.at(message, position=_where_said(source, str(error)))]) from None
    table = _table(data, pyproject=pyproject)
    return None if table is None else _Reader(source).read(table)


def _table(data: dict[str, Any], *, pyproject: bool) -> Any:
    """Return the settings of a file; one of ours may leave out ``tool.ctxschema`` and ``lint``."""
    tool = data.get("tool")
    ours = tool.get("ctxschema") if isinstance(tool, dict) else None
    if pyproject:
        return ours.get("lint") if isinstance(ours, dict) else ours
    table = ours if ours is not None else data
    if not isinstance(table, dict) or not isinstance(table.get("lint"), dict):
        return table
    return {**{key: value for key, value in table.items() if key != "lint"}, **table["lint"]}


class _Reader:
    """Reads the settings of a file, and collects what is wrong with them."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.faults: list[Finding] = []

    def read(self, table: Any) -> Configuration:
        told: dict[str, Any] = {"path": self.source.name}
        if not isinstance(table, dict):
            self.fault("lint", "the settings of the linter are a table")
            table = {}
        for key, value in table.items():
            read = SETTINGS.get(key)
            if read is None:
                self.fault(key, f"{quoted(key)} is no setting{suggestion(key, SETTINGS)}")
            elif (found := read(self, key, value)) is not None:
                told[key.replace("-", "_")] = found
        if self.faults:
            raise ConfigurationError(self.faults)
        return Configuration(**told)

    def fault(self, key: str, message: str) -> None:
        self.faults.append(codes.CONFIGURATION.at(message, position=_place(self.source, key)))

    def words(self, key: str, value: Any) -> frozenset[str] | None:
        """A list of words; one word will do."""
        found = [value] if isinstance(value, str) else value
        if isinstance(found, list) and all(isinstance(word, str) for word in found):
            return frozenset(found)
        self.fault(key, f"{key} is a list of words in quotes, and not {quoted(str(value))}")
        return None

    def codes(self, key: str, value: Any) -> frozenset[str] | None:
        words = self.words(key, value)
        for word in sorted(words or ()):
            try:
                ids([word])
            except UnknownNameError as error:
                self.fault(key, f"{key}: {error}")
        return words

    def consumers(self, key: str, value: Any) -> frozenset[str] | None:
        words = self.words(key, value)
        for word in sorted((words or frozenset()) - BY_ID.keys()):
            self.fault(key, f"{key}: {quoted(word)} is none of {', '.join(BY_ID)}{suggestion(word, BY_ID)}")
        return words

    def versions(self, key: str, value: Any) -> frozenset[str] | None:
        words = self.words(key, value)
        for word in sorted(words or ()):
            if version(word) is None:
                self.fault(key, f"{key}: {quoted(word)} is no version of OpenNebula, such as 6.10 or 7")
        return words

    def patterns(self, key: str, value: Any) -> Patterns | None:
        words = self.words(key, value)
        return None if words is None else Patterns(words, os.path.dirname(os.path.abspath(self.source.name)))

    def per_file(self, key: str, value: Any) -> tuple[tuple[Patterns, frozenset[str]], ...] | None:
        if not isinstance(value, dict):
            self.fault(key, f"{key} is a table of patterns and the codes to ignore there")
            return None
        folder = os.path.dirname(os.path.abspath(self.source.name))
        found: list[tuple[Patterns, frozenset[str]]] = []
        faults = len(self.faults)
        for pattern, told in value.items():
            words = self.codes(key, told)
            if words is not None and len(self.faults) == faults:
                found.append((Patterns(frozenset([pattern]), folder), ids(words)))
        return tuple(found)

    def severity(self, key: str, value: Any) -> Severity | None:
        known = {each.value: each for each in Severity}
        if isinstance(value, str) and value in known:
            return known[value]
        self.fault(key, f"{key} is one of {', '.join(known)}, and not {quoted(str(value))}")
        return None

    def file(self, key: str, value: Any) -> str | None:
        if isinstance(value, str) and value:
            return os.path.normpath(os.path.join(os.path.dirname(self.source.name), value))
        self.fault(key, f"{key} is a file, and not {quoted(str(value))}")
        return None

    def switch(self, key: str, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        self.fault(key, f"{key} is true or false, and not {quoted(str(value))}")
        return None


SETTINGS: dict[str, Callable[[_Reader, str, Any], Any]] = {
    "select": _Reader.codes,
    "extend-select": _Reader.codes,
    "ignore": _Reader.codes,
    "per-file-ignores": _Reader.per_file,
    "exclude": _Reader.patterns,
    "consumers": _Reader.consumers,
    "opennebula": _Reader.versions,
    "min-severity": _Reader.severity,
    "baseline": _Reader.file,
    "unsafe-fixes": _Reader.switch,
}
"""Every setting, with what reads it."""


def _place(source: SourceText, key: str) -> Position:
    """Return where a key stands; the beginning of the file where it is written in another way."""
    match = re.search(rf"^[ \t]*(?:\[[\w.\"'-]*?)?[\"']?(?P<key>{re.escape(key)})\b", source.text, re.MULTILINE)
    return source.at(*match.span("key")) if match else source.at(0, 0)


def _where_said(source: SourceText, message: str) -> Position:
    match = re.search(r"line (\d+), column (\d+)", message)
    if match is None:
        return source.at(len(source.text))
    return source.at(source.offset(int(match[1]) - 1, int(match[2]) - 1))
