"""What was found before, kept by the content of a file, the version of ctxschema and the name of the file.

What is kept is everything that is wrong with a file; the configuration decides afterwards what of it is told, so that
a change of it needs nothing to be read anew. Whoever writes to the folder decides what is found: it is its owner's.
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
"""The environment variable that names the folder."""


@frozen
class Judged:
    """What a file is and everything that is wrong with it; no kind and no findings where it is nothing of ours.

    Attributes:
        kind: What it is.
        findings: What is wrong with it, by position, with edits that can be made in it.
        ours: Whether there is anything of OpenNebula's in it.
    """

    kind: Kind | None
    findings: tuple[Finding, ...] = ()
    ours: bool = True


def default_folder() -> str | None:
    """Return the folder for what is kept, of ours in the user's cache; None where there is no home."""
    if VARIABLE in os.environ:
        return os.environ[VARIABLE] or None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "ctxschema") if os.path.isabs(base) else None


def _version() -> str:
    """Return what changes with every version of ctxschema and of Python, an edited checkout among them."""
    told = hashlib.sha256(repr((sys.version_info[:3], sys.implementation.name)).encode())
    top = os.path.dirname(os.path.dirname(__file__))
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(os.path.join(folder, name))
            told.update(f"{folder[len(top) :]}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return told.hexdigest()


@define
class Cache:
    """What was found before in the files that are linted from one folder.

    Args:
        folder: Where it is kept. What cannot be read or written there is not kept, without a word.
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
        """Return what was found in a text of that name before; None where nothing is known."""
        entry = self._entries.get(_key(source, named=named))
        if entry is None:
            return None
        try:
            day, kind, ours, findings = entry
            judged = Judged(Kind[kind] if kind else None, tuple(_read(told, source) for told in findings), bool(ours))
        except (ValueError, TypeError, KeyError):
            return None
        if day != (today := _today()):
            entry[0], self._changed = today, True
        return judged

    def keep(self, source: SourceText, judged: Judged, *, named: bool) -> None:
        """Keep what was found in a text."""
        findings = [_told(finding, source) for finding in judged.findings]
        if all(findings):
            kind = judged.kind.name if judged.kind else None
            self._entries[_key(source, named=named)] = [_today(), kind, judged.ours, findings]
            self._changed = True

    def find_between(self, sources: Sequence[SourceText]) -> list[Finding] | None:
        """Return what was found between some texts before; None where nothing is known."""
        try:
            _, findings = self._entries[_key_of_all(sources)]
            return [_read(told, sources[number]) for number, told in findings]
        except (ValueError, TypeError, LookupError):
            return None

    def keep_between(self, sources: Sequence[SourceText], findings: Iterable[Finding]) -> None:
        """Keep what was found between some texts."""
        told: list[Any] = []
        for finding in findings:
            place = finding.position.outermost.source if finding.position else None
            number = next((number for number, source in enumerate(sources) if source is place), None)
            written = None if number is None else _told(finding, sources[number])
            if written is None:
                return
            told.append([number, written])
        self._entries[_key_of_all(sources)] = [_today(), told]
        self._changed = True

    def write(self) -> None:
        """Write what is kept, without what nobody has asked for in a month, for its owner only."""
        if not (self._changed and self._path):
            return
        since = _today() - _KEPT_DAYS
        entries = {
            key: entry
            for key, entry in self._entries.items()
            if isinstance(entry, list) and entry and entry[0] >= since
        }
        if len(entries) > _MOST:
            entries = dict(sorted(entries.items(), key=lambda pair: -int(pair[1][0]))[:_MOST])
        with contextlib.suppress(OSError, FileError, ValueError):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            write_text(self._path, json.dumps(entries, separators=(",", ":")), mode=0o600)
            _tidy(self.folder)


def _tidy(folder: str) -> None:
    """Remove what earlier versions kept and nobody has written to in a month."""
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if (
            name.startswith("lint-")
            and name.endswith(".json")
            and os.stat(path).st_mtime < time.time() - _KEPT_DAYS * _DAY
        ):
            os.unlink(path)


def _today() -> int:
    return int(time.time() // _DAY)


def _key(source: SourceText, *, named: bool) -> str:
    told = f"{int(named)}{source.name}\0{source.text}"
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _key_of_all(sources: Sequence[SourceText]) -> str:
    told = hashlib.sha256(b"between")
    for source in sources:
        told.update(_key(source, named=False).encode())
    return told.hexdigest()[:40]


def _told(finding: Finding, source: SourceText) -> list[Any] | None:
    """Return a finding as plain data, or None where it is about another text."""
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


def _read(told: list[Any], source: SourceText) -> Finding:
    code, severity, message, variable, value, place, repair, rule, edits, safe = told
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
        raise ValueError(start, end)
    return source.at(start, end)
