"""A baseline tells new findings from known ones, even if lines move."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.core.errors import ConfigurationError
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import Position, SourceText
from ctxschema.lint.baseline import Baseline, entry_of, read_baseline
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


def test_the_file_to_the_letter(tmp_path: Path) -> None:
    (flag,) = [each for each in findings(INPUTS[:1]) if each.code == "CTX003"]
    nowhere = Finding("CTX144", Severity.WARNING, "nothing")
    baseline = Baseline(str(tmp_path / "base.json"))
    baseline.add(str(tmp_path / "b.tmpl"), [flag, nowhere, flag])
    baseline.add(str(tmp_path / "deep" / "a.tmpl"), [flag])
    baseline.add("-", [nowhere])
    baseline.write()
    assert baseline.size() == 5
    entry = '{"code": "CTX003", "variable": "A", "message": "flag \'0\' is neither M nor O", "line": "393b761b"'
    assert Path(baseline.path).read_text() == (
        '{\n  "version": 1,\n  "files": {\n'
        '    "-": [\n      {"code": "CTX144", "variable": "", "message": "nothing", "line": ""}\n    ],\n'
        f'    "b.tmpl": [\n      {entry}, "count": 2}},\n'
        '      {"code": "CTX144", "variable": "", "message": "nothing", "line": ""}\n    ],\n'
        f'    "deep/a.tmpl": [\n      {entry}}}\n    ]\n  }}\n}}\n'
    )
    assert read_baseline(baseline.path) == baseline


def test_a_line_that_nobody_may_see_has_no_hash() -> None:
    secret = SourceText("PASSWORD='opensesame'", "context.sh", confidential=True)
    where = [SourceText("A='x'").at(0, 1), SourceText(" A = 'x' ").at(0, 1), secret.at(0, 1), Position(secret)]
    hashes = [entry_of(Finding("CTX144", Severity.WARNING, "nothing", position=each))[3] for each in where]
    assert hashes == ["5bf263db", "5bf263db", "", ""]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"version": 2, "files": {}}', "it is of version 2, and this is version 1"),
        ("{}", "KeyError: 'version'"),
        ("[]", "TypeError: list indices must be integers or slices, not str"),
        ('{"version": 1, "files": []}', "AttributeError: 'list' object has no attribute 'items'"),
        ('{"version": 1, "files": {"a": [{"code": "CTX001"}]}}', "KeyError: 'variable'"),
    ],
)
def test_why_it_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "base.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        read_baseline(str(path))
    (finding,) = refused.value.findings
    assert finding.message == f"{path} is no baseline: {message}"
    assert str(finding.origin) == f"{path}:1:1"


def test_a_baseline_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_baseline(str(tmp_path / "base.json"))
    assert [each.code for each in refused.value.findings] == ["CTX050"]


def test_of_identical_findings_more_than_are_known_are_new(tmp_path: Path) -> None:
    (flag,) = [each for each in findings(INPUTS[:1]) if each.code == "CTX003"]
    moved = Finding(flag.code, flag.severity, flag.message, flag.variable, position=SourceText("other").at(0, 1))
    baseline = written(tmp_path, (flag, flag, flag))
    path = str(tmp_path / "a.tmpl")
    assert baseline.new(path, [moved, flag]) == ((), 1)
    assert baseline.new(path, [moved, flag, flag, flag]) == ((moved,), 0)
    assert baseline.new(path, [moved] * 5) == ((moved, moved), 0)
    assert baseline.new(path, []) == ((), 3)


def test_known_findings_whose_lines_changed_are_known_together(tmp_path: Path) -> None:
    (flag,) = [each for each in findings(INPUTS[:1]) if each.code == "CTX003"]
    first, second, moved = (
        Finding(flag.code, flag.severity, flag.message, flag.variable, position=SourceText(text).at(0, 1))
        for text in ("first", "second", "other")
    )
    baseline = written(tmp_path, (first, second))
    assert baseline.new(str(tmp_path / "a.tmpl"), [moved, moved]) == ((), 0)


def test_an_entry_that_was_written_twice_counts_twice(tmp_path: Path) -> None:
    (flag,) = [each for each in findings(INPUTS[:1]) if each.code == "CTX003"]
    baseline = written(tmp_path, (flag,))
    data = json.loads(Path(baseline.path).read_text())
    data["files"]["a.tmpl"] *= 2  # as a merge of two branches leaves it
    Path(baseline.path).write_text(json.dumps(data))
    assert read_baseline(baseline.path).size() == 2


def test_a_baseline_without_findings_reads_as_one(tmp_path: Path) -> None:
    assert written(tmp_path, ()).files == {}
    assert (tmp_path / "base.json").read_text() == '{\n  "version": 1,\n  "files": {}\n}\n'
