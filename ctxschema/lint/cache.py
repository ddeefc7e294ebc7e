"""A cache of findings, keyed by the name and content of a file and the version of ctxschema.

It holds all findings of a file; the configuration then selects those to report, so that changing the configuration
needs no new lint. As whoever can write to the folder decides what is found, only its owner can.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import define, field, frozen

from ctxschema.core.errors import FileError
from ctxschema.core.files import write_text
from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.source import Position, SourceText
from ctxschema.lint.document import Kind

_DAY = 24 * 60 * 60
_KEPT_DAYS = 30
_MOST = 100_000
VARIABLE = "CTXSCHEMA_CACHE_DIR"
"""The environment variable for the folder of the cache."""


@frozen
class Judged:
    """The findings of a file; without a kind and findings if it is not one of OpenNebula's files.

    Attributes:
        kind: The kind of file.
        findings: All findings, by position, with the edits that can be made in it.
        ours: Whether the file contains anything of OpenNebula's.
    """

    kind: Kind | None
    findings: tuple[Finding, ...] = ()
    ours: bool = True


def default_folder() -> str | None:
    """Return the folder of the cache within the user's cache folder; None if there is no home folder."""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE] or None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "ctxschema") if os.path.isabs(base) else None


def _version() -> str:
    """Return a hash that changes with every version of ctxschema and Python, and with edits of a checkout."""
    digest = hashlib.sha256(sys.version.encode())
    top = os.path.dirname(os.path.dirname(__file__))
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(os.path.join(folder, name))
            digest.update(f"{folder[len(top) :]}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


@define
class Cache:
    """The findings of files that were linted from one folder.

    Args:
        folder: The folder of the cache. Nothing is reported if it cannot be read or written.
    """

    folder: str
    _path: str = field(init=False, default="")
    _entries: dict[str, Any] = field(init=False, factory=dict, repr=False)
    _changed: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        with contextlib.suppress(OSError, ValueError, RecursionError):
            name = hashlib.sha256(f"{_version()} {os.getcwd()}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
            self._path = os.path.join(self.folder, f"lint-{name}.json")
            with open(self._path, encoding="utf-8") as stream:
                found = json.load(stream)
            if isinstance(found, dict):
                self._entries = found

    def find(self, source: SourceText, *, named: bool) -> Judged | None:
        """Return the cached findings for a text, or None."""
        entry = self._entries.get(_key(source, named=named))
        if entry is None:
            return None
        try:
            day, kind, ours, findings = entry
            judged = Judged(Kind[kind] if kind else None, tuple(_read(data, source) for data in findings), bool(ours))
        except (ValueError, TypeError, KeyError):
            return None
        if day != (today := _today()):
            entry[0], self._changed = today, True
        return judged

    def keep(self, source: SourceText, judged: Judged, *, named: bool) -> None:
        """Store the findings of a text."""
        findings = [_data(finding, source) for finding in judged.findings]
        if all(findings):
            kind = judged.kind.name if judged.kind else None
            self._entries[_key(source, named=named)] = [_today(), kind, judged.ours, findings]
            self._changed = True

    def find_between(self, sources: Sequence[SourceText]) -> list[Finding] | None:
        """Return the cached findings between several texts, or None."""
        try:
            _, findings = self._entries[_key_of_all(sources)]
            return [_read(data, sources[number]) for number, data in findings]
        except (ValueError, TypeError, LookupError):
            return None

    def keep_between(self, sources: Sequence[SourceText], findings: Iterable[Finding]) -> None:
        """Store the findings between several texts."""
        items: list[Any] = []
        for finding in findings:
            place = finding.position.outermost.source if finding.position else None
            number = next((number for number, source in enumerate(sources) if source is place), None)
            written = None if number is None else _data(finding, sources[number])
            if written is None:
                return
            items.append([number, written])
        self._entries[_key_of_all(sources)] = [_today(), items]
        self._changed = True

    def write(self) -> None:
        """Write the cache, readable by its owner only, without entries that were not used for a month."""
        if not (self._changed and self._path):
            return
        since = _today() - _KEPT_DAYS
        entries = {
            key: entry
            for key, entry in self._entries.items()
            if isinstance(entry, list) and entry and isinstance(entry[0], int) and entry[0] >= since
        }
        if len(entries) > _MOST:
            entries = dict(sorted(entries.items(), key=lambda pair: -pair[1][0])[:_MOST])
        with contextlib.suppress(OSError, FileError, ValueError):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            write_text(self._path, json.dumps(entries, separators=(",", ":")), mode=0o600)
            _tidy(self.folder)


def _tidy(folder: str) -> None:
    """Remove caches of earlier versions that were not written to for a month."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if (
            name.startswith("lint-")
            and name.endswith(".json")
            and os.stat(path).st_mtime < time.time() - _KEPT_DAYS * _DAY
        ):
            os.unlink(path)


def _today() -> int:
    return int(time.time()) // _DAY


def _key(source: SourceText, *, named: bool) -> str:
    text = f"{int(named)}{source.name}\0{source.text}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _key_of_all(sources: Sequence[SourceText]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(_key(source, named=False).encode())
    return digest.hexdigest()


def _data(finding: Finding, source: SourceText) -> list[Any] | None:
    """Return a finding as plain data, or None if its place is in another text."""
    position = finding.position.outermost if finding.position else None
    if position is not None and position.source is not source:
        same = position.start is None and position.source.name == source.name
        if not same:
            return None
    place = None if position is None else [position.start, position.end]
    edits = [[edit.position.start, edit.position.end, edit.text] for edit in finding.edits]
    return [
        finding.code,
        finding.severity.value,
        finding.message,
        finding.variable,
        finding.value,
        place,
        finding.repair,
        finding.rule,
        edits,
        finding.safe,
    ]


def _read(data: list[Any], source: SourceText) -> Finding:
    code, severity, message, variable, value, place, repair, rule, edits, safe = data
    return Finding(
        code,
        Severity(severity),
        message,
        variable,
        value,
        None if place is None else _position(place, source),
        repair,
        rule,
        tuple(Edit(_position((start, end), source), text) for start, end, text in edits),
        safe,
    )


def _position(place: Iterable[int | None], source: SourceText) -> Position:
    start, end = place
    if start is None or end is None:
        return Position(source)
    if not 0 <= start <= end <= len(source.text):
        raise ValueError
    return source.at(start, end)
