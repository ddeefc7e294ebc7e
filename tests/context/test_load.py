"""Reading contexts: context.sh, one_env, the environment and mappings."""

import os
import threading
from pathlib import Path

import pytest

from ctxschema import Severity, load_context
from ctxschema.context.load import read_context
from ctxschema.context.raw import RawContext
from ctxschema.core import codes
from ctxschema.core.errors import CtxschemaError, FileError
from ctxschema.core.files import LARGEST_FILE
from ctxschema.core.source import SourceText


def read(text: str) -> RawContext:
    return read_context(SourceText(text, name="context"))


def texts(context: RawContext) -> dict[str, str | None]:
    return {name: value.text for name, value in context.values.items()}


def found(context: RawContext) -> list[tuple[str, str | None, str | None]]:
    return [(finding.code, finding.variable, finding.origin) for finding in context.findings]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("A='1'\n", "context.sh"),
        ("# comment\n\nA='1'\n", "context.sh"),
        ('export A="1"\n', "one_env"),
        ('# comment\r\n\nexport A="1"\n', "one_env"),
        ("S='#!/bin/sh\nexport A=\"1\"'\nA='2'\n", "context.sh"),
        ("export S=\"A='1'\n\"\n", "one_env"),
        ("", "context.sh"),
    ],
)
def test_the_format_is_told_by_what_the_file_holds(text: str, form: str) -> None:
    assert read(text).format == form


def test_values_keep_what_a_shell_would_run() -> None:
    text = "A='$(touch /tmp/pwned)`id`${HOME}\\'\nB='it'\\''s'\nC='two\nlines'\n"
    assert texts(read(text)) == {"A": "$(touch /tmp/pwned)`id`${HOME}\\", "B": "it's", "C": "two\nlines"}


def test_one_env_is_never_evaluated(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    context = read(f'export A="$(touch {mark})"\nexport B="x`touch {mark}`"\n')
    assert texts(context) == {"A": f"$(touch {mark})", "B": f"x`touch {mark}`"}
    assert not mark.exists()


def test_every_fault_of_a_context_sh_is_found_with_its_place() -> None:
    text = "A='1'\nB=\"2\"\nC=3\nexport D='4'\nnonsense\nmore\nE='5' x\nF='6'\nG='open\nH='8'\n"
    context = read(text)
    assert found(context) == [
        (codes.CONTEXT_SYNTAX.id, "B", "context:2:1"),
        (codes.CONTEXT_SYNTAX.id, "C", "context:3:1"),
        (codes.CONTEXT_SYNTAX.id, "D", "context:4:1"),
        (codes.CONTEXT_SYNTAX.id, None, "context:5:1"),
        (codes.CONTEXT_SYNTAX.id, "E", "context:7:1"),
        (codes.CONTEXT_SYNTAX.id, "G", "context:9:1"),
    ]
    assert texts(context) == {"A": "1", "B": None, "C": None, "D": None, "E": None, "F": "6", "G": None, "H": "8"}


@pytest.mark.parametrize("text", ["# Title\n\nSome text.\n\nMore of it.\n", '{"a": 1}', "A = [ B = 1 ]\nC = 2\n"])
def test_a_file_that_is_no_context_is_one_finding(text: str) -> None:
    (finding,) = read(text).findings
    assert finding.code == codes.CONTEXT_SYNTAX.id
    assert "no context.sh" in finding.message


def test_faults_never_quote_a_value() -> None:
    context = read("FL_SSL_KEYFILE=hunter2\nFL_SSL_KEYFILE='hunter2' hunter2\nFL_X='hunter2\n")
    assert context.findings
    assert "hunter2" not in repr(context)
    assert "hunter2" not in str([finding.as_dict() for finding in context.findings])


def test_faults_of_a_one_env_are_found() -> None:
    context = read('export A="1"\nexport B="2\nexport C-D="3"\nexport E="4" x\n')
    assert [variable for _, variable, _ in found(context)] == ["B", None, "E"]
    assert texts(context) == {"A": "1", "B": None, "E": "4"}


def test_a_name_that_stands_twice_is_an_error_and_the_last_counts() -> None:
    context = read("A='1'\nB='x'\nA='2'\n")
    (finding,) = context.findings
    assert (finding.code, finding.severity, finding.origin) == (
        codes.CONTEXT_DUPLICATE.id,
        Severity.ERROR,
        "context:3:1",
    )
    assert "context:1:1" in finding.message
    assert texts(context)["A"] == "2"


def test_one_env_repeats_names_itself() -> None:
    assert read('export VMID="7"\nexport A="1"\nexport VMID="7"\n').findings == ()
    assert len(read('export VMID="7"\nexport VMID="8"\n').findings) == 1


@pytest.mark.parametrize("text", ["A='1'\r\nB='2'\r\n", 'export A="1"\r\nexport B="2"\r\n'])
def test_crlf_is_one_error_and_the_values_are_read_all_the_same(text: str) -> None:
    context = read(text)
    assert [finding.code for finding in context.findings] == [codes.CONTEXT_CRLF.id]
    assert texts(context) == {"A": "1", "B": "2"}


def test_a_nul_is_an_error_that_names_the_variable() -> None:
    (finding,) = read("A='1'\nB='x\0y'\n").findings
    assert (finding.code, finding.variable) == (codes.CONTEXT_NUL.id, "B")


def test_an_empty_file_is_worth_a_warning() -> None:
    (finding,) = read("# nothing\n").findings
    assert (finding.code, finding.severity) == (codes.CONTEXT_EMPTY.id, Severity.WARNING)


def test_a_value_that_is_not_utf8_stops_nobody_but_its_variable(tmp_path: Path) -> None:
    path = tmp_path / "context.sh"
    path.write_bytes(b"SSH_PUBLIC_KEY='caf\xe9'\nFL_STRATEGY='caf\xe9'\n")
    from ctxschema import get_appliance, validate

    (finding,) = validate(get_appliance("flower-superlink"), load_context(path)).findings
    assert (finding.code, finding.variable) == (codes.CONTEXT_ENCODING.id, "FL_STRATEGY")


def test_the_environment_and_mappings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FL_STRATEGY", "Krum")
    assert load_context(os.environ).format == "environment"
    assert texts(load_context(os.environ))["FL_STRATEGY"] == "Krum"
    mapping = load_context({"A": True, "B": 3, "C": 0.5, "D": None, "E": "x"})
    assert (mapping.format, texts(mapping)) == ("mapping", {"A": "YES", "B": "3", "C": "0.5", "D": "", "E": "x"})


@pytest.mark.parametrize("mapping", [{1: "x"}, {"A": ["x"]}, {"A": b"x"}])
def test_a_mapping_of_something_else_is_refused(mapping: dict[str, object]) -> None:
    with pytest.raises(CtxschemaError):
        load_context(mapping)


def test_what_cannot_be_read_is_an_error_with_a_finding(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    for path, code in [
        (tmp_path / "missing", codes.UNREADABLE),
        (tmp_path, codes.UNREADABLE),
        (large, codes.TOO_LARGE),
    ]:
        with pytest.raises(FileError) as refused:
            load_context(path)
        (finding,) = refused.value.findings
        assert finding.code == code.id
        assert str(path) in finding.message


def test_banners_and_long_comments_cost_nothing() -> None:
    for text in ("#" * 100_000 + "\nexport foo", "# \t" * 50_000 + "\nx", "\n \n" * 50_000 + "export A"):
        read(text)


def test_many_faults_and_many_line_ends_cost_no_more_than_other_text() -> None:
    text = "".join(f'export A{n}="x"y\n' for n in range(20_000)) + "".join(
        f'export B{n}="x"\r\n' for n in range(20_000)
    )
    assert len(read(text).findings) == 20_001


def test_a_certificate_of_line_ends_costs_nothing() -> None:
    from ctxschema import get_appliance, validate

    text = "-----BEGIN CERTIFICATE-----" + "\n" * 500_000 + "x"
    assert not validate(
        get_appliance("flower-superlink"), load_context({"FL_TLS_ENABLED": "YES", "FL_SSL_CA_CERTFILE": text})
    ).ok


def test_a_pipe_to_which_nobody_writes_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setattr("ctxschema.core.files.PIPE_SECONDS", 0.1)
    with pytest.raises(FileError, match="nobody has written"):
        load_context(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text("A='1'\n"))
    monkeypatch.setattr("ctxschema.core.files.PIPE_SECONDS", 10)
    writer.start()
    assert texts(load_context(pipe)) == {"A": "1"}
    writer.join()


def test_a_large_context_is_read(tmp_path: Path) -> None:
    path = tmp_path / "context.sh"
    path.write_text("".join(f"V{number}='{'x' * 100}'\n" for number in range(10_000)) + f"BIG='{'y' * 1_000_000}'\n")
    context = load_context(path)
    assert len(context.values) == 10_001
    assert context.findings == ()
