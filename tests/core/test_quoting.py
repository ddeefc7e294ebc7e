"""Each way of writing a text down, held against the program that reads it."""

import ast
import json
import math
import re
import shlex
import shutil
import subprocess

import hcl2
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxschema.core.quoting import (
    comment,
    hcl_string,
    json_text,
    python_docstring,
    python_string,
    shell_command,
    shell_word,
    yaml_key,
    yaml_string,
)
from ctxschema.report.shell import folded

SHELLS = [shell for shell in ("bash", "dash") if shutil.which(shell)]
NASTY = ["'", '"', "\\", "`", "$", "${", "%{", "}", "$(touch canary)", "#", "\n", "\r", "\t", " ", "!", "~", "*", "-n"]
NASTY += [
    '"""',
    "\u2028",
    "\u202e",
    "\x85",
    "\x0c",
    "\x1b",
    "\x7f",
    "NO",
    "null",
    "0x1",
    ": ",
    "- ",
    "{{",
    "\U0001d41e",
]
ANY = st.text(st.characters()) | st.lists(st.sampled_from(NASTY)).map("".join)
UNICODE = st.text() | st.lists(st.sampled_from(NASTY)).map("".join)
WITHOUT_NUL = UNICODE.map(lambda text: text.replace("\0", ""))


def shell_reads(shell: str, words: list[str]) -> list[str]:
    """Hand a shell words in its own language; return what it takes them for."""
    script = "printf '%s\\0' " + " ".join(words) + "\n"
    ended = subprocess.run([shell], input=script.encode(), capture_output=True, check=True)
    assert ended.stderr == b""
    return ended.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=40)
@given(st.lists(WITHOUT_NUL, min_size=1, max_size=20))
def test_a_shell_reads_the_words(shell: str, texts: list[str]) -> None:
    assert shell_reads(shell, [shell_word(text) for text in texts]) == texts
    script = [f'x= x=${{x:-{shell_word(text)}}}; set -- "$@" "$x"' for text in texts]
    assert shell_reads(shell, ["", "\n".join(["", *script, "printf '%s\\0' \"$@\""])])[1:] == texts


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=40)
@given(st.lists(WITHOUT_NUL, min_size=1, max_size=20))
def test_a_shell_reads_a_command_that_is_shown(shell: str, texts: list[str]) -> None:
    assert shell_reads(shell, [folded(["--x", *texts])]) == ["--x", *texts]


@given(st.lists(ANY))
def test_a_command_is_quoted_as_python_quotes_it(texts: list[str]) -> None:
    assert shell_command(texts) == shlex.join(texts)


@given(ANY)
def test_python_reads_a_string_and_a_docstring(text: str) -> None:
    for written in (python_string(text), python_docstring(text)):
        assert written.isprintable()
        assert ast.literal_eval(written) == text


@given(UNICODE)
@example("\U0001f600 \ud83d")
def test_json_is_read(text: str) -> None:
    written = json_text({text: [text, 1.5, math.inf, -math.inf, math.nan]}, indent=2)
    assert json.loads(written, parse_constant=pytest.fail) == {text: [text, 1.5, "Infinity", "-Infinity", "NaN"]}
    assert all(line.isprintable() for line in written.split("\n"))


@given(UNICODE)
def test_yaml_reads_a_key_and_a_value(text: str) -> None:
    assert yaml.safe_load(f"# {comment(text)}\n{yaml_key(text)}: {yaml_string(text)}\n") == {text: text}


@pytest.mark.parametrize(
    "word", ["NO", "no", "On", "y", "NULL", "true", "~", "", "1", "0x1", "1:20", ".inf", "=", "<<"]
)
def test_a_key_of_yaml_stays_text(word: str) -> None:
    assert yaml.safe_load(f"{yaml_key(word)}: x") == {word: "x"}


@pytest.mark.parametrize("word", ["name", "_", "A1", "nothing"])
def test_a_key_of_yaml_that_is_a_word_has_no_quotes(word: str) -> None:
    assert yaml_key(word) == word


def of_hcl(written: str) -> str:
    """What a string of HCL stands for: the library checks its form, and leaves the escapes to its caller."""
    assert not re.search(r"[$%]\{", written)
    simple = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
    pattern = r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))"
    return re.sub(pattern, lambda m: simple[m[3]] if m[3] else chr(int(m[1] or m[2], 16)), written[1:-1])


@settings(max_examples=50)
@given(UNICODE)
@example("${")
@example('$${"')
@example("%%{x}")
def test_hcl_reads_a_string(text: str) -> None:
    read = hcl2.loads(f"a = {hcl_string(text)}\nb = 1\n")
    assert of_hcl(read["a"]) == text
    assert read["b"] == 1


@given(ANY)
def test_a_comment_is_one_line_that_every_editor_shows(text: str) -> None:
    assert comment(text).isprintable()
    assert ast.dump(ast.parse(f"# {comment(text)}\nx = 1")) == ast.dump(ast.parse("x = 1"))


def test_json_stays_readable() -> None:
    assert json_text({"name": "caf\u00e9\u2028\x7f"}) == '{"name": "caf\u00e9\\u2028\\u007f"}'
    assert json_text([1], indent=2) == "[\n  1\n]"
