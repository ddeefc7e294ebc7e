"""A declaration that is pasted, dropped or opened on the page works as those of the catalog do."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from ctxschema import get_appliance
from ctxschema.catalog import APPLIANCES
from ctxschema.core.source import SourceText
from ctxschema.declaration.unstructure import appliance_data
from ctxschema.declaration.yaml_form import declaration_yaml
from ctxschema.preview.engine import Engine
from ctxschema.preview.own import MOST_DECLARED, format_of
from ctxschema.testing import template_soup
from tests.preview.test_engine import fields, output

SHOP = """name: shop
title: The shop
variables:
  SHOP_PORT:
    kind: number
    label: Port
    default: 8080
    limits: {from: 1, to: 65535}
  SHOP_OWNER:
    label: Owner
    mandatory: true
"""


def opened(text: str, name: str = "<pasted>", engine: Engine | None = None, **more: Any) -> dict[str, Any]:
    return (engine or Engine()).answer({"op": "open", "name": name, **more}, text.encode())


def codes(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["code"], each["origin"]) for each in answer["findings"]]


def test_it_has_a_form_that_its_declaration_judges() -> None:
    engine = Engine()
    answer = opened(SHOP, engine=engine)
    assert (answer["title"], answer["names"], answer["file"]) == ("The shop", "variable", "shop.tmpl")
    assert list(fields(answer)) == ["SHOP_PORT", "SHOP_OWNER"]
    request = {"op": "fill", "id": answer["id"], "part": 0}
    judged = engine.answer({**request, "answers": {"0": {"SHOP_PORT": "70000"}}})
    assert judged["errors"] == 2
    assert "within 1 to 65535" in judged["problems"]["SHOP_PORT"][0]["text"]
    judged = engine.answer({**request, "answers": {"0": {"SHOP_PORT": "80", "SHOP_OWNER": "x"}}})
    assert "SHOP_PORT='80'" in output(judged, "context")


def test_its_inputs_can_be_grouped() -> None:
    answer = opened(SHOP, names="oneapp")
    found = fields(answer)
    assert {field["variable"] for field in found.values()} == {"SHOP_PORT", "SHOP_OWNER"}
    assert all(name.startswith("ONEAPP_SHOP_") for name in found)


@pytest.mark.parametrize("name", APPLIANCES)
@pytest.mark.parametrize("names", ["variable", "oneapp"])
def test_each_of_the_catalog_pasted_as_yaml_shows_the_same(name: str, names: str) -> None:
    engine = Engine()
    known = engine.answer({"op": "open", "appliance": name, "names": names})
    text = engine.answer({"op": "declare", "appliance": name})["text"]
    pasted = opened(text, names=names, engine=engine)
    assert {**pasted, "id": 0} == {**known, "id": 0}


def test_json_and_toml_are_read_too() -> None:
    data = appliance_data(get_appliance("ollama"))
    wanted = list(fields(opened(declaration_yaml(get_appliance("ollama")))))
    assert list(fields(opened(json.dumps(data)))) == wanted
    toml = 'name = "shop"\n[variables.SHOP_PORT]\nkind = "number"\ndefault = 8080\n'
    assert list(fields(opened(toml))) == list(fields(opened(toml, "shop.toml"))) == ["SHOP_PORT"]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("name: shop\nvariables:\n  A: {kind: numbr}\n", "CTX271", "3:13"),
        ("name: shop\nvariables:\n  A: {kind: number\n", "CTX145", "4:1"),
        ("name: shop\nvariables:\n  A: {lable: x}\n", "CTX270", "3:7"),
        ("name: shop\nvariables:\n  A: {kind: number, default: 1.5}\n", "CTX271", "3:30"),
        ('{"name": "shop",\n "variables": {"A": {"kind": 1}}}', "CTX271", "2:30"),
        ('{"name": "shop",\n "variables": {"A": {"label": 1}}}', "CTX272", "2:31"),
    ],
)
def test_each_fault_is_told_with_its_line_and_column(text: str, code: str, place: str) -> None:
    answer = opened(text, "shop.yaml")
    assert answer["parts"] == []
    assert codes(answer) == [(code, f"shop.yaml:{place}")]


@pytest.mark.parametrize(
    ("name", "text", "ending"),
    [
        ("<pasted>", SHOP, ".yaml"),
        ("<pasted>", '{"variables": {}}', ".json"),
        ("<pasted>", '{"name": "s", "roles": [{"variables": {}}]}', None),
        ("<pasted>", '{"variables": {', ".json"),
        ("<pasted>", "[variables.A]\n", ".toml"),
        ("<pasted>", 'USER_INPUTS = [ VARIABLES = "O|text|variables:| |" ]\n', None),
        ("a.tmpl", SHOP, None),
        ("a.yaml", "opennebula_template:\n  user_inputs:\n    variables: 'O|text|x| |'\n", None),
        ("a.toml", "name = 1\n", ".toml"),
    ],
)
def test_only_what_has_variables_at_its_top_is_a_declaration(name: str, text: str, ending: str | None) -> None:
    assert format_of(SourceText(text, name)) == ending


def test_a_service_of_ones_own_has_the_containers_of_ones_own() -> None:
    """Roles that are called as those of the catalog are not those of the catalog."""
    engine = Engine()
    service = "name: flower-service\nroles: [supernode]\nvariables:\n"
    service += "  WEB_PORT: {kind: number, default: 80, scope: supernode}\n"
    machine = "name: flower-supernode\nvariables:\n  WEB_PORT: {kind: number, default: 80}\n"
    machine += "container: {image: {repository: shop/web, tag: '1'}}\n"
    answer = opened(service, engine=engine)
    assert [part["title"] for part in answer["parts"]] == ["Role supernode"]

    def containers(answer: dict[str, Any]) -> list[str]:
        judged = engine.answer({"op": "fill", "id": answer["id"], "part": 0, "answers": {}})
        return [each["text"] for each in judged["outputs"] if each["id"].startswith("docker")]

    assert containers(answer) == []
    told = engine.answer({"op": "fill", "id": answer["id"], "part": 0, "answers": {}})["general"]
    assert [each["text"] for each in told] == [
        "What the machine of role supernode starts is shown once its own declaration was opened here, too."
    ]
    assert fields(opened(machine, engine=engine))
    (text,) = containers(opened(service, engine=engine))
    assert "shop/web" in text


def test_a_text_without_a_file_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("variables:\n  S3CRET: {}\n")
    answer = opened(f"name: shop\ninclude: [{secret}]\nvariables: {{}}\n", "shop.yaml")
    assert codes(answer) == [("CTX274", "shop.yaml:2:1")]
    assert "S3CRET" not in json.dumps(answer)


def test_a_long_declaration_is_refused_and_one_of_aliases_does_not_grow() -> None:
    assert codes(opened(SHOP + "#" * MOST_DECLARED))[0][0] == "CTX051"
    lines = ["variables: &a0 {A: {label: xxxxxxxxxx}}"]
    lines += [f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    answer = opened("\n".join(lines))
    assert answer["findings"][0]["severity"] == "error"
    assert len(json.dumps(answer)) < 1_000_000


@given(template_soup())
def test_any_text_as_a_declaration_is_answered(text: str) -> None:
    for name in ("a.toml", "<pasted>"):
        answer = opened(f"variables:\n{text}", name)
        assert "error" not in answer
