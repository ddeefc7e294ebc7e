"""What exists becomes a declaration, and the declaration gives the same inputs back."""

import ast
import contextlib
import json
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxschema import parse_template
from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.cli.appliances import load_appliances
from ctxschema.core.errors import FileError, UnknownNameError
from ctxschema.core.quoting import json_text
from ctxschema.core.source import SourceText
from ctxschema.declaration.load import load_declaration, read_declaration
from ctxschema.declaration.unstructure import appliance_data
from ctxschema.generate.user_inputs import user_inputs
from ctxschema.grammar.emit import template_text
from ctxschema.lint.importer import import_files
from ctxschema.lint.importer_ruby import ruby_text
from ctxschema.model.appliance import Appliance
from ctxschema.testing import definitions


def import_file(path: str, name: str | None = None, form: Literal["yaml", "python"] = "yaml") -> str:
    return import_files([path], name).text(form)


def imported(folder: Path, text: str, name: str = "sample.tmpl") -> Appliance:
    source = folder / name
    source.write_text(text)
    module = folder / "declared.py"
    module.write_text(import_file(str(source), form="python"))
    (appliance,) = load_appliances(str(module)).values()
    data = folder / "declared.yaml"
    data.write_text(import_file(str(source)))
    assert appliance_data(load_declaration(data)) == appliance_data(appliance)
    return appliance


@pytest.mark.parametrize("name", APPLIANCES)
def test_what_is_generated_comes_back(tmp_path: Path, name: str) -> None:
    # The titles of tabs and groups are no inputs; those of the appliance itself are not in the template.
    text, _, metadata = user_inputs(get_appliance(name)).partition("USER_INPUTS_METADATA")
    back, _, _ = user_inputs(
        imported(tmp_path, text + ("USER_INPUTS_METADATA" + metadata if metadata else ""))
    ).partition("USER_INPUTS_METADATA")
    assert back == text


def same(one: str | None, other: str | None) -> bool:
    try:
        return float(one or "nan") == float(other or "nan") or one == other
    except ValueError:
        return one == other


def is_declared_alike(definition: str) -> bool:
    default = definition.rpartition("|")[2]
    return not set('"$') & set(definition) and default == default.strip()


@given(st.lists(definitions().filter(is_declared_alike), min_size=1, max_size=6))
def test_portable_inputs_come_back(tmp_path_factory: pytest.TempPathFactory, given_definitions: list[str]) -> None:
    """Quotes, dollars and blanks aside: a marketplace and CONTEXT cannot carry them, so that none is declared."""
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
    for form in ("yaml", "python"):
        text = import_file(str(source), "web", form)
        assert "opensesame" not in text
        for words in ("PORT over as SITE", "'1ST'", "integer", "eighty", "a default in clear", "ADMIN_PASSWORD"):
            comments = "\n".join(line for line in text.splitlines() if line.lstrip().startswith("#"))
            assert words.lower() in comments.lower()
        module = tmp_path / f"declared.{form.replace('python', 'py')}"
        module.write_text(text)
        assert [each.name for each in load_appliances(str(module))["web"].variables] == ["PORT", "KEY"]


@pytest.mark.parametrize("text", ["NAME = a", "", "USER_INPUTS = [", "\0"])
def test_nothing_to_import_is_an_error(tmp_path: Path, text: str) -> None:
    source = tmp_path / "a.tmpl"
    source.write_text(text)
    with pytest.raises(FileError):
        import_file(str(source))


# ---- what is imported never becomes a part of the program ----

PIECES = [
    *[
        "\n",
        "\r",
        "\x0c",
        "\x1c",
        "\u2028",
        "\0",
        '"',
        "'",
        '"""',
        "\\",
        "#",
        " ",
        "\t",
        "(",
        ")",
        "=",
        "|",
        "$",
        "{",
        "}",
        ",",
    ],
    *[
        "CANARY",
        "\U0001d404\U0001d417\U0001d404\U0001d402",
        "\U0001d41e\U0001d431\U0001d41e\U0001d41c",
        "\u017f",
        "\ufb01",
    ],
    *["import os", "# coding: utf-7", "__import__", "M|text|a| |", "O|list|b|x,y|x", "O|range|c|1..5|3", "PASSWORD"],
]
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join)
file_names = hostile.map(lambda text: text.replace("/", "").replace("\0", "")[:60])
TAKEN_FROM = {
    "ctxschema.model.kinds",
    "ctxschema.model.appliance",
    "ctxschema.model.limits",
    "ctxschema.model.variable",
    "ctxschema.core.secret",
}
CALLED = {"Variable", "Appliance", "Infrastructure", "Between", "Machine", "Tab", "Secret"}
CLOSED = {"Level", "Stage", "Maker"}


def assert_harmless(module: str) -> None:
    """Assert that a module imports the model, calls what declares, and does nothing else."""
    tree = ast.parse(module.encode())
    assigned = set()
    taken: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            assert statement.module in TAKEN_FROM
            taken |= {each.name for each in statement.names}
        elif isinstance(statement, ast.Assign):
            (target,) = statement.targets
            assert isinstance(target, ast.Name)
            assert target.id not in assigned
            assigned.add(target.id)
        else:
            assert isinstance(statement, ast.Expr)
            assert isinstance(statement.value, ast.Constant)
    plain = ast.Constant | ast.Tuple | ast.List | ast.Dict
    allowed = plain | ast.Call | ast.Name | ast.Attribute | ast.UnaryOp | ast.keyword
    for node in ast.walk(ast.Module([each for each in tree.body if isinstance(each, ast.Assign)], [])):
        assert isinstance(node, allowed | ast.Module | ast.Assign | ast.expr_context | ast.USub), ast.dump(node)
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            assert node.func.id in CALLED
        elif isinstance(node, ast.Attribute):
            assert isinstance(node.value, ast.Name)
            assert node.value.id in CLOSED
        elif isinstance(node, ast.Name):
            assert node.id in assigned | taken


def assert_all_harmless(path: Path) -> None:
    """Assert it of the module, and that the YAML declares the same."""
    imported = import_files([str(path)])
    assert_harmless(imported.text("python"))
    again, findings = read_declaration(SourceText(imported.text(), name="a.yaml"))
    assert again is not None, [each.message for each in findings]
    assert appliance_data(again) == appliance_data(imported.appliance)


@settings(max_examples=120)
@given(st.dictionaries(hostile, hostile, min_size=1), st.dictionaries(hostile, hostile), file_names)
@example({"A": "M|text|a| |"}, {"\nCANARY()": "$A"}, "x")
@example({"A": "M|text|a| |"}, {"\n\U0001d41e\U0001d431\U0001d41e\U0001d41c()\n": "$a"}, "x")
@example(
    {"A\nCANARY": "M|text|a| |", "APPLIANCE": "M|text|a| |", "APPLIANCE_INPUT": "M|text|a| |"},
    {},
    'a"""\nCANARY()\n"""',
)
def test_nothing_that_is_imported_becomes_code(
    tmp_path_factory: pytest.TempPathFactory, inputs: dict[str, str], context: dict[str, str], stem: str
) -> None:
    source = tmp_path_factory.mktemp("import") / f"{stem}.json"
    data: dict[str, Any] = {"roles": [], "user_inputs": {"FIRST": "M|text|first| |", **inputs}}
    data["roles"] = [{"name": "a", "template_contents": {"CONTEXT": context}}]
    source.write_text(json.dumps(data))
    assert_all_harmless(source)
    yaml = source.with_suffix(".yaml")
    yaml.write_text(json_text({"opennebula_template": {"user_inputs": data["user_inputs"], "context": context}}))
    with contextlib.suppress(FileError):  # YAML has no half of a pair of surrogates, say
        assert_all_harmless(yaml)


def test_a_name_that_is_no_utf_8_is_written_as_escapes(tmp_path: Path) -> None:
    source = tmp_path / "a\udcff.tmpl"
    source.write_text('USER_INPUTS = [ A = "M|text|a| |" ]\n')
    text = import_file(str(source), form="python")
    assert_harmless(text)
    assert "\\udcff" in text


def test_a_name_for_the_appliance_that_is_none_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.tmpl"
    source.write_text('USER_INPUTS = [ A = "M|text|a| |" ]\n')
    assert_harmless(import_file(str(source), 'it is """ \\', "python"))
    with pytest.raises(UnknownNameError, match="no name for an appliance"):
        import_file(str(source), '"""\nimport os')


def test_a_misspelt_name_in_inputs_order_keeps_its_place(tmp_path: Path) -> None:
    inputs = ",\n".join(f'{name} = "O|text|{name}| |"' for name in ("A_PASSWORD", "B_USER", "C_NAME"))
    text = f'USER_INPUTS = [\n{inputs}\n]\nINPUTS_ORDER = "C_NAME,A_PASWORD,GONE"\n'
    assert [each.name for each in imported(tmp_path, text).variables] == ["C_NAME", "A_PASSWORD", "B_USER"]
    comments = import_file(str(tmp_path / "sample.tmpl"))
    assert "'A_PASWORD', which is no input, and is taken for A_PASSWORD" in comments
    assert "'GONE', which is no input, and is left out" in comments


@pytest.mark.parametrize(
    ("definition", "meant"),
    [
        ("O|list|Encoding|UTF8;LATIN1|UTF8", "O|list|Encoding|UTF8,LATIN1|UTF8"),
        ("O|list|Encoding|UTF8 LATIN1|LATIN1", "O|list|Encoding|UTF8,LATIN1|LATIN1"),
        ("O|list|Encoding|one;of two,three|three", "O|list|Encoding|one;of two,three|three"),
        ("O|range|Port|1-65535|80", "O|range|Port|1..65535|80"),
        ("O|range-float|Ratio|0.1 - 0.9|0.5", "O|range-float|Ratio|0.1..0.9|0.5"),
    ],
)
def test_other_separators_than_opennebulas_are_understood(tmp_path: Path, definition: str, meant: str) -> None:
    appliance = imported(tmp_path, f'USER_INPUTS = [\n  A = "{definition}"\n]\n')
    assert f'A = "{meant}"' in user_inputs(appliance)


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        ("'a'", "a"),
        ("''", ""),
        (r"'a\'b\\c\d'", r"a'b\c\d"),
        ("'#{a}'", "#{a}"),
        ('"a"', "a"),
        (r'"\n\t\r\s\e\a\b\f\v\q\"\\"', '\n\t\r \x1b\a\b\f\vq"\\'),
        ('"a#b"', "a#b"),
        (r'"\\u"', r"\u"),
        ('"a#{b}"', None),
        *[(f'"\\{letter}41"', None) for letter in "uxcCM01234567"],
        ("'a' + 'b'", None),
        ("'a''b'", None),
        ("'a", None),
        ("a", None),
        ("'a\"", None),
    ],
)
def test_a_text_of_ruby(literal: str, text: str | None) -> None:
    assert ruby_text(literal) == text
