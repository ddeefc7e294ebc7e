"""What a declaration is told, to the letter: a file under tests/cases/declaration for each.

Above the line of dashes stands the declaration, in the language that the name of its file says; below it what is said:
severity, code, place, variable, message and repair of every finding, with what it would write, or the appliance that
came of it, in YAML and in Python. ``UPDATE_CASES=1 pytest`` writes the lower half anew, to be read before it is
committed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxschema.core.source import SourceText
from ctxschema.declaration.load import read_declaration
from ctxschema.declaration.python_form import declaration_python
from ctxschema.declaration.yaml_form import declaration_yaml
from tests.conftest import ROOT
from tests.said import edits, said

FOLDER = ROOT / "tests/cases/declaration"
LINE = "-" * 40 + "\n"


def told(text: str, name: str) -> Iterator[str]:
    appliance, findings = read_declaration(SourceText(text, name=name))
    for finding in findings:
        yield said(finding)
        yield from edits(finding)
    if appliance is not None:
        yield declaration_yaml(appliance)
        yield declaration_python(appliance)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_what_is_said_of_a_declaration(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    given, _, expected = path.read_text(encoding="utf-8").partition(LINE)
    lines = "".join(f"{line}\n" for line in told(given, path.stem))
    if os.environ.get("UPDATE_CASES"):
        path.write_text(f"{given}{LINE}{lines}", encoding="utf-8")
    assert lines == expected
