"""Findings between the files of one appliance: names that a template asks for, and names that a script reads.

An appliance is a folder with a marketplace entry and, beside or below it, the scripts of its image.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.later import later
from ctxschema.core.source import Position, SourceText
from ctxschema.grammar.references import SPECIAL, references
from ctxschema.lint.cache import Cache
from ctxschema.lint.document import Document, Input, Kind, Script, Section, Service
from ctxschema.lint.readers import PROGRAMS, extension, read_found, read_named

_ENTRIES = {Kind.MARKETPLACE, Kind.SERVICE, Kind.TEMPLATE}
_NOT_READ_FROM = {".md", ".yaml", ".yml", ".json", ".tmpl", ".png", ".svg", ".jpg", ".lock"}
_PASSED_OVER = {"tests", "test", "docs", ".git", "node_modules"}
_MOST_FILES, _DEEPEST, _MOST_ENTRIES = 200, 4, 6
_ONEAPP = "ONEAPP_"
_USE = later(r"\$(?P<brace>\{)?(?P<name>ONEAPP_[A-Z0-9_]+)(?P<default>(?(brace):?[-=][^}\n]))?")
_MADE = later(r"^[ \t]*(?:export[ \t]+|local[ \t]+|readonly[ \t]+)?(?P<name>ONEAPP_[A-Z0-9_]+)=", re.MULTILINE)
_EVERYTHING = later(
    r"\$\{!|\bcompgen\b|\bprintenv\b|\benv[ \t]*(?:-0)?[ \t]*\||--env-file|\bENV\.(?:select|each|to_h|filter|map)"
    r"|os\.environ\b(?!\[|\.get)"
)
"""Expressions by which a program reads variables whose names it composes."""

_OF_THE_GUEST = later(
    r"(?:NETWORK|TOKEN|DNS|SEARCH_DOMAINS|TIMEZONE|FILES(?:_DS)?|SECURETTY|USERNAME\w*|\w*PASSWORD(?:_BASE64)?|ETH\d+_\w+"
    r"|SSH_PUBLIC_KEY|EC2_\w+|SET_HOSTNAME|DNS_HOSTNAME|START_SCRIPT\w*|INIT_SCRIPTS|READY_SCRIPT\w*|REPORT_READY"
    r"|GROW_\w+|GROWPART|IGNORE_\w+|NETCFG_\w+|VROUTER_\w+|ONEGATE_\w+|FALLBACK_\w+|RECREATE_\w+|EJECT_\w+|ETH_\w+)\Z"
)
"""The names that OpenNebula's contextualization in the guest reads."""


@frozen
class Checked:
    """A file that was linted: its path and its kind."""

    path: str
    kind: Kind | None


def between_files(
    checked: Iterable[Checked], cache: Cache | None = None, documents: Mapping[str, Document] | None = None
) -> dict[str, list[Finding]]:
    """Return the findings between the files of each appliance, by path.

    Args:
        checked: The files that were linted. Further scripts beside them are read as well.
        cache: The cache of findings.
        documents: The documents of files by path; files without one here are read again.
    """
    known = documents or {}
    folders: dict[str, list[str]] = {}
    for file in checked:
        if file.kind in _ENTRIES and not file.path.startswith("-"):
            folders.setdefault(os.path.dirname(file.path), []).append(file.path)
    found: dict[str, list[Finding]] = {}
    for folder, entries in folders.items():
        if len(entries) <= _MOST_ENTRIES:
            sources = list(_sources(folder or os.curdir, set(entries)))
            if len(entries) == 1 and not any(extension(source.name) in PROGRAMS for source in sources):
                continue
            texts = [text for path in entries if (text := _text(path, known)) is not None]
            for finding in _cached(texts, sources, cache, known):
                if finding.position is not None:
                    found.setdefault(finding.position.outermost.source.name, []).append(finding)
    return found


def _cached(
    texts: list[SourceText], sources: list[SourceText], cache: Cache | None, documents: Mapping[str, Document]
) -> list[Finding]:
    everything = [*texts, *sources]
    found = cache.find_between(everything) if cache is not None else None
    if found is None:
        found = list(_of_an_appliance([documents.get(text.name) or read_named(text) for text in texts], sources))
        if cache is not None:
            cache.keep_between(everything, found)
    return found


def _of_an_appliance(documents: Sequence[Document], sources: Sequence[SourceText]) -> Iterator[Finding]:
    yield from _of_a_service(documents)
    asked = {name for document in documents for name in _asked(document)}
    folders = {os.path.dirname(each.source.name) for each in documents}
    programs = [
        (source, list(_read(source, document))) for source in sources if (document := _program(source)) is not None
    ]
    own = [read for source, read in programs if not _another(source, read, folders, asked)]
    if not own:
        return
    for read in own:
        for name, position, default in read:
            if name not in asked:
                message = f"{name} is read here, and no template of the appliance asks for it or hands it over"
                severity = Severity.INFO if default else None
                yield codes.NOT_ASKED.at(message, variable=name, position=position, severity=severity)
    text = "\n".join(source.text for source in sources)
    if not _EVERYTHING.search(text):
        words = frozenset(re.findall(r"[A-Za-z_]\w+", text))
        for document in documents:
            yield from _not_read(document, words)


def _another(
    source: SourceText, read: Iterable[tuple[str, Position, bool]], folders: Collection[str], asked: Collection[str]
) -> bool:
    """Return whether a script is another appliance's: in a folder of its own, and without a name in common."""
    names = {name for name, *_ in read}
    return bool(names) and os.path.dirname(source.name) not in folders and names.isdisjoint(asked)


def _of_a_service(documents: Iterable[Document]) -> Iterator[Finding]:
    """Yield references in the template of a role to names that no service beside it sends."""
    from ctxschema.lint.checks.context import ADDED, FILES

    parts = [part for document in documents for part in document.parts]
    services = [part for part in parts if isinstance(part, Service)]
    sent = {name for service in services for name in _of_service(service)}
    for section in parts if services else ():
        if not isinstance(section, Section) or not section.entry or section.inputs:
            continue
        known = {*sent, *section.attributes, *SPECIAL, *ADDED}
        for entry in section.context or ():
            for reference in references(entry.value.text) if entry.key != FILES else ():
                name = reference.name
                if reference.fault or reference.attribute or name in known or not name or name[0].isdigit():
                    continue
                # An entry that refers to its own name may be sent by a service elsewhere, or be left out on purpose.
                own = entry.value.text.strip().upper() == f"${entry.key}"
                message = f"{reference.text} is sent by no service beside this template, and becomes nothing"
                yield codes.REFERENCE_UNDEFINED.at(
                    message,
                    variable=entry.key,
                    position=entry.value.span(reference.span),
                    severity=Severity.INFO if own else None,
                    repair="declare an input of the service, or correct the reference",
                )


def _sources(folder: str, entries: set[str]) -> Iterator[SourceText]:
    """Yield the texts of an appliance that may read a name: all but documentation, templates and tests."""
    left = _MOST_FILES
    for path, names, files in os.walk(folder):
        deep = os.path.relpath(path, folder).count(os.sep)
        names[:] = [] if deep >= _DEEPEST else sorted(name for name in names if name not in _PASSED_OVER)
        for name in sorted(files):
            whole = os.path.join(path, name).removeprefix(f".{os.sep}")
            if left == 0:
                return
            left -= 1
            if whole in entries or extension(name) in _NOT_READ_FROM or not os.path.isfile(whole):
                continue
            try:
                yield read_text(whole)
            except FileError:
                continue


def _program(source: SourceText) -> Document | None:
    if extension(source.name) not in PROGRAMS:
        return None
    document = read_found(source)
    named = os.path.basename(source.name) == "appliance.sh"
    return document if document is not None or not named else Document(None, source)


def _text(path: str, documents: Mapping[str, Document]) -> SourceText | None:
    if path in documents:
        return documents[path].source
    try:
        return read_text(path)
    except FileError:
        return None


def _asked(document: Document) -> Iterator[str]:
    for part in document.parts:
        if isinstance(part, Section):
            yield from (each.key for each in part.inputs)
            yield from (entry.key for entry in part.context or ())
            yield from part.attributes
        elif isinstance(part, Service):
            yield from _of_service(part)


def _of_service(service: Service) -> Iterator[str]:
    """Yield the names under which a service sends values to its machines."""
    yield from (each.key for each in service.inputs)
    for role in service.roles:
        yield from (each.key for each in (*role.inputs, *role.contents))


def _read(source: SourceText, document: Document) -> Iterator[tuple[str, Position, bool]]:
    """Yield each name that a program reads, its first position, and whether the program has a default for it."""
    places: dict[str, Position] = {}
    defaults: set[str] = {match["name"] for match in _MADE.finditer(source.text)}
    for part in document.parts:
        if isinstance(part, Script):
            places.update({each.key: each.name_position for each in part.parameters})
            for entry in part.defaults:
                places.setdefault(entry.key, entry.name_position)
                defaults |= {entry.key} if entry.value.text else set()
    for match in _USE.finditer(source.text):
        places.setdefault(match["name"], source.at(*match.span("name")))
        defaults |= {match["name"]} if match["default"] else set()
    for name, position in places.items():
        if name.startswith(_ONEAPP):
            yield name, position, name in defaults


def _not_read(document: Document, words: frozenset[str]) -> Iterator[Finding]:
    inputs = [each for part in document.parts if isinstance(part, Section) for each in part.inputs]
    handed = _handed(document)
    unread = [each for each in inputs if not _is_read(each, handed, words)]
    if len(unread) == len(inputs):
        return  # whatever reads them is elsewhere
    for each in unread:
        message = f"{each.key} is asked for, and no script of the appliance reads it"
        yield codes.NOT_READ.at(message, variable=each.key, position=each.name_position)


def _handed(document: Document) -> Mapping[str, set[str]]:
    """Return the names of the CONTEXT entries that refer to each input."""
    handed: dict[str, set[str]] = {}
    for part in document.parts:
        for entry in (part.context or ()) if isinstance(part, Section) else ():
            for name in re.findall(r"\$(\w+)", entry.value.text):
                handed.setdefault(name.upper(), set()).add(entry.key)
    return handed


def _is_read(each: Input, handed: Mapping[str, set[str]], words: frozenset[str]) -> bool:
    from ctxschema.lint.checks.capacity import CAPACITY

    names = {each.key, *handed.get(each.key, ())}
    if each.key in CAPACITY or any(_OF_THE_GUEST.match(name) for name in names):
        return True
    # A program may compose the name from a prefix.
    begins = {f"{name.rpartition('_')[0]}_" for name in names} | {name.rstrip("0123456789") for name in names}
    return bool((names | begins) & words)
