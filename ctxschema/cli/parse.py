"""The work of ``ctxschema parse``."""

from __future__ import annotations

import re
import sys
from typing import Any, NoReturn

import click
from attrs import evolve

from ctxschema.cli.output import end, print_findings, print_json, print_summary
from ctxschema.cli.waiting import waiting
from ctxschema.core.errors import FileError, MissingFileError
from ctxschema.core.files import STDIN, read_text
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText
from ctxschema.grammar.parser import parse_template, parse_user_input
from ctxschema.serialise import template_data, user_input_data

_TEMPLATE = re.compile(r"\ufeff?\s*[#<]|[^|=]*=", re.DOTALL)


def is_definition(text: str) -> bool:
    """Say whether a text is one definition rather than a template: it has no equals sign before its first pipe."""
    return not _TEMPLATE.match(text)


def parse_file(path: str, form: str) -> NoReturn:
    """Print the tree of a file, or its findings, and exit."""
    if path == STDIN and sys.stdin is not None and sys.stdin.isatty():
        click.echo("reading standard input; end it with Ctrl-D", err=True)
    try:
        source = read_text(path)
    except FileError as error:
        if form == "text":
            raise
        findings = [evolve(f, repair=_PIPE_IT_IN if "|" in path else f.repair) for f in error.findings]
        print_json({"kind": None, "findings": [finding.as_dict() for finding in findings]})
        end(findings, missing=isinstance(error, MissingFileError))
    with waiting(f"parsing {source.name}"):
        data, findings = _parsed(source)
    if form == "json":
        print_json(data)
    else:
        print_findings(findings, to_stderr=False)
        print_summary(source.name, findings, to_stderr=False)
    end(findings)


def _parsed(source: SourceText) -> tuple[dict[str, Any], list[Finding]]:
    """Return the tree of a definition or of a template as plain data, and the findings."""
    if is_definition(source.text):
        # The final line end belongs to the file, not to the definition.
        text = source.text.removesuffix("\n").removesuffix("\r")
        definition = parse_user_input(evolve(source, text=text))
        return user_input_data(definition), list(definition.findings)
    template = parse_template(source)
    return template_data(template), list(template.findings)


_PIPE_IT_IN = "to parse a definition itself, pipe it in: echo 'O|text|...' | ctxschema parse"
