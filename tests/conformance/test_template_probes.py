"""The probes of template text: the server's verdict and what it keeps."""

from typing import Any

import pytest

from ctxschema import parse_template
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import has_errors
from tests.conftest import probes

PROBES = probes("template-probes.json")


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["note"])
def test_verdict_and_values(probe: dict[str, Any]) -> None:
    template = parse_template(probe["input"])
    kept = [tuple(pair) for pair in probe["result"]] if probe["ok"] else []
    assert (template.ok, template.attributes) == (probe["ok"], kept)
    assert template.emit() == probe["input"]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["note"])
def test_what_the_server_refuses_is_an_error(probe: dict[str, Any]) -> None:
    if not probe["ok"]:
        assert has_errors(parse_template(probe["input"]).findings)


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["note"])
def test_the_canonical_form_is_kept_alike(probe: dict[str, Any]) -> None:
    template = parse_template(probe["input"])
    try:
        text = template.canonical()
    except NotPortableError as error:
        assert error.findings or not probe["ok"]
        return
    assert parse_template(text).attributes == template.attributes
