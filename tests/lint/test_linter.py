"""Files that cannot be read, repairs that are written, and how much is reported of what is found."""

import os
from pathlib import Path
from unittest import mock

import pytest

from ctxschema.core import codes
from ctxschema.core.errors import FileError
from ctxschema.core.files import read_text
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.lint import linter
from ctxschema.lint.baseline import Baseline
from ctxschema.lint.cache import Judged
from ctxschema.lint.document import Document, Kind
from ctxschema.lint.drift import drift
from ctxschema.lint.linter import Request, Result, lint_document, lint_file, lint_files, lint_text, write_repairs
from ctxschema.lint.selection import Selection
from ctxschema.lint.walk import Found, walk
from ctxschema.model.appliance import Appliance
from ctxschema.model.kinds import TEXT
from ctxschema.model.variable import Variable
from tests.said import said

MACHINE = 'CPU = "1"\nMEMORY = "512"\n'
FAULTY = MACHINE + 'USER_INPUTS = [ A = "0|text|A| |x", B = "O|text|B" ]\nCONTEXT = [ A = "$A", B = "$B" ]\n'
MENDED = FAULTY.replace('"0|', '"O|').replace('"O|text|B"', '"O|text|B| |"')
APPLIANCE = Appliance("x", "x", "x", (Variable("A", TEXT),))
EVERYTHING = Selection(select=frozenset({"ALL"}))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def linted(found: Found, request: Request | None = None) -> Result:
    result = lint_file(found, request or Request())
    assert result is not None
    return result


# ---- what cannot be read ----


def test_a_named_file_that_is_not_there() -> None:
    result = linted(Found("gone.tmpl", named=True))
    assert (result.path, result.kind, result.source, result.repaired) == ("gone.tmpl", None, None, None)
    assert list(map(said, result.findings)) == [
        "error CTX050 - -: gone.tmpl cannot be read: No such file or directory => check the path and its permissions"
    ]
    assert result.reported.apart == result.findings
    (finding,) = linted(Found("gone.tmpl", named=True, name="shown.tmpl")).findings
    assert finding.code == codes.UNREADABLE.id
    assert linted(Found("gone.tmpl", named=True, name="shown.tmpl")).path == "shown.tmpl"


@pytest.mark.parametrize(
    ("name", "data", "named", "reported"),
    [
        ("a.tmpl", b"\xff", False, True),
        ("a.one", b"\xff", False, True),
        ("a.tpl", b"\xff", False, False),
        ("a.tpl", b"\xff user_inputs", False, True),
        ("a.yaml", b"\xff", False, False),
        ("a.yaml", b"\xff USER_INPUTS", False, True),
        ("a.json", b'{"custom_attrs": "\xff"}', False, True),
        ("a.sh", b"\xff user_inputs", False, False),
        ("a.txt", b"\xff user_inputs", False, False),
        ("a.txt", b"\xff user_inputs", True, True),
        ("a.yaml", b"\xff" + b" " * (1 << 20) + b"user_inputs", False, False),
    ],
)
def test_a_file_that_is_no_text(name: str, data: bytes, *, named: bool, reported: bool) -> None:
    Path(name).write_bytes(data)
    result = lint_file(Found(name, named=named), Request())
    assert (result is not None) == reported
    if result is not None:
        assert [each.code for each in result.findings] == [codes.NOT_TEXT.id]


def test_what_the_search_found_out_is_reported_as_it_is() -> None:
    finding = codes.LINK_LOOP.at("a leads back")
    for severity, selection, shown, hidden in (
        (Severity.ERROR, Selection(least=Severity.ERROR), 1, 0),
        (Severity.ERROR, Selection(select=frozenset({"CTX003"})), 1, 0),
        (Severity.WARNING, Selection(), 1, 0),
        (Severity.WARNING, Selection(least=Severity.ERROR), 0, 1),
        (Severity.WARNING, Selection(select=frozenset({"CTX003"})), 0, 0),
    ):
        found = Found("a", named=False, finding=Finding(finding.code, severity, finding.message))
        result = linted(found, Request(selection))
        assert (len(result.findings), len(result.reported.apart), result.reported.hidden) == (shown, shown, hidden)
        assert (result.path, result.kind) == ("a", None)


def test_a_comparison_names_what_it_cannot_read() -> None:
    Path("a").mkdir()
    Path("a/gone.tmpl").symlink_to("nowhere")
    Path("a/b.tmpl").write_text('USER_INPUTS = [ A = "O|text|A| |" ]\n')
    compared, findings = drift(APPLIANCE, ["a"])
    assert compared == ["a/b.tmpl"]
    assert [each.message for each in findings] == ["a/gone.tmpl cannot be read: No such file or directory"]
    with pytest.raises(FileError):
        drift(APPLIANCE, ["none.tmpl"])


# ---- what is reported ----


def test_the_numbers_of_what_is_not_reported(folder: Path) -> None:
    text = FAULTY.replace("CONTEXT =", "# ctxschema: ignore CTX126\nCONTEXT =").replace('"$B"', '"$C"')
    Path("a.tmpl").write_text(text)
    every = linted(Found("a.tmpl", named=True), Request(EVERYTHING)).reported
    assert [each.code for each in every.findings] == ["CTX003", "CTX125", "CTX002"]
    assert (every.hidden, every.ignored, every.known, every.gone) == (0, 1, 0, 0)
    some = linted(Found("a.tmpl", named=True), Request(Selection(least=Severity.WARNING))).reported
    assert (len(some.findings), some.hidden, some.ignored) == (2, 1, 1)
    baseline = Baseline(str(folder / "base.json"))
    baseline.add("a.tmpl", [every.findings[0], codes.NO_CAPACITY.at("gone")])
    new = linted(Found("a.tmpl", named=True), Request(EVERYTHING, baseline)).reported
    assert [each.code for each in new.findings] == ["CTX125", "CTX002"]
    assert (new.hidden, new.ignored, new.known, new.gone) == (0, 1, 1, 1)


def test_a_text_is_linted_as_a_file() -> None:
    document, findings = lint_document(SourceText(FAULTY, "a.tmpl"))
    assert document.source.text == FAULTY
    assert list(map(said, lint_text(SourceText(FAULTY, "a.tmpl")))) == list(map(said, findings))
    assert [each.code for each in findings] == ["CTX003", "CTX002"]
    only = lint_text(SourceText(FAULTY, "a.tmpl"), Selection(select=frozenset({"CTX002"})))
    assert [each.code for each in only] == ["CTX002"]


# ---- repairs ----


def test_what_is_repaired_is_written() -> None:
    Path("a.tmpl").write_text(FAULTY)
    result = linted(Found("a.tmpl", named=True), Request(repair=True))
    assert Path("a.tmpl").read_text() == FAULTY
    assert result.repaired is not None
    assert not result.repaired.written
    after = write_repairs(result)
    assert Path("a.tmpl").read_text() == MENDED
    assert after.written
    assert after.findings == ()
    assert [each.code for each in after.repairs] == ["CTX003", "CTX002"]
    assert after.path == "a.tmpl"


def test_nothing_is_written_where_nothing_is_repaired() -> None:
    Path("a.tmpl").write_text(MENDED)
    before = os.stat("a.tmpl").st_ino
    result = linted(Found("a.tmpl", named=True), Request(repair=True))
    assert result.repaired is None
    assert write_repairs(result) is result
    assert os.stat("a.tmpl").st_ino == before
    Path("a.tmpl").write_text(FAULTY)
    assert linted(Found("a.tmpl", named=True), Request()).repaired is None


@pytest.mark.parametrize(
    ("after", "made"),
    [
        (Judged(Kind.TEMPLATE), True),
        (Judged(Kind.SCRIPT), False),
        (Judged(None), False),
        (Judged(Kind.TEMPLATE, ours=False), False),
        (Judged(None, ours=False), False),
    ],
)
def test_a_repair_makes_no_other_kind_of_file(after: Judged, *, made: bool) -> None:
    Path("a.tmpl").write_text(FAULTY)
    looked = linter._judged

    def judged(source: SourceText, document: Document | None) -> Judged:
        return looked(source, document) if source.text == FAULTY else after

    with mock.patch.object(linter, "_judged", judged):
        result = linted(Found("a.tmpl", named=True), Request(repair=True))
    assert (result.repaired is not None) == made
    # What cannot be repaired is not suggested either.
    assert any(each.edits for each in result.findings) == made


def test_of_two_repairs_the_one_that_makes_no_other_kind_of_file_is_made() -> None:
    Path("a.tmpl").write_text(FAULTY)
    looked = linter._judged

    def judged(source: SourceText, document: Document | None) -> Judged:
        return Judged(Kind.SCRIPT) if '"O|text|B| |"' in source.text else looked(source, document)

    with mock.patch.object(linter, "_judged", judged):
        repaired = linted(Found("a.tmpl", named=True), Request(repair=True)).repaired
    assert repaired is not None
    assert [(each.code, each.edits) for each in repaired.findings] == [("CTX002", ())]
    assert [each.code for each in repaired.repairs] == ["CTX003"]


def test_findings_come_by_their_place_and_their_severity() -> None:
    Path("a.tmpl").write_text(FAULTY)
    text = read_text("a.tmpl")
    findings = [
        Finding("CTX001", Severity.WARNING, "late", position=text.at(3)),
        Finding("CTX002", Severity.WARNING, "first", position=text.at(0)),
        Finding("CTX003", Severity.ERROR, "nowhere"),
        Finding("CTX004", Severity.ERROR, "late", position=text.at(3)),
    ]
    with mock.patch.object(linter, "_judged", return_value=Judged(Kind.TEMPLATE, tuple(findings))):
        result = linted(Found("a.tmpl", named=True), Request(EVERYTHING))
    assert [each.code for each in result.findings] == ["CTX003", "CTX002", "CTX004", "CTX001"]


def test_a_file_under_another_name() -> None:
    Path("a.tmpl").write_text(FAULTY)
    result = linted(Found("a.tmpl", named=True, name="shown.tmpl"))
    assert result.path == "shown.tmpl"
    assert {str(each.origin).split(":")[0] for each in result.findings} == {"shown.tmpl"}


def test_scripts_beside_a_template_come_last() -> None:
    Path("a.tmpl").write_text(MENDED.replace("B =", "ONEAPP_A_B_C =").replace('"$B"', '"$ONEAPP_A_B_C"'))
    Path("appliance.sh").write_text("echo $ONEAPP_A_B_C $ONEAPP_NEW\n")
    (Path("b") / "c").mkdir(parents=True)
    Path("b/z.tmpl").write_text(MENDED)
    results = [each for each in lint_files(walk(["."]), lambda _found: Request()) if each is not None]
    assert [(each.path, [finding.code for finding in each.findings]) for each in results] == [
        ("a.tmpl", ["CTX228"]),
        ("b/z.tmpl", []),
        ("appliance.sh", ["CTX227"]),
    ]
    asked: list[tuple[str, bool]] = []

    def request_of(found: Found) -> Request:
        asked.append((found.path, found.named))
        return Request()

    assert len(list(lint_files([Found("a.tmpl", named=True)], request_of))) == 2
    assert asked == [("a.tmpl", True), ("appliance.sh", False)]
    selection = Selection(ignore=frozenset({"CTX227"}))
    assert [each.path for each in lint_files(walk(["."]), lambda _found: Request(selection)) if each] == [
        "a.tmpl",
        "b/z.tmpl",
    ]


def test_what_does_not_fit_a_script_is_left_when_the_rest_is_repaired() -> None:
    Path("a.tmpl").write_text(FAULTY.replace("B =", "ONEAPP_A_B_C =").replace('"$B"', '"$ONEAPP_A_B_C"'))
    Path("appliance.sh").write_text("echo $ONEAPP_A_B_C\n")
    (result,) = lint_files([Found("a.tmpl", named=True)], lambda _found: Request(repair=True))
    assert result is not None
    assert [each.code for each in result.findings] == ["CTX228", "CTX003", "CTX002"]
    assert result.repaired is not None
    assert [each.code for each in result.repaired.findings] == ["CTX228"]
    assert [each.code for each in result.repaired.reported.apart] == ["CTX228"]


def test_only_what_is_named_is_read_with_a_time_limit() -> None:
    Path("a.tmpl").write_text(FAULTY)
    with mock.patch("ctxschema.core.timed.in_time", side_effect=lambda work, _seconds: work()) as limited:
        linted(Found("a.tmpl", named=False))
        assert not limited.called
        linted(Found("a.tmpl", named=True))
        assert limited.called
