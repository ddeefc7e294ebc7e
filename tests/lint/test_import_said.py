"""What is made of files that are imported, to the letter.

The files, and the folders of files that are imported together, are those of tests/cases/import and what is dropped into
tests/cases/import_said/given. What comes of each is in tests/cases/import_said/NAME.txt: every finding, then the
declaration in YAML, or why there is none. ``UPDATE_CASES=1 pytest`` writes them anew, to be read before they are
committed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.source import SourceText
from ctxschema.lint.importer import _declared, import_files
from ctxschema.lint.importer_draft import Draft
from tests.conftest import ROOT
from tests.said import kept, said

FOLDER = ROOT / "tests/cases/import_said"
GIVEN = {path.name: path for folder in (ROOT / "tests/cases/import", FOLDER / "given") for path in folder.iterdir()}

LATER_WORDS = ("1234567890123456789", "inf", "nan", "-inf", "1e3", "5")
"""Texts: too long a number, words that Python takes for numbers, another spelling, and one in quotes."""


def told(path: Path) -> Iterator[str]:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    try:
        imported = import_files([str(file) for file in files])
    except FileError as error:
        yield f"refused: {error}"
        yield from map(said, error.findings)
        return
    yield from map(said, imported.findings)
    yield imported.text()


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_made_of_it(name: str) -> None:
    kept(FOLDER / f"{name}.txt", told(GIVEN[name]))


def test_nothing_is_said_of_what_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(GIVEN)


def test_what_has_no_quotes_in_yaml_keeps_its_type() -> None:
    entry = import_files([str(FOLDER / "given/entry.yaml")]).data["extra"]["entry"]
    words = ["shop", "things", 5, 5.0, "5.50", "0x1f", True, True, "nO", False, None, None, ""]
    words += [123456789012345678, -12345678901234567, 1.23456789012345]
    assert list(map(repr, entry["tags"])) == [*map(repr, words), *map(repr, LATER_WORDS)]


def test_the_findings_follow_the_docstring_of_the_module() -> None:
    path = FOLDER / "given/short-names.tmpl"
    text = import_files([str(path)]).text("python")
    docstring, nothing, first, second, third, rest = text.split("\n", 5)
    assert docstring.startswith('"""')
    assert docstring.endswith('"""')
    assert nothing == ""
    assert first == "# Imported from short-names.tmpl."
    assert second.startswith(f"# {path}:4:37: FL_1 is left out")
    assert third.startswith(f"# {path}:4:85: FL_XMLISH is left out")
    assert not rest.startswith("#")


@pytest.mark.parametrize(
    ("stem", "title", "name"),
    [
        ("My Shop_2", "The title", "my-shop-2"),
        ("main", "The title", "the-title"),
        ("appliance", "", "appliance"),
        ("8b437ffe-7b90-4dc0-a453-f0646b11ab09", "The title", "the-title"),
        ("main-x", "The title", "main-x"),
        ("---", "The title", "appliance"),
        ("main", "???", "appliance"),
        *((stem, "The title", "the-title") for stem in ("metadata", "context", "config", "<stdin>", "stdin")),
        ("config-x", "The title", "config-x"),
        ("x8b437ffe-7b90-4dc0-a453-f0646b11ab09", "The title", "x8b437ffe-7b90-4dc0-a453-f0646b11ab09"),
        ("8b437ffe-7b90-4dc0-a453-f0646b11ab09-x", "The title", "8b437ffe-7b90-4dc0-a453-f0646b11ab09-x"),
        ("-X!-", "The title", "x"),
        ("X", "The title", "x"),
    ],
)
def test_the_name_of_the_appliance(tmp_path: Path, stem: str, title: str, name: str) -> None:
    path = tmp_path / f"{stem}.tmpl"
    path.write_text(f'NAME = "{title}"\nUSER_INPUTS = [ A = "O|text|A| |x" ]\n')
    assert import_files([str(path)]).appliance.name == name
    assert import_files([str(path)], "given").data["name"] == "given"


def test_too_many_faults_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctxschema.lint.importer._MOST_REPAIRS", 1)
    with pytest.raises(FileError, match=r"^no declaration can be made of short-names: there are too many faults$"):
        import_files([str(FOLDER / "given/short-names.tmpl")])


def test_a_fault_of_no_variable_is_said() -> None:
    draft = Draft("x", variables={"A": {"label": "A", "default": "x"}}, parts={"machine": {"cpu": 0}})
    draft.note(codes.IMPORT_ADDED, "said before")
    with pytest.raises(
        FileError, match=r"^no declaration can be made of x: the machine has no CPU or no memory"
    ) as told:
        _declared(draft)
    fault, before = told.value.findings
    assert (fault.code, before.message) == (codes.DECLARATION_FAULT.id, "said before")
    assert f"no declaration can be made of x: {fault.message}" == str(told.value)


def test_two_faults_of_no_variable_are_said() -> None:
    parts = {"machine": {"cpu": 0}, "infrastructure": [{"name": "a b", "value": "", "why": ""}]}
    with pytest.raises(FileError, match=r"numbers above 0; a b is no name for CONTEXT; write upper-case letters, "):
        _declared(Draft("x", variables={"A": {"label": "A"}}, parts=parts))


def test_a_variable_with_two_faults_is_left_out_once() -> None:
    place = SourceText("A", name="a").at(0, 1)
    variables = {"A": {"label": "A", "stage": "no", "made": "no"}, "B": {"label": "B"}}
    draft = Draft("x", variables=variables, places=dict.fromkeys(variables, place))
    appliance, data = _declared(draft)
    assert [each.name for each in appliance.variables] == list(data["variables"]) == ["B"]
    (finding,) = draft.findings
    assert (finding.code, finding.variable, finding.position) == (codes.IMPORT_LEFT_OUT.id, "A", place)
    assert finding.message.startswith("A is left out: ")
