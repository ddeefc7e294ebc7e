"""Sources, findings, files and codes."""

import os
import re
from pathlib import Path

import pytest
from attrs import evolve

from ctxschema import Finding, Severity
from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import FileError, FindingError
from ctxschema.core.files import read_text, write_text
from ctxschema.core.names import nearest, suggestion
from ctxschema.core.secret import Secret, quoted, shown
from ctxschema.core.source import Position, SourceText
from ctxschema.report.text import finding_lines, summary


def test_positions_count_lines_and_columns_from_one() -> None:
    source = SourceText("ab\ncd\n\né!", name="f")
    assert [source.line_and_column(at) for at in (0, 1, 2, 3, 6, 7, 8)] == [
        (1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (4, 1), (4, 2),
    ]  # fmt: skip
    assert str(source.at(4, 5)) == "f:2:2"
    assert source.line(4) == "é!"
    assert source.at(3, 5).as_dict() == {
        "source": "f", "line": 2, "column": 1, "end_line": 2, "end_column": 3, "start": 3, "end": 5,
    }  # fmt: skip


def test_a_position_in_a_cut_is_told_in_the_whole() -> None:
    whole = SourceText('A = "say \\"hi\\""', name="f")
    cut = SourceText('say "hi"', parent=whole, anchors=((0, 5), (4, 10), (7, 14)))
    inner = SourceText('"hi"', parent=cut, anchors=((0, 4),))
    assert whole.text[inner.at(1, 3).outermost.start : inner.at(1, 3).outermost.end] == "hi"
    assert str(inner.at(1, 3)) == "f:1:12"
    assert str(inner.at(0, 1)) == "f:1:11"


def test_a_source_without_lines() -> None:
    assert str(Position(SourceText("", name="environment"))) == "environment"
    assert Position(SourceText("", name="environment")).as_dict() == {"source": "environment"}


@pytest.mark.parametrize("code", codes.TABLE, ids=lambda code: code.id)
def test_every_code_is_complete(code: Code) -> None:
    assert re.fullmatch(r"CTX\d{3}", code.id)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
    assert code.reason.endswith(".")
    assert code.repair
    assert not code.repair.endswith(".")


def test_codes_are_told_apart() -> None:
    assert len({code.id for code in codes.TABLE}) == len({code.name for code in codes.TABLE}) == len(codes.TABLE)


def test_severities_have_an_order() -> None:
    assert sorted([Severity.INFO, Severity.ERROR, Severity.WARNING], key=lambda each: each.rank) == list(Severity)


TEMPLATE = SourceText('A = "1"\n\tGIVEN = "O|number|d| |0.8"\n', name="flower.tmpl")
FINDING = Finding(
    "CTX014", Severity.ERROR, "default 0.8 is bad", "GIVEN", position=TEMPLATE.at(20, 26), repair="write 1"
)


def test_a_finding_shows_its_line_with_a_mark_and_the_repair() -> None:
    assert list(finding_lines(FINDING)) == [
        "flower.tmpl:2:13: error CTX014: GIVEN: default 0.8 is bad",
        '        GIVEN = "O|number|d| |0.8"',
        "                   ^~~~~~ write 1",
    ]


def test_a_confidential_line_is_not_quoted() -> None:
    secret = evolve(TEMPLATE, confidential=True)
    assert list(finding_lines(evolve(FINDING, position=secret.at(20, 26)))) == [
        "flower.tmpl:2:13: error CTX014: GIVEN: default 0.8 is bad",
        "    write 1",
    ]


def test_long_lines_and_control_characters_are_tamed() -> None:
    source = SourceText("x" * 5000 + "\x1b[31m" + "y" * 5000, name="f")
    lines = list(finding_lines(Finding("CTX001", Severity.INFO, "m\x1b[0m", position=source.at(5000, 9000))))
    assert all(len(line) < 400 and line.isprintable() for line in lines)


def test_a_finding_at_the_end_of_the_text_has_a_mark() -> None:
    source = SourceText("A = [\n", name="f")
    assert list(finding_lines(Finding("CTX030", Severity.ERROR, "open", position=source.at(6, 6))))[2] == "    ^"


def test_the_summary_counts() -> None:
    assert summary([]) == "no findings"
    assert summary([FINDING, FINDING, evolve(FINDING, severity=Severity.INFO)]) == "2 errors, 1 remark"


def test_a_finding_as_an_exception() -> None:
    error = FindingError(FINDING)
    assert str(error) == "flower.tmpl:2:13: CTX014: default 0.8 is bad"
    assert error.findings == (FINDING,)


def test_secrets_print_as_stars() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret}{secret!r}{[secret]}"
    assert (bool(secret), bool(Secret("")), secret == Secret("hunter2"), secret == "hunter2") == (
        True,
        False,
        True,
        False,
    )
    assert len({secret, Secret("hunter2")}) == 1
    assert hash(secret) == hash("hunter2")
    assert (shown("hunter2", secret=True), shown("", secret=True)) == ("********", "")
    assert quoted("a\tb\x1b") == r"'a\tb\x1b'"
    assert shown("first\nSECRET=x") == "first... (14 characters)"


def test_nearest_names() -> None:
    assert nearest("fl_gpu_enabeld", ["FL_GPU_ENABLED", "FL_STRATEGY"]) == "FL_GPU_ENABLED"
    assert nearest("zzz", ["FL_STRATEGY"]) is None
    assert suggestion("FL_STRATEGIE", ["FL_STRATEGY"]) == "; did you mean FL_STRATEGY?"
    assert suggestion("zzz", ["FL_STRATEGY"]) == ""


def test_a_file_is_replaced_in_one_step_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_text(path, "one\r\n")
    assert path.read_bytes() == b"one\r\n"
    path.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(path)
    write_text(link, "two")
    assert (path.read_text(), path.stat().st_mode & 0o777, link.is_symlink()) == ("two", 0o600, True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "link"]


def test_a_file_that_cannot_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileError) as refused:
        write_text(tmp_path / "no" / "file", "x")
    assert refused.value.findings[0].code == codes.UNWRITABLE.id
    with pytest.raises(FileError):
        write_text(tmp_path, "x")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_written_to_as_it_is() -> None:
    read, write = os.pipe()  # not a device of the machine: make mutants runs this with code that is wrong
    write_text(f"/proc/self/fd/{write}", "x")
    os.close(write)
    with os.fdopen(read) as stream:
        assert stream.read() == "x"


def test_text_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "binary"
    path.write_bytes(b"A = 1\nB = \xff\xfe\x00")
    with pytest.raises(FileError) as refused:
        read_text(path)
    (finding,) = refused.value.findings
    assert finding.code == codes.NOT_TEXT.id
    assert "line 2" in finding.message
