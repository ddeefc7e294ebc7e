"""The probes of values on their way into the machine."""

from typing import Any

import pytest

from ctxschema.context.context_sh import write_context_sh
from ctxschema.context.load import read_context
from ctxschema.core.source import SourceText
from tests.conftest import probes

GUEST = probes("guest-probes.json")
RESOLVED = [probe for probe in probes("context-probes.json") if probe.get("rc") == 0]


def read(text: str) -> dict[str, str | None]:
    context = read_context(SourceText(text))
    assert not context.findings
    return {name: value.text for name, value in context.values.items()}


@pytest.mark.parametrize("probe", GUEST, ids=lambda probe: probe["case"])
def test_context_sh_is_read_as_bash_sources_it(probe: dict[str, Any]) -> None:
    assert read(probe["context_sh_line"]) == {"K": probe["source_context_sh"]["value"]}


@pytest.mark.parametrize("probe", GUEST, ids=lambda probe: probe["case"])
def test_one_env_is_read_as_text(probe: dict[str, Any]) -> None:
    assert read("".join(probe["one_env_entry"])) == {"K": probe["value"]}


@pytest.mark.parametrize("probe", GUEST, ids=lambda probe: probe["case"])
def test_one_env_among_other_entries(probe: dict[str, Any]) -> None:
    text = 'export VMID="7"\n' + "".join(probe["one_env_entry"]) + 'export Z="1"\nexport VMID="7"\n'
    assert read(text) == {"VMID": "7", "K": probe["value"], "Z": "1"}


@pytest.mark.parametrize("probe", RESOLVED, ids=lambda probe: probe["note"])
def test_context_sh_of_the_server(probe: dict[str, Any]) -> None:
    assert read(probe["context_sh"]) == probe["context"]
    assert write_context_sh(probe["context"]) == probe["context_sh"]
