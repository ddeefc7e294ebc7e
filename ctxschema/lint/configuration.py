"""The linter's configuration, in ``[tool.ctxschema.lint]`` of pyproject.toml or in ctxschema.toml.

As for ruff, the closest configuration file above a linted file applies to it, options of the command line override it,
and configuration files are not merged.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from typing import Any

from attrs import evolve, frozen

from ctxschema.consumers.table import BY_ID
from ctxschema.core import codes
from ctxschema.core.errors import ConfigurationError, FileError, UnknownNameError
from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.names import suggestion
from ctxschema.core.secret import quoted
from ctxschema.core.source import Position, SourceText
from ctxschema.lint.patterns import Patterns
from ctxschema.lint.selection import Selection, code_named, ids, version


@frozen
class Configuration:
    """The settings of one file, or those of the command line.

    Attributes:
        path: The file; empty for the command line, and if there is no file.
        select: The codes to report, as ids, names, beginnings of ids or ``ALL``; those on by default if empty.
        extend_select: Codes to report in addition.
        ignore: The codes to leave out.
        per_file_ignores: The ids of codes to leave out in files that match a pattern.
        exclude: Files and folders that are skipped when folders are searched.
        consumers: The consumers that matter; all if empty.
        opennebula: The versions of OpenNebula that matter; all if empty.
        min_severity: The least severity to report.
        baseline: The file of the baseline.
        unsafe_fixes: Whether ``--fix`` may change what users are able to enter.
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
        """The folder that its paths are relative to."""
        return os.path.dirname(os.path.abspath(self.path)) if self.path else os.getcwd()

    def under(self, options: Configuration) -> Configuration:
        """Return this configuration with the options of the command line in place of its settings."""
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

    def selection(self, path: str) -> Selection:
        """Return the selection of findings for a file; those of severity info only if they are asked for."""
        dropped = (left_out for patterns, left_out in self.per_file_ignores if patterns.match(path))
        asked = frozenset(code for word in self.select | self.extend_select if (code := code_named(word)))
        return Selection(
            consumers=self.consumers,
            select=self.select,
            ignore=self.ignore,
            extend_select=self.extend_select,
            dropped=frozenset[str]().union(*dropped),
            versions=self.opennebula,
            least=self.min_severity or Severity.WARNING,
            asked=frozenset() if self.min_severity else asked,
        )


def read_configuration(path: str) -> Configuration | None:
    """Return the configuration in a file; None for a pyproject.toml without settings of ctxschema.

    Raises:
        ConfigurationError: It is malformed; every mistake is among the findings.
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
    """Return the settings in a file; in ctxschema.toml ``tool.ctxschema`` and ``lint`` may be left out."""
    tool = data.get("tool")
    ours = tool.get("ctxschema") if isinstance(tool, dict) else None
    if pyproject:
        return ours.get("lint") if isinstance(ours, dict) else ours
    table = ours if ours is not None else data
    if not isinstance(table, dict) or not isinstance(table.get("lint"), dict):
        return table
    return {**{key: value for key, value in table.items() if key != "lint"}, **table["lint"]}


class _Reader:
    """Reads the settings of a file, and collects findings about them."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.findings: list[Finding] = []

    def read(self, table: Any) -> Configuration:
        settings: dict[str, Any] = {"path": self.source.name}
        if not isinstance(table, dict):
            self.add_finding("lint", "the settings of the linter are a table")
            table = {}
        for key, value in table.items():
            read = SETTINGS.get(key)
            if read is None:
                self.add_finding(key, f"{quoted(key)} is no setting{suggestion(key, SETTINGS)}")
            elif (found := read(self, key, value)) is not None:
                settings[key.replace("-", "_")] = found
        if self.findings:
            raise ConfigurationError(self.findings)
        return Configuration(**settings)

    def add_finding(self, key: str, message: str) -> None:
        self.findings.append(codes.CONFIGURATION.at(message, position=_place(self.source, key)))

    def words(self, key: str, value: Any) -> frozenset[str] | None:
        """Return a list of words; a single word is accepted as well."""
        found = [value] if isinstance(value, str) else value
        if isinstance(found, list) and all(isinstance(word, str) for word in found):
            return frozenset(found)
        self.add_finding(key, f"{key} is a list of words in quotes, and not {quoted(str(value))}")
        return None

    def codes(self, key: str, value: Any) -> frozenset[str] | None:
        words = self.words(key, value)
        for word in sorted(words or ()):
            try:
                ids([word])
            except UnknownNameError as error:
                self.add_finding(key, f"{key}: {error}")
        return words

    def consumers(self, key: str, value: Any) -> frozenset[str] | None:
        words = self.words(key, value)
        for word in sorted((words or frozenset()) - BY_ID.keys()):
            self.add_finding(key, f"{key}: {quoted(word)} is none of {', '.join(BY_ID)}{suggestion(word, BY_ID)}")
        return words

    def versions(self, key: str, value: Any) -> frozenset[str] | None:
        words = self.words(key, value)
        for word in sorted(words or ()):
            if version(word) is None:
                self.add_finding(key, f"{key}: {quoted(word)} is no version of OpenNebula, such as 6.10 or 7")
        return words

    def patterns(self, key: str, value: Any) -> Patterns | None:
        words = self.words(key, value)
        return None if words is None else Patterns(words, os.path.dirname(os.path.abspath(self.source.name)))

    def per_file(self, key: str, value: Any) -> tuple[tuple[Patterns, frozenset[str]], ...] | None:
        if not isinstance(value, dict):
            self.add_finding(key, f"{key} is a table of patterns and the codes to ignore there")
            return None
        folder = os.path.dirname(os.path.abspath(self.source.name))
        found: list[tuple[Patterns, frozenset[str]]] = []
        before = len(self.findings)
        for pattern, words_of_pattern in value.items():
            words = self.codes(key, words_of_pattern)
            if words is not None and len(self.findings) == before:
                found.append((Patterns(frozenset([pattern]), folder), ids(words)))
        return tuple(found)

    def severity(self, key: str, value: Any) -> Severity | None:
        known = {each.value: each for each in Severity}
        if isinstance(value, str) and value in known:
            return known[value]
        self.add_finding(key, f"{key} is one of {', '.join(known)}, and not {quoted(str(value))}")
        return None

    def file(self, key: str, value: Any) -> str | None:
        if isinstance(value, str) and value:
            return os.path.normpath(os.path.join(os.path.dirname(self.source.name), value))
        self.add_finding(key, f"{key} is a file, and not {quoted(str(value))}")
        return None

    def switch(self, key: str, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        self.add_finding(key, f"{key} is true or false, and not {quoted(str(value))}")
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
"""Every setting, with the method that reads it."""


def _place(source: SourceText, key: str) -> Position:
    """Return the position of a key; the beginning of the file if the key is not found in the text."""
    match = re.search(rf"^[ \t]*(?:\[[\w.\"'-]*?)?[\"']?(?P<key>{re.escape(key)})\b", source.text, re.MULTILINE)
    return source.at(*match.span("key")) if match else source.at(0)


def _where_said(source: SourceText, message: str) -> Position:
    match = re.search(r"line (\d+), column (\d+)", message)
    if match is None:
        return source.at(len(source.text))
    return source.at(source.offset(int(match[1]) - 1, int(match[2]) - 1))
