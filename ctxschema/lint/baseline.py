"""A baseline: the findings that existed when linting was introduced, so that only new ones are reported.

An entry is a finding without its place, so that it still matches after lines were added or moved. A short hash of the
line tells identical findings apart.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from typing import Any

from attrs import define, field

from ctxschema.core import codes
from ctxschema.core.errors import ConfigurationError, FileError
from ctxschema.core.files import STDIN, read_text, write_text
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText

DEFAULT = "ctxschema-baseline.json"
"""The file name of a baseline unless another is given."""

_VERSION = 1

Entry = tuple[str, str, str, str]
"""The code, the variable, the message without places, and the hash of the line."""


def entry_of(finding: Finding) -> Entry:
    """Return the entry for a finding."""
    return finding.code, finding.variable or "", finding.lasting, _hash_of_line(finding)


def _hash_of_line(finding: Finding) -> str:
    place = finding.position.outermost if finding.position else None
    if place is None or place.start is None or place.source.confidential:
        return ""
    number, _ = place.source.line_and_column(place.start)
    text = "".join(place.source.line(number).split())
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


@define
class Baseline:
    """The known findings of some files.

    Attributes:
        path: The file of the baseline; paths in it are relative to its folder.
        files: The entries of each file, with the number of findings that each stands for.
    """

    path: str
    files: dict[str, Counter[Entry]] = field(factory=dict)

    def new(self, path: str, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], int]:
        """Return the findings of a file that the baseline lacks, and the number of its entries that have disappeared.

        Each entry stands for one finding. Of identical findings, one whose line has the same hash is taken as the known
        one.
        """
        findings = tuple(findings)
        entries = [entry_of(finding) for finding in findings]
        left = Counter(self.files.get(self.name_of(path)))
        known: set[int] = set()
        for number, entry in enumerate(entries):
            if left[entry] > 0:
                left[entry] -= 1
                known.add(number)
        alike: Counter[tuple[str, ...]] = Counter()
        for entry, count in left.items():
            alike[entry[:3]] += count
        for number, entry in enumerate(entries):
            if number not in known and alike[entry[:3]] > 0:
                alike[entry[:3]] -= 1
                known.add(number)
        return tuple(each for number, each in enumerate(findings) if number not in known), sum(alike.values())

    def add(self, path: str, findings: Iterable[Finding]) -> None:
        """Store the findings of a file, replacing those that were stored for it."""
        entries = Counter(map(entry_of, findings))
        if entries:
            self.files[self.name_of(path)] = entries
        else:
            self.files.pop(self.name_of(path), None)

    def name_of(self, path: str) -> str:
        """Return the path by which the baseline refers to a file."""
        if path == STDIN:
            return path
        folder = os.path.dirname(os.path.abspath(self.path))
        return os.path.relpath(os.path.abspath(path), folder).replace(os.sep, "/")

    def size(self) -> int:
        """Return the number of findings in the baseline."""
        return sum(count for entries in self.files.values() for count in entries.values())

    def write(self) -> None:
        """Write the file with one entry a line, so that changes can be reviewed.

        Raises:
            FileError: It cannot be written.
        """
        lines: list[str] = []
        for name, entries in sorted(self.files.items()):
            items = [_written(entry, count) for entry, count in sorted(entries.items())]
            lines.append(f"    {json.dumps(name)}: [\n      " + ",\n      ".join(items) + "\n    ]")
        files = "{\n" + ",\n".join(lines) + "\n  }" if lines else "{}"
        write_text(self.path, f'{{\n  "version": {_VERSION},\n  "files": {files}\n}}\n')


def _written(entry: Entry, count: int) -> str:
    code, variable, message, line = entry
    data: dict[str, Any] = {"code": code, "variable": variable, "message": message, "line": line}
    return json.dumps(data | ({"count": count} if count > 1 else {}))


def read_baseline(path: str) -> Baseline:
    """Return the baseline in a file.

    Raises:
        ConfigurationError: It cannot be read, or is not a baseline.
    """
    try:
        source = read_text(path)
    except FileError as error:
        raise ConfigurationError(error.findings) from None
    try:
        data = json.loads(source.text)
        if data["version"] != _VERSION:
            raise _refused(source, f"it is of version {data['version']}, and this is version {_VERSION}")
        files = {str(name): _entries(entries) for name, entries in data["files"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _refused(source, f"{type(error).__name__}: {error}") from None
    return Baseline(path, files)


def _entries(items: list[dict[str, Any]]) -> Counter[Entry]:
    entries: Counter[Entry] = Counter()
    for data in items:
        code, variable, message, line = (str(data[name]) for name in ("code", "variable", "message", "line"))
        entries[code, variable, message, line] += int(data.get("count", 1))
    return entries


def _refused(source: SourceText, why: str) -> ConfigurationError:
    message = f"{source.name} is no baseline: {why}"
    return ConfigurationError([codes.BASELINE.at(message, position=source.at(0))])
