"""The catalog against flower-variables.json, name by name."""

import re
from typing import Any

import pytest

from ctxschema import get_appliance
from ctxschema.core import codes
from tests.conftest import recorded

SERVICE = get_appliance("flower-service")
ROLES = {"superlink": get_appliance("flower-superlink"), "supernode": get_appliance("flower-supernode")}


@pytest.fixture(scope="session")
def facts() -> dict[str, Any]:
    found: dict[str, Any] = recorded("flower-variables.json")
    return found


def test_the_same_variables(facts: dict[str, Any]) -> None:
    assert {fact["name"] for fact in facts["variables"]} == set(SERVICE.by_name)


def test_every_fact_of_every_variable(facts: dict[str, Any]) -> None:
    for fact in facts["variables"]:
        variable = SERVICE.by_name[fact["name"]]
        assert variable.kind.name == fact["kind"], fact
        assert variable.default_text == str(fact["default"]), fact
        assert variable.scope == fact["scope"], fact
        assert variable.group == fact["group"], fact
        assert list(variable.options) == fact.get("options", []), fact
        assert variable.secret == fact.get("secret", False), fact
        assert variable.input_name == fact.get("input_name"), fact
        assert not variable.mandatory, fact
        if "label" in fact:
            assert variable.label == fact["label"]


def test_every_effect_mentions_the_variables_of_the_fact(facts: dict[str, Any]) -> None:
    for fact in facts["variables"]:
        effective = SERVICE.by_name[fact["name"]].effective
        mentioned = {each.name for each in effective.variables} if effective else set()
        assert mentioned == set(re.findall(r"(?:FL|ML)_[A-Z_]+", fact.get("effective", ""))), fact


def test_each_role_has_its_scope(facts: dict[str, Any]) -> None:
    for role, appliance in ROLES.items():
        own = {fact["name"] for fact in facts["variables"] if fact["scope"] in {role, "both", "service"}}
        assert set(appliance.by_name) == own


def test_the_infrastructure(facts: dict[str, Any]) -> None:
    expected = [(fact["name"], fact["value"]) for fact in facts["infrastructure"]]
    for appliance in (SERVICE, *ROLES.values()):
        assert [(entry.name, entry.value) for entry in appliance.infrastructure] == expected


def test_the_rules_with_their_severities(facts: dict[str, Any]) -> None:
    declared = {rule.id: rule.severity.value for rule in SERVICE.rules}
    # Two of the facts hold for every variable of every appliance, and are codes of their own.
    general = {code.name: code.severity.value for code in (codes.INEFFECTIVE, codes.UNKNOWN_VARIABLE)}
    assert {fact["id"]: fact["severity"] for fact in facts["rules"]} == declared | general
