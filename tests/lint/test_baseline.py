"""A baseline tells new findings from known ones, even if lines move."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.core.errors import ConfigurationError
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText
from ctxschema.lint.baseline import Baseline, read_baseline
from ctxschema.lint.linter import _everything
from ctxschema.lint.readers import read_named

HEAD = 'CPU = "1"\nMEMORY = "512"\n'
INPUTS = ['A = "0|text|A| |x"', 'B = "x|text|B| |x"', 'C = "O|number|C| |a"', 'D = "O|lisst|D|a,b|a"']


def findings(inputs: list[str], blanks: int = 0) -> tuple[Finding, ...]:
    lines = "\n" * blanks + ",\n".join(f"  {each}" for each in inputs)
    return everything(f"{HEAD}{'# more' * blanks}\nUSER_INPUTS = [\n{lines}\n]\n")


def everything(text: str) -> tuple[Finding, ...]:
    """Return the findings of a template, not joined by cause."""
    return _everything(read_named(SourceText(text, "a.tmpl")))


def written(tmp_path: Path, known: tuple[Finding, ...]) -> Baseline:
    baseline = Baseline(str(tmp_path / "base.json"))
    baseline.add(str(tmp_path / "a.tmpl"), known)
    baseline.write()
    return read_baseline(baseline.path)


@given(st.permutations(INPUTS), st.integers(0, 5))
def test_nothing_is_new_where_lines_moved(
    tmp_path_factory: pytest.TempPathFactory, moved: list[str], blanks: int
) -> None:
    folder = tmp_path_factory.mktemp("baseline")
    baseline = written(folder, findings(INPUTS))
    again = [each for each in findings(moved, blanks) if each.code != "CTX122"]  # which is about the order
    assert len(again) >= len(INPUTS)
    assert baseline.new(str(folder / "a.tmpl"), again)[0] == ()


def test_what_is_new_is_told_and_what_is_gone_is_counted(tmp_path: Path) -> None:
    baseline = written(tmp_path, findings(INPUTS[:2]))
    new, gone = baseline.new(str(tmp_path / "a.tmpl"), findings([INPUTS[0], INPUTS[2]]))
    assert {each.variable for each in new} & {"A", "B", "C"} == {"C"}
    assert gone >= 1


def test_another_file_is_not_known(tmp_path: Path) -> None:
    old = findings(INPUTS[:1])
    assert written(tmp_path, old).new(str(tmp_path / "b.tmpl"), old) == (old, 0)


def test_of_several_alike_the_new_one_is_told(tmp_path: Path) -> None:
    def alike(*values: str) -> tuple[Finding, ...]:
        text = "".join(f'X = "{value} \x01"\n' for value in values)
        return tuple(each for each in everything(HEAD + text) if "control" in each.message)

    baseline = written(tmp_path, alike("old"))
    (new,), gone = baseline.new(str(tmp_path / "a.tmpl"), alike("new", "old"))
    assert str(new.origin).startswith("a.tmpl:3:")
    assert gone == 0


def test_one_entry_forgives_once(tmp_path: Path) -> None:
    (one,) = [each for each in findings(INPUTS[:1]) if each.code == "CTX003"]
    assert written(tmp_path, (one,)).new(str(tmp_path / "a.tmpl"), [one, one])[0] == (one,)
    assert written(tmp_path, (one, one)).new(str(tmp_path / "a.tmpl"), [one, one])[0] == ()


def test_a_file_without_findings_leaves_it(tmp_path: Path) -> None:
    baseline = written(tmp_path, findings(INPUTS))
    baseline.add(str(tmp_path / "a.tmpl"), [])
    assert baseline.size() == 0
    baseline.write()
    assert read_baseline(baseline.path).files == {}


def test_it_reads_well_and_holds_no_secret(tmp_path: Path) -> None:
    reported = everything(f'{HEAD}USER_INPUTS = [ P = "0|password|P| |opensesame" ]\n')
    text = Path(written(tmp_path, reported).path).read_text()
    assert "opensesame" not in text
    entries = json.loads(text)["files"]["a.tmpl"]
    assert sum(line.lstrip().startswith('{"code"') for line in text.splitlines()) == len(entries)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 2, "files": {}}', '{"version": 1, "files": {"a": [1]}}', "[" * 100_000, "null"],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "base.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        read_baseline(str(path))
    assert refused.value.findings[0].code == "CTX243"
