"""What the server makes of CONTEXT."""

from typing import Any

import pytest

from ctxschema import parse_template
from ctxschema.core import codes
from ctxschema.core.finding import Severity
from ctxschema.core.source import SourceText
from ctxschema.grammar.references import Fault, references
from ctxschema.lint.linter import lint_text
from tests.conftest import probes

PROBES = probes("context-probes.json")
FAILING = {codes.CONTEXT_DOLLAR.id, codes.REFERENCE_TERMINATOR.id, codes.SYNTAX.id, codes.EMPTY_VECTOR.id}


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["note"])
def test_what_fails_the_instantiation_is_an_error(probe: dict[str, Any]) -> None:
    found = lint_text(SourceText(probe["template"], name="probe.tmpl"))
    failing = [each for each in found if each.code in FAILING and each.severity is Severity.ERROR]
    assert bool(failing) == (probe.get("rc") != 0)


@pytest.mark.parametrize("probe", [each for each in PROBES if each.get("rc") == 0], ids=lambda probe: probe["note"])
def test_what_is_no_reference_reaches_the_machine(probe: dict[str, Any]) -> None:
    attributes = dict(parse_template(probe["template"]).attributes)
    context = attributes["CONTEXT"]
    assert isinstance(context, dict)
    for name, value in context.items():
        found = list(references(value))
        if not found and "@^_^@" not in value:
            assert probe["context"][name] == value
        elif all(each.fault is Fault.SUPPRESSED for each in found):
            assert "\\$" in probe["context"][name]
