"""The probes of one definition: what the real command line and the real Sunstone made of it."""

from typing import Any

import pytest

from ctxschema import Severity, parse_user_input
from ctxschema.core.errors import NotPortableError
from tests.conftest import probes

PROBES = probes("user-input-probes.json")
UNDEFINED = "<<undefined>>"


def of_probes(function: Any) -> Any:
    return pytest.mark.parametrize("probe", PROBES, ids=lambda probe: repr(probe["input"])[:60])(function)


def severities(text: str) -> set[Severity]:
    return {finding.severity for finding in parse_user_input(text).findings}


@of_probes
def test_prints_back(probe: dict[str, Any]) -> None:
    assert parse_user_input(probe["input"]).emit() == probe["input"]


@of_probes
def test_cuts_the_string_as_sunstone_does(probe: dict[str, Any]) -> None:
    read = probe["sunstone"]["read"]
    node = parse_user_input(probe["input"])
    seen = {
        name: UNDEFINED if value is None else value
        for name, value in {"type": node.type, "label": node.description, "default": node.default}.items()
    }
    assert seen == {name: read[name] for name in seen}
    assert (node.flag == "M") == read["mandatory"]
    separator = ".." if node.type in {"range", "range-float"} else ","
    options = UNDEFINED if node.params is None else node.params.split(separator)
    assert options == read["options"]


@of_probes
def test_what_stops_the_command_line_is_an_error(probe: dict[str, Any]) -> None:
    enter = probe["cli"]["enter"]
    answered_by_nobody = enter == "REPROMPT" and not wants_an_answer(probe["input"])
    if enter in {"EXIT", "CRASH"} or answered_by_nobody:
        assert Severity.ERROR in severities(probe["input"])


def wants_an_answer(text: str) -> bool:
    """A mandatory input without a default may ask until it gets an answer."""
    node = parse_user_input(text)
    return node.flag == "M" and len(node.parts) == 5 and not (node.default or "").strip()


@of_probes
def test_what_sunstone_cannot_submit_untouched_is_found(probe: dict[str, Any]) -> None:
    if not probe["sunstone"]["untouched"]["ok"] and not wants_an_answer(probe["input"]):
        assert Severity.ERROR in severities(probe["input"])


@of_probes
def test_without_errors_and_warnings_both_send_the_same(probe: dict[str, Any]) -> None:
    if severities(probe["input"]) & {Severity.ERROR, Severity.WARNING} or wants_an_answer(probe["input"]):
        return
    sent = probe["sunstone"]["untouched"]["submitted"]
    typed_nothing = "ABSENT" if sent in {UNDEFINED, ""} and probe["cli"]["enter"] == "ABSENT" else f'value "{sent}"'
    assert probe["cli"]["enter"].replace('\\"', '"') == typed_nothing


@of_probes
def test_the_portable_form_has_no_errors_and_is_its_own(probe: dict[str, Any]) -> None:
    try:
        text = parse_user_input(probe["input"]).canonical()
    except NotPortableError as error:
        assert error.findings
        return
    node = parse_user_input(text)
    assert len(node.parts) == 5
    assert Severity.ERROR not in {finding.severity for finding in node.findings}
    assert node.canonical() == text
