"""Which reader a file is for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from attrs import evolve

from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.grammar.json_document import parse_json
from ctxschema.grammar.yaml_document import parse_yaml
from ctxschema.lint.document import Document
from ctxschema.lint.mapping_reader import is_wanted, read_mapping
from ctxschema.lint.script_reader import read_script
from ctxschema.lint.template_reader import read_template

_TEMPLATE = re.compile(
    r"^[ \t\ufeff]*(?:USER_INPUTS?|INPUTS_ORDER|CONTEXT)[ \t]*=|<(?:USER_INPUTS|CONTEXT)>", re.MULTILINE | re.IGNORECASE
)
_SHELL = re.compile(r"\A#!.*\bsh\b|\A#!.*/(?:ba|da|k|z)sh\b|^[ \t]*ONE_SERVICE_PARAMS\+?=\(", re.MULTILINE)
_YAML = re.compile(r"\ufeff?(?:[ \t]*#[^\n]*\n|\s)*(?:---|%YAML|[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*:(?:\s|\Z))")


def read_yaml(source: SourceText) -> Document:
    """Return a YAML text as a document."""
    root, findings = parse_yaml(source)
    return read_mapping(source, root, findings)


def read_json(source: SourceText) -> Document:
    """Return a JSON text as a document."""
    root, findings = parse_json(source)
    return read_mapping(source, root, findings)


READERS: dict[str, Callable[[SourceText], Document]] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": read_json,
    ".sh": read_script,
    ".bash": read_script,
    ".tmpl": read_template,
    ".tpl": read_template,
    ".template": read_template,
    ".one": read_template,
}
"""The reader for each extension that is looked into when a folder is walked."""

SNIFFED = {"", ".cfg", ".conf", ".txt", ".vm", ".xml"}
"""The other extensions under which a template may stand; what these files hold decides."""


def extension(path: str) -> str:
    """Return the extension of a path, in lower case, with its dot."""
    return os.path.splitext(path)[1].lower()


def read_named(source: SourceText) -> Document:
    """Return a text that somebody named: by its extension, and else by what it holds."""
    reader = READERS.get(extension(source.name))
    return (reader or _by_content(source))(source)


def read_found(source: SourceText) -> Document | None:
    """Return a text that was found on a walk, or None where nothing says that it is of OpenNebula's."""
    reader = READERS.get(extension(source.name))
    if reader is None or reader is read_template:
        return read_template(source) if _TEMPLATE.search(source.text) else None
    document = reader(source)
    if document.kind is None and reader is read_script:
        return document if document.findings else None
    if document.kind is None and not is_wanted(source.text):
        # It may be a text of something else, with a syntax of its own around the YAML.
        findings = tuple(_lowered(finding) for finding in document.findings if finding.severity is Severity.ERROR)
        return Document(None, source, (), findings) if findings else None
    return document


def _lowered(finding: Finding) -> Finding:
    return evolve(finding, severity=Severity.WARNING)


def _by_content(source: SourceText) -> Callable[[SourceText], Document]:
    text = source.text
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        return read_json
    if _YAML.match(text) and not _TEMPLATE.search(text):
        return read_yaml
    return read_script if _SHELL.search(text) else read_template
