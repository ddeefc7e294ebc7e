"""Comparing the files of an existing appliance with its declaration, in both directions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.lint.document import Part, Section
from ctxschema.lint.drift_texts import Judge
from ctxschema.lint.readers import PROGRAMS, extension, nothing_found, read_found, read_named
from ctxschema.lint.walk import Found, walk
from ctxschema.model.appliance import Appliance

_PROSE = {".md", ".markdown", ".rst", ".adoc"}


def drift(appliance: Appliance, paths: Iterable[str]) -> tuple[list[str], list[Finding]]:
    """Compare files with a declaration.

    Args:
        appliance: The declaration.
        paths: Templates, marketplace entries, services, scripts and documentation; or folders that contain some.

    Returns:
        The paths of the files that were compared, and the findings by file and position.

    Raises:
        FileError: A named file cannot be read.
    """
    looked: list[str] = []
    findings: list[Finding] = []
    for found in _files(paths):
        if found.finding is not None:
            findings.append(found.finding)
            continue
        source = read_text(found.path)
        judged = _judged(Judge(appliance, source), found)
        if judged is not None:
            looked.append(source.name)
            findings += judged
    return looked, findings


def _judged(judge: Judge, found: Found) -> list[Finding] | None:
    """Return the findings about a file; None for a file in a folder that is not one of OpenNebula's."""
    source = judge.source
    if extension(found.path) in _PROSE:
        return judge.judged(judge.prose())
    script = extension(found.path) in PROGRAMS
    document = read_named(source) if found.named or script else read_found(source)
    if document is None:
        return None
    if script or any(map(_says_something, document.parts)):
        return judge.judged(judge.document(document, named=found.named))
    errors = [each for each in document.findings if each.severity is Severity.ERROR]
    return (errors or [nothing_found(source)]) if found.named else None


def _says_something(part: Part) -> bool:
    return not isinstance(part, Section) or bool(part.inputs or part.attributes or part.context is not None)


def _files(paths: Iterable[str]) -> Iterator[Found]:
    for path in paths:
        yield from walk([path])
        if os.path.isdir(path):
            names = sorted(name for name in os.listdir(path) if extension(name) in _PROSE and name.startswith("README"))
            yield from (Found(os.path.join(path, name), named=False) for name in names)
