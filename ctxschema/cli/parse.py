"""``ctxschema parse``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import evolve

from ctxschema.cli.output import print_json
from ctxschema.core.errors import FileError
from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding
from ctxschema.grammar.parser import parse_template, parse_user_input
from ctxschema.serialise import template_data, user_input_data

_TEMPLATE = re.compile(r"\ufeff?\s*[#<]|[^|=]*=", re.DOTALL)


def is_definition(text: str) -> bool:
    """Say whether a text is one definition rather than a template: no equals sign before its first pipe."""
    return not _TEMPLATE.match(text)


def parse_file(path: str) -> Sequence[Finding]:
    """Print the tree of a file; return its findings."""
    try:
        source = read_text(path)
    except FileError as error:
        print_json({"kind": None, "findings": [finding.as_dict() for finding in error.findings]})
        return error.findings
    if is_definition(source.text):
        # The line end belongs to the file, not to the definition.
        definition = parse_user_input(evolve(source, text=_without_line_end(source.text)))
        print_json(user_input_data(definition))
        return definition.findings
    template = parse_template(source)
    print_json(template_data(template))
    return template.findings


def _without_line_end(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")
