"""``ctxschema generate`` beyond USER_INPUTS: every output, all of them at once, and regions of files."""

import os
import shlex
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ctxschema.catalog import APPLIANCES, get_appliance
from ctxschema.cli import outputs
from ctxschema.cli.user_module import load_module
from ctxschema.core import codes
from ctxschema.generate.inject import injected
from ctxschema.generate.registry import OUTPUTS, artefacts
from tests.conftest import ROOT, Ended

Ctx = Callable[..., Ended]
MODULE = """
from ctxschema.model import kinds
from ctxschema.model.appliance import Appliance
from ctxschema.model.variable import Variable

A = Appliance("mine", "Mine", "An appliance.", (Variable("A", kinds.NUMBER, label="A", default={default}),))
B = Appliance("other", "Other", "An appliance.", (Variable("B", kinds.TEXT, label="B", default="x"),))
"""


def repair(ended: Ended) -> list[str]:
    (line,) = [line for line in ended.out.splitlines() if line.startswith("repair: ")]
    return shlex.split(line.removeprefix("repair: "))[1:]


@pytest.mark.parametrize("name", APPLIANCES)
@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: output.name)
def test_an_output_is_printed_written_and_checked(ctx: Ctx, tmp_path: Path, name: str, output: Any) -> None:
    if not output.suits(get_appliance(name)):
        ended = ctx("generate", output.name, name)
        assert (ended.code, ended.out) == (2, "")
        assert name in ended.err
        return
    path = tmp_path / "the file"
    words = ["generate", output.name, name, *(["--names", "short"] if "names" in output.takes else [])]
    printed = ctx(*words)
    assert (printed.code, printed.err) == (0, "")
    assert ctx(*words, "-o", str(path)) == (0, "", "")
    assert path.read_text() == printed.out
    assert ctx(*words, "-o", str(path), "--check") == (0, "", "")
    path.write_text(printed.out[:-20])
    differs = ctx(*words, "-o", str(path), "--check")
    assert differs.code == 1
    assert path.read_text() == printed.out[:-20]
    assert ctx(*repair(differs)).code == 0
    assert path.read_text() == printed.out


def test_options_come_back_in_the_repair(ctx: Ctx, tmp_path: Path) -> None:
    path = str(tmp_path / "f")
    for words in (
        ["vm-template", "flower-supernode", "--gpu", "--names", "oneapp"],
        ["oneflow", "flower-service", "--template", "superlink=3", "--template", "supernode=4"],
        ["user-inputs", "flower-supernode", "--group", "gpu"],
    ):
        wanted = ctx("generate", *words).out
        missing = ctx("generate", *words, "-o", path, "--check")
        assert missing.code == 1
        ctx(*repair(missing))
        assert Path(path).read_text() == wanted
        os.unlink(path)


@pytest.mark.parametrize("word", ["x=1", "superlink", "superlink=", "superlink=a", "=3"])
def test_a_wrong_template_of_a_role_is_misuse(ctx: Ctx, word: str) -> None:
    ended = ctx("generate", "oneflow", "flower-service", "--template", word)
    assert (ended.code, ended.out) == (2, "")


# ---- all -----------------------------------------------------------------------------------------------


def test_a_changed_default_is_found_in_every_file_and_repaired_by_one_command(ctx: Ctx, tmp_path: Path) -> None:
    module, out = tmp_path / "mine.py", tmp_path / "out"
    module.write_text(MODULE.format(default=1))
    words = ["generate", "all", "--from", str(module), "--out", str(out)]
    assert ctx(*words).code == 0
    assert ctx(*words, "--check") == (0, "", "")
    before = {path: path.read_text() for path in out.rglob("*.*")}
    module.write_text(MODULE.format(default=2))
    found = ctx(*words, "--check")
    assert found.code == 1
    changed = [
        path for path in before if path.parent.name == "mine" and "1" in path.read_text() and path.suffix != ".none"
    ]
    named = [path for path in before if f"--- {path}\n" in found.out]
    assert {path.name for path in named} == {path.name for path in changed} - {"context.tmpl"}
    assert all(path.read_text() == text for path, text in before.items())
    assert ctx(*repair(found)).code == 0
    assert ctx(*words, "--check") == (0, "", "")
    assert all(path.read_text() != before[path] for path in named)


def test_a_change_of_one_second_and_one_size_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    module = tmp_path / "mine.py"
    for number in (1, 2):
        module.write_text(f"X = {number}\n")
        os.utime(module, (1, 1))
        assert number == load_module(str(module)).X
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_all_writes_what_each_output_prints(ctx: Ctx, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "folder"
    assert ctx("generate", "all", "flower-supernode", "--out", str(out), "--names", "oneapp").code == 0
    assert (out / "user-inputs.tmpl").read_text() == ctx(
        "generate", "user-inputs", "flower-supernode", "--names", "oneapp"
    ).out
    assert (out / "vm-template-gpu.tmpl").read_text() == ctx(
        "generate", "vm-template", "flower-supernode", "--names", "oneapp", "--gpu"
    ).out  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [["--out", "x", "--names", "long"], ["nonsense", "--out", "x"], [], ["--out", "x", "--from", "/no/such.py"]],
)
def test_misuse_of_all(ctx: Ctx, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = ctx("generate", "all", *words)
    assert (ended.code, ended.out) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error(ctx: Ctx, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = ctx("generate", "all", "flower-supernode", "--out", str(tmp_path / "file" / "x"))
    assert (ended.code, ended.out) == (1, "")
    assert codes.UNWRITABLE.id in ended.err


def test_nothing_is_written_where_an_output_cannot_be_made(ctx: Ctx, tmp_path: Path) -> None:
    module = tmp_path / "mine.py"
    module.write_text(MODULE.format(default=1).replace('"B"', '"VM_NAME"'))
    ended = ctx("generate", "all", "--from", str(module), "--out", str(tmp_path / "out"))
    assert (ended.code, ended.out) == (1, "")
    assert "VM_NAME is also the name of a variable" in ended.err
    assert not (tmp_path / "out").exists()


def test_the_committed_files_are_those_of_the_catalog() -> None:
    for name in APPLIANCES:
        folder = ROOT / "schemas" / "flower" / name
        made = dict(artefacts(get_appliance(name)))
        assert sorted(made) == sorted(path.name for path in folder.iterdir())
        for file, text in made.items():
            assert (folder / file).read_text() == text, f"run make schemas: {file}"


def test_the_hook_checks_what_is_committed(ctx: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (hook,) = [hook for hook in hooks if hook["id"] == "ctxschema-generated"]
    monkeypatch.chdir(ROOT)
    assert ctx(*hook["entry"].split()[1:], *hook["args"]) == (0, "", "")


def test_a_read_only_file_is_left_as_it_is(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("old")
    path.chmod(0o444)
    ended = ctx("generate", "context", "flower-supernode", "-o", str(path))
    assert (ended.code, ended.out, path.read_text()) == (1, "", "old")
    assert codes.READ_ONLY.id in ended.err


# ---- inject --------------------------------------------------------------------------------------------

BEGIN, END = "# ctxschema:begin context flower-supernode", "# ctxschema:end context flower-supernode"
WORDS = ["generate", "context", "flower-supernode", "--inject"]


def test_only_what_stands_between_the_markers_is_replaced(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "vm.tmpl"
    other = "# ctxschema:begin user-inputs flower-supernode\nkept\n# ctxschema:end user-inputs flower-supernode\n"
    path.write_text(f'NAME = "x"\n  {BEGIN} (by hand: nothing)\nold\n  {END}\n{other}CPU = 1')
    path.chmod(0o640)
    found = ctx(*WORDS, str(path), "--check")
    assert found.code == 1
    assert "-old" in found.out
    assert ctx(*repair(found)) == (0, "", "")
    block = "".join(f"  {line}\n" for line in ctx("generate", "context", "flower-supernode").out.splitlines())
    assert path.read_text() == f'NAME = "x"\n  {BEGIN} (by hand: nothing)\n{block}  {END}\n{other}CPU = 1'
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert ctx(*WORDS, str(path), "--check") == (0, "", "")
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert ctx(*WORDS, str(path)) == (0, "", "")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_line_ends_of_the_file_are_kept(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_bytes(f"a\r\n{BEGIN}\r\n{END}\r\nb\r\n".encode())
    assert ctx(*WORDS, str(path)).code == 0
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") > 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there is no line with ctxschema:begin context flower-supernode"),
        (BEGIN, "there is no line with ctxschema:end"),
        (END, "there is no line with ctxschema:begin"),
        (f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n", "there are 2 lines"),
        (f"{BEGIN}\n{END}\n{END}\n", "there are 2 lines"),
        (f"{END}\n{BEGIN}\n", "stands before"),
        (f"{BEGIN}-gpu\n{END}-gpu\n", "there is no line"),
    ],
)
def test_markers_that_are_no_pair(ctx: Ctx, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "f"
    path.write_text(text)
    for flag in ([], ["--check"]):
        ended = ctx(*WORDS, str(path), *flag)
        assert (ended.code, ended.out, path.read_text()) == (1, "", text)
        assert words in ended.err
        assert codes.MARKERS.id in ended.err


def test_a_file_that_changes_underneath_is_left_as_it_is(
    ctx: Ctx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f"
    path.write_text(f"{BEGIN}\n{END}\n")
    made = injected

    def slowly(*arguments: Any) -> str:
        path.write_text("by somebody else")
        return made(*arguments)

    monkeypatch.setattr(outputs, "injected", slowly)
    ended = ctx(*WORDS, str(path))
    assert (ended.code, ended.out, path.read_text()) == (1, "", "by somebody else")
    assert codes.CHANGED.id in ended.err


def test_a_read_only_file_is_not_injected_into(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text(f"{BEGIN}\n{END}\n")
    path.chmod(0o444)
    ended = ctx(*WORDS, str(path))
    assert (ended.code, path.read_text()) == (1, f"{BEGIN}\n{END}\n")
    assert codes.READ_ONLY.id in ended.err


@pytest.mark.parametrize("words", [["--inject", "-"], ["--inject", "f", "-o", "f"]])
def test_misuse_of_inject(ctx: Ctx, words: list[str]) -> None:
    assert ctx("generate", "context", "flower-supernode", *words).code == 2


def test_generating_imports_no_parser() -> None:
    """Except for the declaration, which the reader of declarations writes."""
    import subprocess
    import sys

    program = (
        "import sys\nfrom ctxschema.catalog import APPLIANCES, get_appliance\n"
        "from ctxschema.generate.registry import OUTPUTS\n"
        # A declaration as YAML is what cattrs and PyYAML are for.
        "for each in map(get_appliance, APPLIANCES):\n"
        "    [output.text(each) for output in OUTPUTS if output.name != 'declaration' and output.suits(each)]\n"
        "print(sorted({'lark', 'cattrs', 'jsonschema', 'yaml', 'rich', 'hypothesis'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


SECRET = """
name: pg
title: PG
summary: A database.
variables:
  ONEAPP_PG_DB_PASSWORD: {kind: password, label: Password, mandatory: true}
container:
  image: {repository: postgres, tag: "16"}
  environment: [{name: POSTGRES_PASSWORD, text: "{ONEAPP_PG_DB_PASSWORD}", in_file: true}]
"""


def test_all_leaves_out_what_needs_the_values_of_a_context(ctx: Ctx, tmp_path: Path) -> None:
    file, out = tmp_path / "pg.yaml", tmp_path / "out"
    file.write_text(SECRET)
    words = ("generate", "all", "pg", "--from", str(file), "--out", str(out))
    ended = ctx(*words)
    assert (ended.code, ended.out) == (0, "")
    needing = {output.file: output.name for output in OUTPUTS if "context" in output.takes}
    machine = {output.file for output in OUTPUTS if "of several roles" not in output.about.value}
    assert {path.name for path in out.iterdir()} == machine - set(needing)
    assert needing
    notes = ended.err.splitlines()
    assert len(notes) == len(needing)
    assert ctx(*words, "--check").code == 0
    context = tmp_path / "context.sh"
    context.write_text("ONEAPP_PG_DB_PASSWORD='x'\n")
    for note, (made, name) in zip(notes, needing.items(), strict=True):
        assert str(out / made) in note
        assert "ONEAPP_PG_DB_PASSWORD has no value" in note
        command = shlex.split(note.rpartition("to make it: ")[2])
        assert ctx(*command[1:-1], str(context)).code == 0
        assert (out / made).is_file()
        alone = ctx("generate", name, "--from", str(file))
        assert (alone.code, alone.out) == (1, "")
        assert "--context FILE" in alone.err
