"""Linting files: what is wrong with each, what of it somebody wants to see, and its repair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import evolve, field, frozen

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.files import read_text, write_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.lint.baseline import Baseline
from ctxschema.lint.cache import Cache, Judged
from ctxschema.lint.causes import one_per_cause
from ctxschema.lint.choice import Choice
from ctxschema.lint.document import Document, Kind
from ctxschema.lint.ignores import without_ignored
from ctxschema.lint.neighbours import Checked, between_files
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
        apart: The same before those of one cause became one.
        hidden: How many findings are not bad enough.
        ignored: How many a comment in the file ignores.
        known: How many the baseline holds.
        gone: How many the baseline holds and are no more.
    """

    findings: tuple[Finding, ...]
    apart: tuple[Finding, ...]
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


@frozen
class _Looked:
    """A file that was read, with everything that is wrong with it."""

    found: Found
    source: SourceText
    judged: Judged
    wish: Wish

    @property
    def path(self) -> str:
        return self.found.name or self.found.path


def lint_file(found: Found, wish: Wish) -> Result | None:
    """Lint one file by itself.

    Args:
        found: The file.
        wish: What is wanted of it.

    Returns:
        What became of it; None where it was found in a folder and is nothing of OpenNebula's.
    """
    looked = _look(found, wish)
    return _result(looked) if isinstance(looked, _Looked) else looked


def lint_files(files: Iterable[Found], wish_of: Callable[[Found], Wish]) -> Iterator[Result | None]:
    """Lint files together: each by itself, and those of one appliance against each other; see `between_files`.

    Args:
        files: The files.
        wish_of: Returns what is wanted of a file.

    Yields:
        What became of each file, in their order, as of `lint_file`; then scripts that are nobody's by themselves, where
        something in them does not fit the template beside them.
    """
    looked = [_look(found, wish_of(found)) for found in files]
    checked = [Checked(each.path, each.judged.kind) for each in looked if isinstance(each, _Looked)]
    cache = next((each.wish.cache for each in looked if isinstance(each, _Looked)), None)
    more = between_files(checked, cache)
    for each in looked:
        yield _result(each, more.pop(each.path, ())) if isinstance(each, _Looked) else each
    for path, findings in more.items():
        found = Found(path, named=False)
        try:
            source = read_text(path)
        except FileError:
            continue
        result = _result(_Looked(found, source, Judged(Kind.SCRIPT), wish_of(found)), findings)
        if result.findings:
            yield result


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


def _look(found: Found, wish: Wish) -> _Looked | Result | None:
    """Read a file; return what became of it where that is not possible, or it is nothing of ours."""
    if found.finding is not None:
        return _not_read(found, [found.finding], wish)
    try:
        source = read_text(found.path, timely=found.named)  # on a walk, its status has just been looked up
    except FileError as error:
        return _not_read(found, error.findings, wish) if _matters(found, error) else None
    if found.name:
        source = SourceText(source.text, found.name)
    judged = wish.cache.find(source, named=found.named) if wish.cache else None
    if judged is None:
        judged = _judged(source, named=found.named)
        if wish.cache:
            wish.cache.keep(source, judged, named=found.named)
    return _Looked(found, source, judged, wish) if judged.ours else None


def _result(looked: _Looked, more: Sequence[Finding] = ()) -> Result:
    """Return what is told of a file, and its repair where that is wanted."""
    path, source, wish, kind = looked.path, looked.source, looked.wish, looked.judged.kind
    told = _told(source, looked.judged, wish, path, more)
    result = Result(path, kind, told, source)
    if not (wish.repair and any(fixable(finding, source, unsafe=wish.unsafe) for finding in told.findings)):
        return result

    def judged(text: SourceText) -> Told | None:
        after = _judged(text, named=looked.found.named)
        # What is not what it was any more is no repair.
        return _told(text, after, wish, path, more) if after.ours and after.kind is kind else None

    def judge(text: SourceText) -> tuple[Finding, ...] | None:
        after = judged(text)
        return None if after is None else after.findings

    made: list[Finding] = []
    text, left = repaired(source, told.findings, judge, unsafe=wish.unsafe, made=made)
    after = (judged(text) if text.text != source.text else None) or told
    final = evolve(result, source=text, told=evolve(after, findings=tuple(left)), repairs=tuple(made))
    return final if text.text == source.text else evolve(result, repaired=final)


def _matters(found: Found, error: FileError) -> bool:
    """Say whether anybody should hear that a file could not be read."""
    from ctxschema.lint.readers import may_be_ours

    kinds = {finding.code for finding in error.findings}
    return found.named or codes.UNREADABLE.id in kinds or may_be_ours(found.path)


def _not_read(found: Found, findings: Iterable[Finding], wish: Wish) -> Result:
    """Return what is told of a file that could not be read: an error always, else what is wanted."""
    told, hidden = [], 0
    for finding in findings:
        if finding.severity is Severity.ERROR or finding.code in wish.choice.wanted:
            shown = wish.choice.shows(finding)
            told += [finding] if shown else []
            hidden += not shown
    return Result(found.name or found.path, None, Told(tuple(told), tuple(told), hidden))


def _judged(source: SourceText, *, named: bool) -> Judged:
    """Return everything that is wrong with a text."""
    from ctxschema.lint.readers import is_foreign, read_found, read_named

    document = read_named(source) if named else read_found(source)
    if document is None:
        return Judged(None, ours=False)
    findings = _everything(document)
    if document.kind is None and not findings:
        message = f"nothing of OpenNebula's was found in {source.name}"
        severity = Severity.INFO if is_foreign(source) else None
        findings = (codes.NOTHING_FOUND.at(message, position=source.at(0, 0), severity=severity),)
    return Judged(document.kind, findings)


def _everything(document: Document) -> tuple[Finding, ...]:
    from ctxschema.lint.checks import check

    return tuple(settled(finding, document.source) for finding in (*document.findings, *check(document)))


def _told(source: SourceText, judged: Judged, wish: Wish, path: str, more: Sequence[Finding] = ()) -> Told:
    """Return what is told of everything that is wrong with a text, by itself and beside others."""
    choice = wish.choice
    everything = (*judged.findings, *more)
    left, ignored = without_ignored(source, judged.kind, everything, choice.wanted.__contains__)
    wanted = sorted(choice.of(left), key=_place)
    shown = tuple(finding for finding in wanted if choice.shows(finding))
    new, gone = (shown, 0) if wish.baseline is None else wish.baseline.new(path, shown)
    return Told(tuple(one_per_cause(new)), new, len(wanted) - len(shown), ignored, len(shown) - len(new), gone)


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.position.outermost.start or 0 if finding.position else 0), finding.severity.rank
