"""Linting files: finding what is wrong, selecting what to report, and repairing it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from attrs import evolve, field, frozen

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.files import read_text, write_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.lint.baseline import Baseline
from ctxschema.lint.cache import Cache, Judged
from ctxschema.lint.causes import one_per_cause
from ctxschema.lint.document import Document, Kind
from ctxschema.lint.ignores import without_ignored
from ctxschema.lint.neighbours import Checked, between_files
from ctxschema.lint.repairs import repaired, settled
from ctxschema.lint.selection import Selection
from ctxschema.lint.walk import Found

_LARGEST_KEPT, _MOST_KEPT = 1 << 16, 1000
"""The greatest length of a file, in characters, and the greatest number of files whose documents are kept until all
files are read: a document takes about ten times the memory of its text."""


@frozen
class Request:
    """What to do with one file.

    Attributes:
        selection: The findings to report.
        baseline: The known findings.
        cache: The cache of findings.
        repair: Whether to compute the repaired text; it is not written.
        unsafe: Whether repairs may change what users are able to enter.
    """

    selection: Selection = field(factory=Selection)
    baseline: Baseline | None = None
    cache: Cache | None = None
    repair: bool = False
    unsafe: bool = False


@frozen
class Reported:
    """The reported findings of a file, and the number of others.

    Attributes:
        findings: The reported findings, by position.
        apart: The same before findings with the same cause were joined.
        hidden: How many findings are not severe enough to be reported.
        ignored: How many findings are ignored by comments.
        known: How many findings are in the baseline.
        gone: How many findings of the baseline no longer exist.
    """

    findings: tuple[Finding, ...]
    apart: tuple[Finding, ...]
    hidden: int = 0
    ignored: int = 0
    known: int = 0
    gone: int = 0


@frozen
class Result:
    """The result for one file.

    Attributes:
        path: Its path.
        kind: The kind of file; None if it is not known, or the file could not be read.
        reported: Its reported findings.
        source: Its text; None if it could not be read.
        repaired: The repaired text, if repairs were requested and there are any.
        repairs: The findings that were repaired, with their position at that time.
        written: Whether the repaired text has been written.
    """

    path: str
    kind: Kind | None
    reported: Reported
    source: SourceText | None = field(default=None, repr=False)
    repaired: Result | None = field(default=None, repr=False)
    repairs: tuple[Finding, ...] = field(default=(), repr=False)
    written: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The reported findings, by position."""
        return self.reported.findings


def lint_text(source: SourceText, selection: Selection | None = None) -> tuple[Finding, ...]:
    """Return the findings about a text. It is taken for a template unless its name or content says otherwise.

    Args:
        source: The text.
        selection: The findings to report; those that are on by default if None.
    """
    return lint_document(source, selection)[1]


def lint_document(source: SourceText, selection: Selection | None = None) -> tuple[Document, tuple[Finding, ...]]:
    """Return the document that was read from a text, and the findings; see `lint_text`."""
    from ctxschema.lint.readers import read_named

    document = read_named(source)
    judged = Judged(document.kind, _everything(document))
    return document, _reported(source, judged, Request(selection or Selection()), source.name).findings


@frozen
class _Looked:
    """A file that was read, with all its findings."""

    found: Found
    source: SourceText
    judged: Judged
    request: Request


def lint_file(found: Found, request: Request) -> Result | None:
    """Lint one file by itself.

    Args:
        found: The file.
        request: What to do with it.

    Returns:
        The result; None for a file in a folder that is not one of OpenNebula's.
    """
    looked = _look(found, request)
    return _result(looked) if isinstance(looked, _Looked) else looked


def lint_files(files: Iterable[Found], request_of: Callable[[Found], Request]) -> Iterator[Result | None]:
    """Lint files together: each by itself, and those of one appliance against each other; see `between_files`.

    Args:
        files: The files.
        request_of: Returns what to do with a file.

    Yields:
        The result of each file, in order, as of `lint_file`; then results of further scripts that do not fit the
        template beside them.
    """
    documents: dict[str, Document] = {}
    looked = [_look(found, request_of(found), documents) for found in files]
    checked = [Checked(each.found.shown_as, each.judged.kind) for each in looked if isinstance(each, _Looked)]
    cache = next((each.request.cache for each in looked if isinstance(each, _Looked)), None)
    more = between_files(checked, cache, documents)
    documents.clear()
    for each in looked:
        yield _result(each, more.pop(each.found.shown_as, ())) if isinstance(each, _Looked) else each
    for path, findings in more.items():
        found = Found(path, named=False)
        source = next(each.position.outermost.source for each in findings if each.position)
        result = _result(_Looked(found, source, Judged(Kind.SCRIPT), request_of(found)), findings)
        if result.findings:
            yield result


def write_repairs(result: Result) -> Result:
    """Replace a file by its repaired text, atomically.

    Returns:
        The result with the findings that are left.

    Raises:
        FileError: It cannot be written; the old text is still there.
    """
    if result.repaired is None or result.repaired.source is None:
        return result
    write_text(result.path, result.repaired.source.text)
    return evolve(result.repaired, written=True)


def _look(found: Found, request: Request, documents: dict[str, Document] | None = None) -> _Looked | Result | None:
    """Read a file; return a result if that fails, and None if the file is not one of OpenNebula's.

    Args:
        found: The file.
        request: What to do with it.
        documents: Takes the document of the file by its path, if that may be read again together with other files.
    """
    if found.finding is not None:
        return _not_read(found, [found.finding], request)
    try:
        source = read_text(found.path, timely=found.named)  # in a folder search, the disk has just answered
    except FileError as error:
        return _not_read(found, error.findings, request) if _matters(found, error) else None
    if found.name:
        source = SourceText(source.text, found.name)
    judged = request.cache.find(source, named=found.named) if request.cache else None
    if judged is None:
        document = _read(source, named=found.named)
        judged = _judged(source, document)
        if documents is not None and document is not None and _is_kept(found, source, documents):
            documents[found.path] = document
        if request.cache:
            request.cache.keep(source, judged, named=found.named)
    return _Looked(found, source, judged, request) if judged.ours else None


def _result(looked: _Looked, more: Sequence[Finding] = ()) -> Result:
    """Return the result of a file, with the repaired text if that is requested."""
    path, source, request, kind = looked.found.shown_as, looked.source, looked.request, looked.judged.kind
    reported = _reported(source, looked.judged, request, path, more)
    result = Result(path, kind, reported, source)
    if not request.repair:
        return result

    def judged(text: SourceText) -> Judged:
        return _judged(text, _read(text, named=looked.found.named))

    def judge(text: SourceText) -> tuple[Finding, ...] | None:
        after = judged(text)
        # A repair must not turn the file into one of another kind.
        same = after.ours and after.kind is kind
        return _reported(text, after, request, path, more).findings if same else None

    made: list[Finding] = []
    text, left = repaired(source, reported.findings, judge, unsafe=request.unsafe, made=made)
    if text.text == source.text:
        return evolve(result, reported=evolve(reported, findings=tuple(left)))
    after = evolve(_reported(text, judged(text), request, path, more), findings=tuple(left))
    return evolve(result, repaired=evolve(result, source=text, reported=after, repairs=tuple(made)))


def _matters(found: Found, error: FileError) -> bool:
    """Say whether it should be reported that a file could not be read."""
    from ctxschema.lint.readers import may_be_ours

    kinds = {finding.code for finding in error.findings}
    return found.named or codes.UNREADABLE.id in kinds or may_be_ours(found.path)


def _not_read(found: Found, findings: Iterable[Finding], request: Request) -> Result:
    """Return the result of a file that could not be read; errors are always reported."""
    selection = request.selection
    wanted = [each for each in findings if each.severity is Severity.ERROR or each.code in selection.wanted]
    shown = tuple(filter(selection.shows, wanted))
    return Result(found.shown_as, None, Reported(shown, shown, len(wanted) - len(shown)))


def _is_kept(found: Found, source: SourceText, documents: Collection[str]) -> bool:
    """Say whether to keep the document of a file, which is the same whether the file was named or found."""
    from ctxschema.lint.readers import MAPPINGS, extension

    small = len(source.text) <= _LARGEST_KEPT and len(documents) < _MOST_KEPT
    return small and not found.name and extension(found.path) in MAPPINGS


def _read(source: SourceText, *, named: bool) -> Document | None:
    """Return a text as a document; None if it was found in a folder and is not one of OpenNebula's."""
    from ctxschema.lint.readers import read_found, read_named

    return read_named(source) if named else read_found(source)


def _judged(source: SourceText, document: Document | None) -> Judged:
    """Return all findings of a text that was read."""
    from ctxschema.lint.readers import is_foreign, nothing_found

    if document is None:
        return Judged(None, ours=False)
    findings = _everything(document)
    if document.kind is None and not findings:
        findings = (nothing_found(source, Severity.INFO if is_foreign(source) else None),)
    return Judged(document.kind, findings)


def _everything(document: Document) -> tuple[Finding, ...]:
    from ctxschema.lint.checks import check

    return tuple(settled(finding, document.source) for finding in (*document.findings, *check(document)))


def _reported(
    source: SourceText, judged: Judged, request: Request, path: str, more: Sequence[Finding] = ()
) -> Reported:
    """Return the selected findings of a text, both its own and those against other files."""
    selection = request.selection
    everything = (*judged.findings, *more)
    left, ignored = without_ignored(source, judged.kind, everything, selection.wanted.__contains__)
    wanted = sorted(selection.of(left), key=_place)
    shown = tuple(filter(selection.shows, wanted))
    new, gone = (shown, 0) if request.baseline is None else request.baseline.new(path, shown)
    return Reported(tuple(one_per_cause(new)), new, len(wanted) - len(shown), ignored, len(shown) - len(new), gone)


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.position.outermost.start or 0 if finding.position else 0), finding.severity.rank
