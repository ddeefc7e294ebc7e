"""Linting files: which findings there are, for whom, and how bad they are to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import FileError, UnknownNameError
from ctxschema.core.files import read_text, write_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.names import suggestion
from ctxschema.core.source import SourceText
from ctxschema.lint.causes import one_per_cause
from ctxschema.lint.checks import check
from ctxschema.lint.document import Document, Kind
from ctxschema.lint.neighbours import Checked, between_files
from ctxschema.lint.readers import read_found, read_named
from ctxschema.lint.repairs import fixable, repaired
from ctxschema.lint.walk import Found

_CODES = {code.id: code for code in codes.TABLE}


def codes_named(words: Iterable[str]) -> list[Code]:
    """Return the codes that some words name: ids, names or beginnings of ids; all of them for no words.

    Raises:
        UnknownNameError: A word names none.
    """
    words = list(words)
    return [_CODES[found] for found in sorted(_ids(words) if words else _CODES)]


def _ids(words: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for word in words:
        named = {code.id for code in codes.TABLE if code.name == word.lower() or code.id.startswith(word.upper())}
        if not named:
            known = [*_CODES, *(code.name for code in codes.TABLE)]
            raise UnknownNameError(f"{word} is no code{suggestion(word, known)}")
        found |= named
    return frozenset(found)


@frozen
class Choice:
    """Which findings somebody wants to see.

    Args:
        consumers: The ids of the consumers that matter; all of them if empty.
        select: Codes, names of codes or beginnings of codes; all of them if empty.
        ignore: The same, to leave out.

    Raises:
        UnknownNameError: A word that is neither a code nor the name of one, nor begins one.
    """

    consumers: frozenset[str] = frozenset()
    select: frozenset[str] = field(factory=frozenset, converter=_ids)
    ignore: frozenset[str] = field(factory=frozenset, converter=_ids)

    def of(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that are wanted, as bad as they are to the consumers that matter."""
        for finding in findings:
            if finding.code in self.ignore or (self.select and finding.code not in self.select):
                continue
            severity = self._severity(finding)
            if severity is finding.severity:
                yield finding
            elif severity is not None:
                yield evolve(finding, severity=severity)

    def _severity(self, finding: Finding) -> Severity | None:
        """Return how bad a finding is to the chosen consumers, never worse than it is, or None if it is nothing."""
        harmed = _CODES[finding.code].consumers
        if not self.consumers or not harmed:
            return finding.severity
        worst = min((harmed[name] for name in self.consumers & harmed.keys()), key=_rank, default=None)
        return None if worst is None else max(worst, finding.severity, key=_rank)


def _rank(severity: Severity) -> int:
    return severity.rank


@frozen
class Result:
    """What became of one file.

    Attributes:
        path: Its path.
        kind: What it is; None where that is not known, or it could not be read.
        findings: What is wrong with it, by position.
        source: Its text; None where it could not be read.
        repaired: The same with the safe repairs made, where somebody asked for them and there are any.
        written: Whether the repairs have been written.
    """

    path: str
    kind: Kind | None
    findings: tuple[Finding, ...]
    source: SourceText | None = field(default=None, repr=False)
    repaired: Result | None = field(default=None, repr=False)
    written: bool = False


def lint_text(source: SourceText, choice: Choice | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with a text, which is a template unless its name or its contents say otherwise.

    Args:
        source: The text.
        choice: Which findings are wanted; all of them if None.
    """
    return lint_document(source, choice)[1]


def lint_document(source: SourceText, choice: Choice | None = None) -> tuple[Document, tuple[Finding, ...]]:
    """Return a text as it was read, with what is wrong with it; see `lint_text`."""
    document = read_named(source)
    return document, _judged(document, choice or Choice())


def lint_file(found: Found, choice: Choice, *, repair: bool = False) -> Result | None:
    """Lint one file.

    Args:
        found: The file.
        choice: Which findings are wanted.
        repair: Whether to work out the safe repairs of those; they are not written.

    Returns:
        What became of it; None where it was found in a folder and is nothing of OpenNebula's.
    """
    if found.finding is not None:
        return Result(found.path, None, (found.finding,))
    try:
        source = read_text(found.path)
    except FileError as error:
        return _unreadable(found, error)
    document = read_named(source) if found.named else read_found(source)
    if document is None:
        return None
    findings = _judged(document, choice)
    if document.kind is None and not findings:
        message = f"nothing of OpenNebula's was found in {source.name}"
        findings = tuple(choice.of([codes.NOTHING_FOUND.at(message, position=source.at(0, 0))]))
    result = Result(found.path, document.kind, findings, source)
    if repair and any(fixable(finding, source) for finding in findings):
        text, left = repaired(source, findings, lambda text: _judged_again(text, document, choice, named=found.named))
        if text.text != source.text:
            return evolve(result, repaired=evolve(result, source=text, findings=tuple(left)))
    return result


def with_neighbours(results: Iterable[Result], choice: Choice) -> list[Result]:
    """Return the results of files with what is wrong between those of one appliance; see `between_files`.

    A script that is nobody's by itself comes in where something in it does not fit the template beside it.
    """
    results = list(results)
    more = between_files(Checked(result.path, result.kind) for result in results)
    told = {path: one_per_cause(sorted(choice.of(findings), key=_place)) for path, findings in more.items()}
    known = {result.path for result in results}
    merged = [
        evolve(result, findings=tuple(sorted((*result.findings, *told.get(result.path, ())), key=_place)))
        for result in results
    ]
    return merged + [
        Result(path, Kind.SCRIPT, tuple(findings)) for path, findings in told.items() if findings and path not in known
    ]


def write_repairs(result: Result) -> Result:
    """Write the repaired text of a file in place of the file, in one step.

    Returns:
        What is left to find in the file.

    Raises:
        FileError: It cannot be written; the old text stands.
    """
    if result.repaired is None or result.repaired.source is None:
        return result
    write_text(result.path, result.repaired.source.text)
    return evolve(result.repaired, written=True)


def _unreadable(found: Found, error: FileError) -> Result | None:
    from ctxschema.lint.readers import PROGRAMS, READERS, extension

    kinds = {finding.code for finding in error.findings}
    kind = extension(found.path)
    if found.named or kinds & {codes.UNREADABLE.id} or (kind in READERS and kind not in PROGRAMS):
        return Result(found.path, None, tuple(error.findings))
    return None


def _judged_again(source: SourceText, before: Document, choice: Choice, *, named: bool) -> tuple[Finding, ...] | None:
    """Return the findings of a repaired text; None where it is not what it was any more."""
    document = read_named(source) if named else read_found(source)
    return None if document is None or document.kind is not before.kind else _judged(document, choice)


def _judged(document: Document, choice: Choice) -> tuple[Finding, ...]:
    findings = sorted(choice.of((*document.findings, *check(document))), key=_place)
    return tuple(one_per_cause(findings))


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.position.outermost.start or 0 if finding.position else 0), finding.severity.rank
