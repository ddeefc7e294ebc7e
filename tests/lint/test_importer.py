"""What exists becomes a declaration, and the declaration gives the same inputs back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import parse_template
from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.cli.appliances import load_appliances
from ctxschema.core.errors import FileError
from ctxschema.generate.user_inputs import user_inputs
from ctxschema.grammar.emit import template_text
from ctxschema.lint.importer import import_file
from ctxschema.model.appliance import Appliance
from ctxschema.testing import definitions


def imported(folder: Path, text: str, name: str = "sample.tmpl") -> Appliance:
    source = folder / name
    source.write_text(text)
    module = folder / "declared.py"
    module.write_text(import_file(str(source)))
    (appliance,) = load_appliances(str(module)).values()
    return appliance


@pytest.mark.parametrize("name", APPLIANCES)
def test_what_is_generated_comes_back(tmp_path: Path, name: str) -> None:
    text = user_inputs(get_appliance(name))
    assert user_inputs(imported(tmp_path, text)) == text


def same(one: str | None, other: str | None) -> bool:
    try:
        return float(one or "nan") == float(other or "nan") or one == other
    except ValueError:
        return one == other


@given(st.lists(definitions().filter(lambda text: not set('"$') & set(text)), min_size=1, max_size=6))
def test_portable_inputs_come_back(tmp_path_factory: pytest.TempPathFactory, given_definitions: list[str]) -> None:
    """Quotes and dollars aside: a marketplace and CONTEXT cannot carry them, so that no appliance declares them."""
    wanted = {f"INPUT_{number}": text for number, text in enumerate(given_definitions)}
    text = template_text("USER_INPUTS", list(wanted.items()))
    back = parse_template(user_inputs(imported(tmp_path_factory.mktemp("import"), text)))
    found = dict(back.user_inputs)
    assert found.keys() == wanted.keys()
    for name, definition in wanted.items():
        before = parse_template(template_text("USER_INPUTS", [(name, definition)])).user_inputs[0][1]
        assert found[name].type == before.type
        assert found[name].flag == before.flag
        assert found[name].params == before.params
        if before.type != "password":  # a secret in clear is not carried on
            assert same(found[name].default, before.default)


def test_what_had_to_be_guessed_is_a_comment(tmp_path: Path) -> None:
    source = tmp_path / "web.yaml"
    source.write_text(
        "opennebula_template:\n"
        "  context:\n    site: $PORT\n    admin_password: opensesame\n"
        "  user_inputs:\n"
        "    PORT: '0|integer|The \"port\"| |eighty'\n"
        "    KEY: 'O|password|Key| |opensesame'\n"
        "    1ST: 'O|text|First| |x'\n"
    )
    text = import_file(str(source), "web")
    assert "opensesame" not in text
    for told in ("PORT over as site", "'1ST'", "integer", "eighty", "a default in clear"):
        comments = "\n".join(line for line in text.splitlines() if line.lstrip().startswith("#"))
        assert told.lower() in comments.lower()
    module = tmp_path / "web.py"
    module.write_text(text)
    assert [each.name for each in load_appliances(str(module))["web"].variables] == ["PORT", "KEY"]


@pytest.mark.parametrize("text", ["NAME = a", "", "USER_INPUTS = [", "\0"])
def test_nothing_to_import_is_an_error(tmp_path: Path, text: str) -> None:
    source = tmp_path / "a.tmpl"
    source.write_text(text)
    with pytest.raises(FileError):
        import_file(str(source))
