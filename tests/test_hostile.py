"""What comes from outside, or cannot go out, ends a command with a message and never with a traceback."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctxschema.consumers.explain import explain, explanation_data
from ctxschema.core.outside import json_value, version_numbers, whole_number
from ctxschema.grammar.parser import parse_user_input
from ctxschema.grammar.types import TYPES
from ctxschema.machine.docker_route import _cdi_wanted
from ctxschema.machine.system import System
from ctxschema.testing import piped_texts
from tests.conftest import ROOT, Ended

NINES = "9" * 5000
TEMPLATE = 'USER_INPUTS = [ A = "M|text|a| |" ]\n'
Ctx = Callable[..., Ended]


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("params", [f"1..{NINES}", f"-{NINES}..{NINES}", f"{NINES}..1", NINES, "1..5", "x,y"])
@pytest.mark.parametrize("default", ["3", NINES, f"-{NINES}.5", "x", "\ud800"])
def test_numbers_of_any_length_are_explained(kind: str, params: str, default: str) -> None:
    node = parse_user_input(f"O|{kind}|a|{params}|{default}")
    assert explain(node)
    json.dumps(explanation_data(node, [NINES, f"-{NINES}", "\ud800", "\udcff", "1e999", "0x" + "f" * 300]))


@given(piped_texts() | st.text(st.characters()), st.text(st.characters()))
@example("O|text64|a| |\ud800", "\udcff")
def test_any_text_is_explained(definition: str, answer: str) -> None:
    json.dumps(explanation_data(parse_user_input(definition), [answer]))


@given(st.text(st.characters()) | st.from_regex(r"[0-9]*\Z", fullmatch=True))
@example("²")
@example("٣")
@example(NINES)
def test_a_number_from_outside_is_one_or_none(text: str) -> None:
    number = whole_number(text)
    assert number is None or (text.isascii() and text.isdigit() and int(text) == number)
    assert all(isinstance(each, int) for each in version_numbers(text))


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, "Infinity", "[NaN]", NINES, "", b"\xff"])
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        json_value(text)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"features": {"cdi": ' + NINES + "}}", "NaN", "[]", '"x"'])
def test_a_daemon_json_that_is_none_switches_nothing_off(tmp_path: Path, text: str) -> None:
    (tmp_path / "etc/docker").mkdir(parents=True)
    (tmp_path / "etc/docker/daemon.json").write_text(text)
    assert _cdi_wanted(System(str(tmp_path)))


@pytest.mark.parametrize("name", [b"a\xff.tmpl", b"\xe2\x80\xae.tmpl", b"a\n.tmpl"])
def test_a_file_of_any_name_is_imported_and_linted(tmp_path: Path, ctx: Ctx, name: bytes) -> None:
    source = os.fsdecode(os.path.join(os.fsencode(tmp_path), name))
    Path(source).write_text(TEMPLATE)
    made = source.replace(".tmpl", ".py")
    assert ctx("import", source, "-o", made).code == 0
    compile(Path(made).read_text(), "made", "exec")
    for form in ("text", "json", "sarif", "github"):
        assert ctx("lint", "--format", form, source).code == 0
    assert ctx("import", f"{source}.gone").code == 2
    assert len(os.listdir(tmp_path)) == 2


def test_what_utf_8_cannot_carry_is_not_written_and_leaves_nothing_behind(tmp_path: Path) -> None:
    from ctxschema.core.errors import FileError
    from ctxschema.core.files import write_text

    with pytest.raises(FileError, match="cannot be written"):
        write_text(tmp_path / "a", "\ud800")
    assert os.listdir(tmp_path) == []


PROGRAMS = [
    ["-m", "ctxschema", "lint", "--format", "json", "{}"],
    ["-m", "ctxschema", "lint", "--format", "sarif", "{}"],
    ["-m", "ctxschema", "parse", "{}"],
    ["-m", "ctxschema", "explain", "--format", "json", "O|text|a| |"],
    [
        "-m",
        "ctxschema.boot",
        "flower-supernode",
        "--context",
        "{}",
        "--dry-run",
        "--format",
        "json",
        "--root",
        "{root}",
    ],
    ["-m", "ctxschema.boot", "env", "flower-supernode", "--context", "{}"],
    ["-m", "ctxschema.gpu", "vm", "--format", "json", "--root", "{root}"],
]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("where", [">/dev/full", ">&-", ">&- 2>&-", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize("words", PROGRAMS, ids=lambda words: " ".join(words[1:4]))
def test_an_output_that_takes_nothing_is_an_error_and_no_traceback(
    tmp_path: Path, words: list[str], where: str
) -> None:
    file = tmp_path / "context.sh"
    file.write_text("# USER_INPUTS = [\n" + "FL_NODE_CONFIG=''\n" * 500)
    (tmp_path / "root").mkdir()
    command = [word.format(file, root=tmp_path / "root") for word in words]
    script = f'exec "$@" {where}'
    ended = subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, *command], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ended.returncode in {1, 2}
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr


@pytest.mark.parametrize("number", [NINES, "²", "٣", "-1", "1.5", ""])
def test_the_number_of_a_template_is_one(ctx: Ctx, number: str) -> None:
    assert ctx("generate", "oneflow", "flower-service", "--template", f"superlink={number}").code == 2


def test_the_documentation_is_served_where_its_port_is_taken(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "tools/site/serve.py", str(tmp_path), str(taken.getsockname()[1])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) as server:
            assert server.stdout is not None
            assert "The documentation is at http://127.0.0.1:" in server.stdout.readline()
            server.terminate()


@pytest.mark.parametrize("command", ["lint --no-cache", "import", "drift flower-supernode"])
def test_a_word_without_end_is_read_in_no_time(ctx: Callable[..., Ended], tmp_path: Path, command: str) -> None:
    """Looking for the name in front of a quote began anew at every character of a word: 30 seconds for 50 KB."""
    path = tmp_path / "word.tmpl"
    path.write_text('NAME = "x"\nUSER_INPUTS = [ A = "O|text|A| |" ]\nINPUTS_ORDER = "A' + "ct" * 25_000)
    began = time.process_time()
    ctx(*command.split(), str(path))
    assert time.process_time() - began < 5
