"""``extra``, hidden variables and generated values survive the round trip of a declaration."""

from pathlib import Path

import pytest

from ctxschema.cli.appliances import load_appliances
from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.declaration.load import read_declaration
from ctxschema.declaration.python_form import declaration_python
from ctxschema.declaration.unstructure import appliance_data
from ctxschema.declaration.yaml_form import declaration_yaml
from ctxschema.model.appliance import Appliance, Level, Tab
from ctxschema.model.kinds import PASSWORD, TEXT
from ctxschema.model.variable import Maker, Stage, Variable

KEPT = Appliance(
    "kept",
    "Kept",
    "What is kept.",
    (
        Variable("KEY", PASSWORD, label="Key", made=Maker.PASSWORD, hidden=True),
        Variable("SITE", TEXT, label="Site", stage=Stage.BOOTSTRAP),
    ),
    tabs=(Tab(Level.APP, "WEB", "The web", "All of it"), Tab(Level.GROUP, "NET")),
    extra={
        "entry": {"version": "1.10", "size": 2147483648, "share": 1.0, "slow": True, "none": None, "a": [{"b": "NO"}]},
        "template": {"OS": {"ARCH": "x86_64"}, "NIC": [{"NETWORK": "a\x85b"}, {"NETWORK": " \n'x'\r"}]},
    },
)


def test_it_comes_back_from_yaml() -> None:
    again, findings = read_declaration(SourceText(declaration_yaml(KEPT), name="kept.yaml"))
    assert again is not None, findings
    assert appliance_data(again) == appliance_data(KEPT)
    assert type(again.extra["entry"]["share"]) is float


def test_it_comes_back_from_python(tmp_path: Path) -> None:
    (tmp_path / "kept.py").write_text(declaration_python(KEPT))
    (again,) = load_appliances(str(tmp_path / "kept.py")).values()
    assert appliance_data(again) == appliance_data(KEPT)


@pytest.mark.parametrize("bare", ["NO", "0o17", "12:30"])
def test_a_bare_word_that_is_kept_has_to_be_quoted(bare: str) -> None:
    text = f"name: a\nvariables:\n  A: {{label: A}}\nextra:\n  entry: {{version: {bare}}}\n"
    appliance, findings = read_declaration(SourceText(text, name="a.yaml"))
    assert appliance is None
    assert [each.code for each in findings] == [codes.DECLARATION_BARE.id]
    assert findings[0].origin is not None
    assert findings[0].origin.startswith("a.yaml:")
