"""Whatever stands in a folder, everything else in it is linted."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.files import LARGEST_FILE
from ctxschema.core.source import SourceText
from ctxschema.lint.linter import Request, Result, lint_file, lint_text
from ctxschema.lint.walk import walk
from tests.conftest import Ended

GOOD = 'USER_INPUTS = [ PORT = "0|number|Port| |80" ]\n'


def lint(*paths: Path) -> dict[str, Result]:
    results = (lint_file(found, Request()) for found in walk(map(str, paths)))
    return {os.path.basename(result.path): result for result in results if result is not None}


def found(result: Result) -> set[str]:
    return {finding.code for finding in result.findings}


def test_a_folder_of_horrors(tmp_path: Path) -> None:
    (tmp_path / "good.tmpl").write_text(GOOD)
    (tmp_path / "binary.yaml").write_bytes(os.urandom(1000) + b"\xff\x00")
    (tmp_path / "broken.yaml").write_bytes(b"user_inputs:\n  A: '\xff\xfe'\n")
    (tmp_path / "bom.tmpl").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "again").symlink_to(".")
    (tmp_path / "gone.json").symlink_to("nowhere")
    (tmp_path / "same.tmpl").symlink_to("good.tmpl")
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "large.tmpl").touch()
    os.truncate(tmp_path / "large.tmpl", LARGEST_FILE + 1)
    (tmp_path / "empty.yaml").touch()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "good.tmpl").write_text(GOOD)
    results = lint(tmp_path)
    assert {name: found(result) for name, result in results.items()} == {
        "good.tmpl": {codes.FLAG.id},
        "bom.tmpl": {codes.FLAG.id, codes.DROPPED.id},
        "broken.yaml": {codes.NOT_TEXT.id},
        "loop.yaml": {codes.LINK_LOOP.id},
        "again": {codes.LINK_LOOP.id},
        "gone.json": {codes.UNREADABLE.id},
        "pipe.yaml": {codes.UNREADABLE.id},
        "large.tmpl": {codes.TOO_LARGE.id},
    }


PIECES = [
    *"|\\\"'[]{}=,#$ \t\n\r<>aA1_.-:`&*?!",
    *(
        "$A",
        "${",
        "$(",
        "||",
        '\\"',
        "]]>",
        " =",
        "A=",
        "- ",
        "<!--a-->",
        "<!--",
        "<?a?>",
        "<!DOCTYPE a [x]>",
        "<!DOCTYPE a [",
    ),
    *("#a\n", "{{", "{%", "<%", "A=1 ", "[A=", "A:\n", "&a *a ", "? ", "| a ", "A=[B=1] ", "<A>", "<![CDATA[", "'\\''"),
    *("${A:-", "cat <<E\n", "case x in\n", "\ufeff", "A='1'\n", 'A="1"\n', "[\n", "=begin\n", "#{", "@^_^"),
]


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("name", ["a.tmpl", "context.sh", "a.yaml", "a.sh", "a.json", "a.rb", "a.xml", "a"])
def test_no_piece_that_is_repeated_costs_more_than_its_length(name: str) -> None:
    for piece in PIECES:
        lint_text(SourceText(piece * (20_000 // len(piece)), name))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "a.tmpl").write_text(GOOD)
    (tmp_path / "a.tmpl").chmod(0)
    assert found(lint(tmp_path)["a.tmpl"]) == {codes.UNREADABLE.id}


def test_a_folder_deeper_than_calls_may_be(tmp_path: Path) -> None:
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(300):
            os.mkdir("d")
            os.chdir("d")
        Path("good.tmpl").write_text(GOOD)
    finally:
        os.chdir(here)
    assert "good.tmpl" in lint(tmp_path)


BILLION = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{number}: &a{number} [{','.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 40)
)


XML_BOMB = (
    '<!DOCTYPE VM [<!ENTITY e0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 9))
    + "]><VM><CONTEXT>&e8;</CONTEXT></VM>"
)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.yaml", BILLION + "user_inputs: *a39\n", codes.ALIASES),
        ("a.yaml", "user_inputs: &a {A: 'O|text|x| |y', B: *a}\n", codes.ALIASES),
        ("a.yaml", "user_inputs: " + "[" * 100_000, codes.TOO_DEEP),
        ("a.yaml", "".join(" " * depth + "user_inputs:\n" for depth in range(500)), codes.TOO_DEEP),
        ("a.json", '{"roles": [], "user_inputs": ' + "[" * 100_000, codes.TOO_DEEP),
        ("a.json", '{"roles": [], "user_inputs": {"A": "O|text|x| |y", "A": "O|text|x| |z"}}', codes.DUPLICATE_KEY),
        ("a.yaml", "user_inputs:\n  A: 'O|text|x| |y'\n  A: 'O|text|x| |z'\n", codes.DUPLICATE_KEY),
        ("a.json", '{"user_inputs": "' + "\\" * 999_999, codes.JSON_SYNTAX),
        ("a.json", '{"user_inputs": "\\ud800\\q"}', codes.JSON_SYNTAX),
        ("a.yaml", "user_inputs: !!python/object/apply:os.system [id]\n  - x", codes.YAML_SYNTAX),
        ("a.sh", "ONE_SERVICE_PARAMS=(" + "\\'" * 500_000, codes.PARAMS_COUNT),
        ("a.tmpl", 'USER_INPUTS = [ A = "' + "|" * 1_000_000 + '" ]', codes.PIPE),
        ("a.tmpl", 'USER_INPUTS = [ A = "' + '\\"' * 500_000 + '" ]', codes.PART_COUNT),
        ("a.tmpl", "USER_INPUTS = [ " + "A = [ " * 100_000, codes.SYNTAX),
        ("a.xml", "<T><USER_INPUTS><A>" + "x\n" * 300_000 + "</A></USER_INPUTS></T>", codes.PART_COUNT),
        ("a.xml", XML_BOMB, codes.XML_DOCTYPE),
        ("a.tmpl", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', codes.XML_DOCTYPE),
        ("a.xml", f'<?xml version="1.0"?><!-- <!DOCTYPE -->{XML_BOMB}', codes.XML_DOCTYPE),
    ],
)
def test_a_bomb_is_a_finding(name: str, text: str, code: Code) -> None:
    begun = time.process_time()
    assert code.id in {finding.code for finding in lint_text(SourceText(text, name=name))}
    assert time.process_time() - begun < 10


ORDER = ",".join(f"N{number}" for number in range(16_000))


@pytest.mark.parametrize(
    "order",
    [ORDER, ORDER.lower(), "a," * 50_000, "," * 100_000, ",".join(f"INPUT_{number}" for number in range(2000))],
)
def test_a_long_order_takes_no_longer_than_its_length(ctx: Callable[..., Ended], tmp_path: Path, order: str) -> None:
    inputs = ",".join(f'INPUT_{number} = "M|text|a| |"' for number in range(1000))
    (tmp_path / "a.tmpl").write_text(f'USER_INPUTS = [ A = "O|text|a| |x", {inputs} ]\nINPUTS_ORDER = "{order}"\n')
    begun = time.process_time()
    ended = ctx("lint", "--diff", "--format", "json", str(tmp_path / "a.tmpl"))
    assert time.process_time() - begun < 2  # a second, on a machine that does nothing else
    assert len([each for each in ended.json["findings"] if each["code"] in ORDER_CODES]) < 300


ORDER_CODES = {codes.ORDER_UNKNOWN.id, codes.ORDER_CASE.id, codes.ORDER_REPEATED.id, codes.ORDER_INCOMPLETE.id}
