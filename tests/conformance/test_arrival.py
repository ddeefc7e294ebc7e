"""What a default with a dollar becomes in CONTEXT, against what the real server made of it."""

import json
from typing import Any

import pytest

from ctxschema import parse_template, parse_user_input
from ctxschema.consumers.arrival import FAILS, KNOWN_TO_THE_SERVER, in_context
from ctxschema.consumers.explain import explain, explanation_data
from tests.conftest import probes

PROBES = [probe for probe in probes("context-probes.json") if "A" in (probe.get("context") or {"A": ""})]


def written(probe: dict[str, Any]) -> tuple[str, set[str]] | None:
    """What stands in CONTEXT under A, where nothing else does, and the names of attributes that there are."""
    template = parse_template(probe["template"])
    attributes = dict(template.attributes)
    context = attributes.pop("CONTEXT", None)
    if not isinstance(context, dict) or set(context) != {"A"}:
        return None
    return context["A"], set(attributes)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["note"])
def test_the_server_agrees(probe: dict[str, Any]) -> None:
    found = written(probe)
    if found is None:
        pytest.skip("more than one entry")
    text, names = found
    arrived = in_context(text)
    if probe.get("rc") != 0:
        assert arrived == FAILS or not parse_template(probe["template"]).ok
    elif not any(f"${name}".lower() in text.lower() for name in names) and arrived != KNOWN_TO_THE_SERVER:
        assert json.loads(arrived) == probe["context"]["A"]


@pytest.mark.parametrize(
    ("default", "cli", "sunstone", "oneflow"),
    [
        ("$oauthtoken", '"$oauthtoken"', '""', '"$oauthtoken"'),
        ("pa$", '"pa$"', FAILS, '"pa$"'),
        ("${HOME}/x", '"${HOME}/x"', FAILS, '"/x"'),
        ("a$b.c", '"a$b.c"', '"a.c"', '"a$b.c"'),
        ("$NAME", '"$NAME"', KNOWN_TO_THE_SERVER, '"$NAME"'),
        ("plain", "", "", ""),
    ],
)
def test_explain_says_what_arrives(default: str, cli: str, sunstone: str, oneflow: str) -> None:
    node = parse_user_input(f"O|text|Text| |{default}")
    arrived = {each.consumer.id: each.arrives for each in explain(node)}
    assert (arrived["cli"], arrived["sunstone"], arrived["oneflow"]) == (cli, sunstone, oneflow)
    told = {each["consumer"]: each.get("arrives", "") for each in explanation_data(node)["consumers"]}
    assert told == arrived
