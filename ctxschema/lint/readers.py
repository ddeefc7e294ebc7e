"""Choosing the reader of a file, by its extension and its content."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable

from ctxschema.core import codes
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.later import later
from ctxschema.core.source import SourceText
from ctxschema.lint.document import Document
from ctxschema.lint.ruby_reader import read_ruby
from ctxschema.lint.script_reader import read_script

_MARK = later(
    r"^[ \t\ufeff]*(?:USER_INPUTS?|INPUTS_ORDER|CONTEXT)[ \t]*=(?![ \t]*[{=>])|<(?:USER_INPUTS|CONTEXT)>",
    re.MULTILINE | re.IGNORECASE,
)
"""Words that only a template of OpenNebula contains."""

_ATTRIBUTE = later(
    r"^[ \t\ufeff]*(NAME|CPU|VCPU|MEMORY|DISK|NIC|OS|GRAPHICS|PCI|SCHED_REQUIREMENTS|HYPERVISOR|FEATURES|RAW)[ \t]*=",
    re.MULTILINE,
)
_VECTOR = later(r"^[A-Z][A-Z0-9_]*[ \t]*=[ \t]*\[\s*\w+[ \t]*=", re.MULTILINE)
_FIRST = later(r"\ufeff?(?:[ \t]*(?:#[^\n]*)?\n)*(?P<line>[^\n]*)")
_BEGINS = later(r"[ \t]*(?:[A-Za-z0-9_]+[ \t]*(?:=|\Z)|\"[A-Za-z0-9_]+\"[ \t]*=)")
_SHEBANG = later(r"#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S*[ \t]+)*)?(?P<program>\S+)")
_SHELLS = {"sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"}
_PARAMS = later(r"^[ \t]*ONE_SERVICE_PARAMS\+?=\(", re.MULTILINE)
_YAML = later(r"\ufeff?(?:#[^\n]*\n|\s)*(?:---|%YAML|[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*:(?:\s|\Z))")
_XML = later(
    r"(?:\ufeff|\s|<\?[^>]*\?>|<!--[^-]*(?:-(?!->)[^-]*)*-->"
    r"|<!DOCTYPE[^\[>]*(?:\[[^\]]*(?:\](?!\s*>)[^\]]*)*\]\s*)?>)*<(?!html\b|svg\b)\w+/?>",
    re.IGNORECASE,
)
"""The beginning of a template in XML: what may precede it, and an element without attributes.

There is one way only to match each piece, so that a long text takes no longer than its length.
"""

_SHOWN = later(r"\s*(?P<what>[A-Z][A-Z ]* )(?P<id>\d+) INFORMATION[ \t]*$", re.MULTILINE)
"""The first line that ``onetemplate show`` and its like print without ``-x``, for people rather than programs."""

_DECLARATION = later(r"^(?:variables[ \t]*:|\[variables[.\]]|[ \t]*\"variables\"[ \t]*:)", re.MULTILINE)
_OTHER_TEMPLATE = later(r"\{\{|\{%|<%")


def read_yaml(source: SourceText) -> Document:
    """Return a YAML text as a document."""
    from ctxschema.grammar.yaml_document import parse_yaml
    from ctxschema.lint.mapping_reader import read_mapping

    root, findings = parse_yaml(source)
    return read_mapping(source, root, findings)


def read_json(source: SourceText) -> Document:
    """Return a JSON text as a document."""
    from ctxschema.grammar.json_document import parse_json
    from ctxschema.lint.mapping_reader import read_mapping

    root, findings = parse_json(source)
    return read_mapping(source, root, findings)


def read_template(source: SourceText) -> Document:
    """Return a template text, or a template in XML, as a document."""
    from ctxschema.lint.template_reader import read_template as read

    return read(source)


READERS: dict[str, Callable[[SourceText], Document]] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": read_json,
    ".sh": read_script,
    ".bash": read_script,
    ".rb": read_ruby,
    ".tmpl": read_template,
    ".tpl": read_template,
    ".template": read_template,
    ".one": read_template,
}
"""The reader for each extension that is looked at when folders are searched."""

MAPPINGS = {".yaml", ".yml", ".json"}
"""The extensions of files whose reader does not depend on their content."""

PROGRAMS = {".sh", ".bash", ".rb"}
"""The extensions of programs; such a file belongs to an appliance only if its content says so."""

_TEMPLATES = {".tmpl", ".one"}
_OUR_WORDS = later(rb"opennebula_template|user_inputs|inputs_order|template_contents|custom_attrs", re.IGNORECASE)
_LOOKED_AT = 1 << 20

SNIFFED = {"", ".cfg", ".conf", ".txt", ".vm", ".xml"}
"""Further extensions that a template may have; the content of such a file decides."""


def extension(path: str) -> str:
    """Return the extension of a path, in lower case and with the dot."""
    return os.path.splitext(path)[1].lower()


def may_be_ours(path: str) -> bool:
    """Say whether a file that is not readable text may be one of OpenNebula's, by its name or words in it."""
    kind = extension(path)
    if kind in _TEMPLATES:
        return True
    if kind not in READERS or kind in PROGRAMS:
        return False
    try:
        with open(path, "rb") as file:
            return _OUR_WORDS.search(file.read(_LOOKED_AT)) is not None
    except OSError:
        return True


def read_named(source: SourceText) -> Document:
    """Return a file that was named as a document; its kind is None if nothing says that it is one of OpenNebula's."""
    reader = reader_of(source)
    return Document(None, source) if reader is None else reader(source)


def reader_of(source: SourceText) -> Callable[[SourceText], Document] | None:
    """Return the reader for a file that was named, by its extension or its content."""
    reader = READERS.get(extension(source.name))
    return _by_content(source) if reader is None or reader is read_template else reader


def read_found(source: SourceText) -> Document | None:
    """Return a file that was found in a folder as a document, or None if it is not one of OpenNebula's."""
    reader = READERS.get(extension(source.name))
    if reader is None or reader is read_template:
        ours = _is_template(source.text) and (reader is read_template or _MARK.search(source.text))
        return read_template(source) if ours else None
    document = reader(source)
    if document.kind is not None:
        return document
    if reader is read_script:
        return document if document.findings else None
    from ctxschema.lint.mapping_reader import is_wanted

    # A text with a syntax error may still be one of OpenNebula's, unless it looks like another language.
    broken = any(finding.severity is Severity.ERROR for finding in document.findings)
    return document if broken and is_wanted(source.text) and not _OTHER_TEMPLATE.search(source.text) else None


def program_of(text: str) -> str | None:
    """Return the program in a shebang, or None if there is no shebang."""
    match = _SHEBANG.match(text)
    return None if match is None else match["program"]


def is_foreign(source: SourceText) -> bool:
    """Say whether a text without anything of OpenNebula's is a program, a document, or in another language."""
    program = program_of(source.text)
    known = extension(source.name) in {*READERS, *SNIFFED} - PROGRAMS
    return not known or (program is not None and program not in _SHELLS)


def nothing_found(source: SourceText, severity: Severity | None = None) -> Finding:
    """Return the finding about a named file that contains nothing of OpenNebula's, with what to do instead.

    What a front-end's command prints for people is an error: without ``-x`` the template was not checked at all.

    Args:
        source: The file.
        severity: The severity if nothing says what the file is; that of the code if None.
    """
    message = f"nothing of OpenNebula's was found in {source.name}"
    start = source.at(0)
    origin = "FILE" if source.name.startswith("<") else shlex.quote(source.name)
    if shown := _SHOWN.match(source.text):
        is_template = shown["what"] == "TEMPLATE "
        repair = f"use onetemplate show -x {shown['id']}" if is_template else "use -x with the command that shows it"
        message += f", but what is printed about {shown['what'].lower()}{shown['id']} for people"
        return codes.NOTHING_FOUND.at(message, position=start, severity=Severity.ERROR, repair=repair)
    if _DECLARATION.search(source.text):
        message += "; it looks like a declaration of ctxschema"
        repair = f"ctxschema show --from {origin} checks a declaration; lint takes what generate makes of it"
        return codes.NOTHING_FOUND.at(message, position=start, repair=repair)
    if _is_context(source):
        message += "; it looks like the context of a machine"
        repair = f"ctxschema validate APPLIANCE --context {origin} judges a context; lint takes what declares it"
        # The first line, which would be printed below the finding, may hold a secret.
        hidden = SourceText(source.text, source.name, confidential=True).at(0)
        return codes.NOTHING_FOUND.at(message, position=hidden, repair=repair)
    return codes.NOTHING_FOUND.at(message, position=start, severity=severity)


def _is_context(source: SourceText) -> bool:
    """Say whether a text is a context.sh: nothing but comments and lines ``NAME='value'``."""
    from ctxschema.context.context_sh import read_context_sh

    if program_of(source.text) is not None:
        return False
    entries, findings = read_context_sh(source)
    return bool(entries) and not findings


def _is_template(text: str) -> bool:
    """Say whether a text of unknown language is a template, by its beginning and the words in it."""
    program = program_of(text)
    if program is not None:
        return False
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return bool(_XML.match(text))
    first = _FIRST.match(text)
    if first is None or not _BEGINS.match(first["line"]):
        return False
    known = {match[1] for match in _ATTRIBUTE.finditer(text)}
    return bool(_MARK.search(text) or _VECTOR.search(text)) or len(known) > 1


def _by_content(source: SourceText) -> Callable[[SourceText], Document] | None:
    text = source.text
    if (program := program_of(text)) is not None:
        return read_script if program in _SHELLS else read_ruby if program == "ruby" else None
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        return read_json
    if _YAML.match(text) and not _MARK.search(text):
        return read_yaml
    if _PARAMS.search(text):
        return read_script
    ours = extension(source.name) in READERS or source.name.startswith("<")
    return read_template if _is_template(text) or (ours and _BEGINS.match(text)) else None
