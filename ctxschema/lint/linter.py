"""Linting files: what is wrong with each, what of it somebody wants to see, and its repair."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve, field, frozen

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.files import read_text, write_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.lint.baseline import Baseline
from ctxschema.lint.cache import Cache, Judged
from ctxschema.lint.choice import Choice
from ctxschema.lint.document import Document, Kind
from ctxschema.lint.ignores import without_ignored
from ctxschema.lint.repairs import fixable, repaired, settled
from ctxschema.lint.walk import Found


@frozen
class Wish:
    """What somebody wants of one file.

    Attributes:
        choice: Which findings.
        baseline: What is known already.
        cache: Where to keep what was found.
        repair: Whether to work out the repairs; they are not written.
        unsafe: Whether repairs may change what a user may type.
    """

    choice: Choice = field(factory=Choice)
    baseline: Baseline | None = None
    cache: Cache | None = None
    repair: bool = False
    unsafe: bool = False


@frozen
class Told:
    """What is told of a file, and how much is not.

    Attributes:
        findings: What is told, by position.
        hidden: How many findings are not bad enough.
        ignored: How many a comment in the file ignores.
        known: How many the baseline holds.
        gone: How many the baseline holds and are no more.
    """

    findings: tuple[Finding, ...]
    hidden: int = 0
    ignored: int = 0
    known: int = 0
    gone: int = 0


@frozen
class Result:
    """What became of one file.

    Attributes:
        path: Its path.
        kind: What it is; None where that is not known, or it could not be read.
        told: What is told of it.
        source: Its text; None where it could not be read.
        repaired: The same with the repairs made, where somebody asked for them and there are any.
        repairs: What was repaired, with its place as it was then.
        written: Whether the repairs have been written.
    """

    path: str
    kind: Kind | None
    told: Told
    source: SourceText | None = field(default=None, repr=False)
    repaired: Result | None = field(default=None, repr=False)
    repairs: tuple[Finding, ...] = field(default=(), repr=False)
    written: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with it, by position."""
        return self.told.findings


def lint_text(source: SourceText, choice: Choice | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with a text, which is a template unless its name or its contents say otherwise.

    Args:
        source: The text.
        choice: Which findings are wanted; all of them that are on by default if None.
    """
    return lint_document(source, choice)[1]


def lint_document(source: SourceText, choice: Choice | None = None) -> tuple[Document, tuple[Finding, ...]]:
    """Return a text as it was read, with what is wrong with it; see `lint_text`."""
    from ctxschema.lint.readers import read_named

    document = read_named(source)
    judged = Judged(document.kind, _everything(document))
    return document, _told(source, judged, Wish(choice or Choice()), source.name).findings


def lint_file(found: Found, wish: Wish) -> Result | None:
    """Lint one file.

    Args:
        found: The file.
        wish: What is wanted of it.

    Returns:
        What became of it; None where it was found in a folder and is nothing of OpenNebula's.
    """
    if found.finding is not None:
        return _not_read(found, [found.finding], wish)
    try:
        source = read_text(found.path)
    except FileError as error:
        return _not_read(found, error.findings, wish) if _matters(found, error) else None
    if found.name:
        source = SourceText(source.text, found.name)
    judged = wish.cache.find(source, named=found.named) if wish.cache else None
    if judged is None:
        judged = _judged(source, named=found.named)
        if wish.cache:
            wish.cache.keep(source, judged, named=found.named)
    if not judged.ours:
        return None
    name = found.name or found.path
    result = Result(name, judged.kind, _told(source, judged, wish, name), source)
    return _with_repairs(result, source, found, wish) if wish.repair else result


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


def _with_repairs(result: Result, source: SourceText, found: Found, wish: Wish) -> Result:
    if not any(fixable(finding, source, unsafe=wish.unsafe) for finding in result.findings):
        return result
    last = result.told

    def judge(text: SourceText) -> tuple[Finding, ...] | None:
        nonlocal last
        judged = _judged(text, named=found.named)
        if not judged.ours or judged.kind is not result.kind:
            return None  # it is not what it was any more
        last = _told(text, judged, wish, result.path)
        return last.findings

    made: list[Finding] = []
    text, _ = repaired(source, result.findings, judge, unsafe=wish.unsafe, made=made)
    if text.text == source.text:
        return result
    return evolve(result, repaired=evolve(result, source=text, told=last, repairs=tuple(made)))


def _matters(found: Found, error: FileError) -> bool:
    """Say whether anybody should hear that a file could not be read."""
    from ctxschema.lint.readers import READERS, extension

    kinds = {finding.code for finding in error.findings}
    return found.named or bool(kinds & {codes.UNREADABLE.id}) or extension(found.path) in READERS


def _not_read(found: Found, findings: Iterable[Finding], wish: Wish) -> Result:
    """Return what is told of a file that could not be read: an error always, else what is wanted."""
    told, hidden = [], 0
    for finding in findings:
        if finding.severity is Severity.ERROR or finding.code in wish.choice.wanted:
            shown = wish.choice.shows(finding)
            told += [finding] if shown else []
            hidden += not shown
    return Result(found.name or found.path, None, Told(tuple(told), hidden))


def _judged(source: SourceText, *, named: bool) -> Judged:
    """Return everything that is wrong with a text."""
    from ctxschema.lint.readers import read_found, read_named

    document = read_named(source) if named else read_found(source)
    if document is None:
        return Judged(None, ours=False)
    findings = _everything(document)
    if document.kind is None and not findings:
        message = f"nothing of OpenNebula's was found in {source.name}"
        findings = (codes.NOTHING_FOUND.at(message, position=source.at(0, 0)),)
    return Judged(document.kind, findings)


def _everything(document: Document) -> tuple[Finding, ...]:
    from ctxschema.lint.checks import check

    return tuple(settled(finding, document.source) for finding in (*document.findings, *check(document)))


def _told(source: SourceText, judged: Judged, wish: Wish, path: str) -> Told:
    """Return what is told of everything that is wrong with a text."""
    choice = wish.choice
    left, ignored = without_ignored(source, judged.kind, judged.findings, choice.wanted.__contains__)
    wanted = sorted(choice.of(left), key=_place)
    findings = tuple(finding for finding in wanted if choice.shows(finding))
    known = gone = 0
    if wish.baseline is not None:
        told = len(findings)
        findings, gone = wish.baseline.new(path, findings)
        known = told - len(findings)
    return Told(findings, len(wanted) - known - len(findings), ignored, known, gone)


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.position.outermost.start or 0 if finding.position else 0), finding.severity.rank
