"""Selecting the findings to report, and their severity for the consumers that matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen

from ctxschema.consumers.table import CONSUMERS
from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import UnknownNameError
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.names import suggestion
from ctxschema.core.outside import whole_number

ALL = "ALL"
"""The word that selects every code."""

CODES = {code.id: code for code in codes.TABLE}
_BY_NAME = {code.name: code.id for code in codes.TABLE}
_DEFAULT = frozenset(code.id for code in codes.TABLE if code.default)


def codes_named(words: Iterable[str]) -> list[Code]:
    """Return the codes that words select: by id, by name or by the beginning of an id; without words, all codes.

    Raises:
        UnknownNameError: A word selects none.
    """
    words = list(words)
    return [CODES[found] for found in sorted(ids(words) if words else CODES)]


def code_named(word: str) -> str | None:
    """Return the id of the code whose id or name is ``word``, or None."""
    return word.upper() if word.upper() in CODES else _BY_NAME.get(word.lower())


def ids(words: Iterable[str]) -> frozenset[str]:
    """Return the ids of the codes that words select; see `codes_named`."""
    return frozenset(_ranks(words))


def _ranks(words: Iterable[str]) -> dict[str, int]:
    """Return the ids that words select, each with the length of the longest matching word; ``ALL`` counts least."""
    ranks: dict[str, int] = {}
    for word in words:
        whole = code_named(word)
        begun = [code for code in CODES if word and code.startswith(word.upper())]
        named = [whole] if whole else list(CODES) if word.upper() == ALL else begun
        if not named:
            raise UnknownNameError(f"{word} is no code{suggestion(word, [*CODES, *_BY_NAME])}")
        rank = len(whole) if whole else 0 if word.upper() == ALL else len(word)
        for code in named:
            ranks[code] = max(rank, ranks.get(code, 0))
    return ranks


def version(text: str) -> tuple[int, ...] | None:
    """Return the numbers of an OpenNebula version such as ``7``, ``6.10`` or ``7.0.1``; None for any other text."""
    parts = [whole_number(part) for part in text.strip().split(".")]
    numbers = tuple(part for part in parts if part is not None)
    return numbers if len(numbers) == len(parts) else None


def _reaches(wanted: str, first: str) -> bool:
    """Say whether a version is, or may be, at least another one; 7 stands for any 7.x."""
    have, since = version(wanted) or (), version(first) or ()
    return have >= since[: len(have)]


@frozen
class Selection:
    """The findings that somebody wants to see.

    Args:
        consumers: The ids of the consumers that matter; all if empty.
        select: The codes to report, as ids, names, beginnings of ids or ``ALL``; those on by default if empty.
        ignore: The codes to leave out, likewise. If a code is in both, the more specific word wins.
        extend_select: Codes to report in addition.
        dropped: The ids of codes to leave out in any case.
        versions: The versions of OpenNebula that matter; all if empty.
        least: The least severity to report; all if None.
        asked: Codes that were selected individually, and are reported whatever their severity.

    Raises:
        UnknownNameError: A word is neither the id nor the name of a code, nor the beginning of an id.
    """

    consumers: frozenset[str] = frozenset()
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    extend_select: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset()
    least: Severity | None = None
    asked: frozenset[str] = frozenset()
    wanted: frozenset[str] = field(init=False, repr=False)
    _harmed: frozenset[str] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        selected = _ranks(self.select) or dict.fromkeys(_DEFAULT, 0)
        for code, rank in _ranks(self.extend_select).items():
            selected[code] = max(rank, selected.get(code, 0))
        ignored = _ranks(self.ignore)
        wanted = frozenset(code for code, rank in selected.items() if code not in ignored or rank > ignored[code])
        object.__setattr__(self, "wanted", wanted - self.dropped)
        object.__setattr__(self, "_harmed", frozenset(self._consumers_that_count()))

    def of(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the selected findings, with their severity for the consumers that matter."""
        for finding in findings:
            severity = self._severity(finding) if finding.code in self.wanted else None
            if severity is finding.severity:
                yield finding
            elif severity is not None:
                yield evolve(finding, severity=severity)

    def shows(self, finding: Finding) -> bool:
        """Say whether a finding is severe enough to be reported, or was selected individually."""
        return self.least is None or finding.severity.rank <= self.least.rank or finding.code in self.asked

    def _consumers_that_count(self) -> Iterator[str]:
        for consumer in CONSUMERS:
            chosen = not self.consumers or consumer.id in self.consumers
            gone = consumer.before and all(_reaches(each, consumer.before) for each in self.versions)
            if chosen and not (self.versions and gone):
                yield consumer.id

    def _severity(self, finding: Finding) -> Severity | None:
        """Return a finding's severity for the consumers that matter, at most its own; None if it affects none."""
        code = CODES[finding.code]
        if code.since and self.versions and not any(_reaches(each, code.since) for each in self.versions):
            return None
        if not code.consumers or not (self.consumers or self.versions):
            return finding.severity
        worst = min((code.consumers[name] for name in self._harmed & code.consumers.keys()), key=_rank, default=None)
        return None if worst is None else max(worst, finding.severity, key=_rank)


def _rank(severity: Severity) -> int:
    return severity.rank
