"""The program in this process: how each way of ending becomes an exit code and one line, and what reaches the boot."""

import errno
import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ctxschema import Appliance
from ctxschema.boot import arguments, program
from ctxschema.boot.program import Appliances, only, run
from ctxschema.core.errors import CtxschemaError, FileError, MissingFileError, UnknownNameError
from ctxschema.gpu.registry import SCRIPTS
from ctxschema.gpu.script import gpu_script
from ctxschema.machine.log import Log
from ctxschema.machine.system import System
from ctxschema.model.container import Container, Image
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.kinds import NUMBER, PASSWORD, TEXT
from ctxschema.model.variable import Variable
from tests.machine import InProcess, Machine

PORT = Variable("OWN_PORT", NUMBER, label="Port", default=80)
NAME = Variable("OWN_NAME", TEXT, label="Name", default="caf\u00e9")
WORD = Variable("OWN_WORD", PASSWORD, label="Word", default=None)
NONE = Variable("OWN_NONE", TEXT, label="None", default=None)
CONTAINER = Container(Image("example/own", "1"), settle_seconds=0.1)
OWN = Appliance("own", "Own", "One.", (PORT, NAME, WORD, NONE), prefixes=("OWN_",), container=CONTAINER)
OTHER = Appliance("other", "Other", "Another.", (), container=CONTAINER, gpu=GpuRequest(script="/opt/own/check/a.sh"))


def get(name: str) -> Appliance:
    for each in (OWN, OTHER):
        if each.name == name:
            return each
    raise UnknownNameError(f"there is no {name}")


BOTH = Appliances(("own", "other"), get)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine.make(tmp_path).docker("images", "example/own:1\n").context(OWN_PORT="81")
    monkeypatch.setattr(
        program, "System", lambda root: InProcess(root, made.path, lambda _seconds: None, str(made.folder / "docker"))
    )
    return made


# ---- how it ends ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UnknownNameError("no such name"), 2, "Error: no such name.\n"),
        (CtxschemaError("it is wrong"), 1, "Error: it is wrong\n"),
        (FileError("it cannot be read"), 1, "Error: it cannot be read\n"),
        (MissingFileError("it is not there"), 2, "Error: it is not there\n"),
        (BrokenPipeError(), 1, ""),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "Error: No space left on device.\n"),
        (OSError(), 1, "Error: the system refuses.\n"),
        (MemoryError(), 1, "Error: there is not enough memory.\n"),
        (RuntimeError("s3cret"), 1, "Error: a fault of the agent's own: RuntimeError at test_program.py:"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
@pytest.mark.parametrize("words", [["own"], ["env", "own"], ["scripts", "own"]])
def test_every_error_is_one_line_and_an_exit_code(
    error: Exception, code: int, line: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    def refuses(_name: str) -> Appliance:
        raise error

    assert run(words, Appliances(("own", "other"), refuses)) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err == line if line.endswith("\n") or not line else err.startswith(line)
    assert "s3cret" not in err


def test_output_that_cannot_be_written_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sys.stdout", Full())
    monkeypatch.setattr(program, "_scripts", lambda *_: 0)
    assert run(["scripts", "own"], BOTH) == 1
    monkeypatch.setattr(program, "_scripts", lambda *_: 2)
    assert run(["scripts", "own"], BOTH) == 2


def test_without_any_stream_it_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    monkeypatch.setattr("sys.stdout", None)
    assert run(["env", "nobody"], BOTH) == 2


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        (["own"], (0, "")),
        (["own", "--format", "json"], (0, "ctxschema-agent: warning: the report: the output is closed\n")),
        (["own", "--dry-run"], (1, "Error: the output is closed.\n")),
        (["own", "--dry-run", "--format", "json"], (1, "Error: the output is closed.\n")),
        (["env", "own"], (1, "Error: the output is closed.\n")),
        (["env", "own", "--format", "json"], (1, "Error: the output is closed.\n")),
        (["scripts", "own"], (1, "Error: the output is closed.\n")),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_standard_output_that_is_closed_fails_what_prints_and_no_boot(
    capsys: pytest.CaptureFixture[str],  # the first, so that it is not closed before what is patched is put back
    machine: Machine,
    words: list[str],
    ended: tuple[int, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert run([*words, "--root", str(machine.root)], BOTH) == ended[0]
    assert capsys.readouterr().err.endswith(ended[1])


def test_an_agent_for_one_appliance_boots_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert only(OWN).names == ("own",)
    assert only(OWN).get("own") is OWN
    assert run(["other"], only(OWN)) == 2
    assert capsys.readouterr().err == "Error: this agent boots own, and other is another appliance.\n"


def test_without_a_word_it_is_the_only_appliance_that_boots(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--dry-run", "--root", str(machine.root)], only(OWN)) == 0
    assert "example/own:1" in capsys.readouterr().out


def test_without_a_word_and_with_several_it_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run([], BOTH)
    assert ended.value.code == 2
    assert "APPLIANCE" in capsys.readouterr().err


# ---- help -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "name", "about", "more"),
    [
        (["--help"], "ctxschema-agent", "from its context to a running container", "ctxschema-agent env APPLIANCE"),
        (["env", "--help"], "ctxschema-agent env", "for a shell to evaluate", "--secrets"),
        (["scripts", "--help"], "ctxschema-agent scripts", "at the path that the appliance declares", "--root DIR"),
    ],
)
def test_the_help_names_the_program_its_options_and_the_appliances(
    words: list[str], name: str, about: str, more: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(words, BOTH)
    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert text.startswith(f"usage: {name} [-h]")
    assert not [part for part in ("own or other", about, more, "--context FILE") if part not in " ".join(text.split())]
    assert re.search("^  APPLIANCE +own or other$", text, re.MULTILINE)
    assert max(len(line) for line in text.splitlines()) <= 100


def test_the_help_is_as_wide_whatever_the_terminal_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    with pytest.raises(SystemExit):
        run(["--help"], BOTH)
    assert 80 < max(len(line) for line in capsys.readouterr().out.splitlines()) <= 100


def test_the_help_of_an_agent_for_one_appliance_needs_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["--help"], only(OWN))
    text = capsys.readouterr().out
    assert "[APPLIANCE]" in text
    assert re.search("^  APPLIANCE +own$", text, re.MULTILINE)


@pytest.mark.parametrize(
    "words",
    [
        ["own"],
        ["--root", "/", "own"],
        ["own", "--format", "json", "--dry-run", "--report", "r"],
        ["--no-hardening", "own", "--check-gpu", "--context", "c"],
    ],
    ids=" ".join,
)
def test_plain_words_are_read_without_the_library(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    by_library = vars(arguments.read_arguments([*words, "--form", "json"], arguments.BOOT, ("own", "other")))
    monkeypatch.setitem(sys.modules, "argparse", None)  # nobody can import it any more
    read = vars(arguments.read_arguments(words, arguments.BOOT, ("own", "other")))
    assert read == {**by_library, "format": read["format"]}
    assert read["format"] == ("json" if "json" in words else "text")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["own", "--root", "/nowhere/at/all"], "argument --root: /nowhere/at/all is no folder"),
        (["own", "--format", "toml"], "invalid choice: 'toml'"),
        (["own", "more"], "unrecognized arguments: more"),
    ],
)
def test_wrong_words_are_named(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(words, BOTH)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_folder_is_taken_from_the_root_however_it_is_spelt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["own", "--root", "."], ["own", "--roo", "."]):
        assert arguments.read_arguments(words, arguments.BOOT, ("own", "other")).root == str(tmp_path)


# ---- the boot ---------------------------------------------------------------------------------------


def test_a_boot_gets_what_was_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Any] = []

    def boot_machine(*given: Any) -> int:
        asked.append(given)
        return 1

    monkeypatch.setattr(program, "boot_machine", boot_machine)
    before = os.umask(0o077)
    try:
        words = ["own", "--root", str(tmp_path), "--context", "c", "--report", "r", "--format", "json"]
        assert run([*words, "--no-hardening", "--check-gpu"], BOTH) == 1
        assert os.umask(0o077) == 0o077
        os.umask(0)
        assert run(["own"], BOTH) == 1
        assert os.umask(0) == 0o022
    finally:
        os.umask(before)
    (first, second) = asked
    assert (first[0].name, first[2].root, first[3:]) == ("own", str(tmp_path), ("r", "json"))
    assert (first[1].context, first[1].hardened, first[1].check_gpu) == ("c", False, True)
    assert (second[1].context, second[1].hardened, second[1].check_gpu) == (None, True, False)
    assert (second[2].root, second[3:]) == ("/", (None, "text"))


def test_a_boot_writes_its_report_and_prints_it(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    report = machine.folder / "report.json"
    words = ["own", "--root", str(machine.root), "--report", str(report), "--format", "json"]
    assert run(words, BOTH) == 0
    out, err = capsys.readouterr()
    assert report.read_text() == out
    assert out.startswith('{\n  "appliance": "own",\n  "ok": true,\n')
    assert out.endswith("\n}\n")
    assert report.stat().st_mode & 0o777 == 0o600
    assert json.loads(out)["argv"][-1] == "example/own:1"
    assert "ctxschema-agent: step 10/10 " in err
    assert run(words[:3], BOTH) == 0
    assert capsys.readouterr().out == ""
    assert run(["own", "--root", str(machine.context(OWN_PORT="x").root)], BOTH) == 1


def test_a_report_that_cannot_be_written_is_said_once(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    path = machine.folder / "nowhere/report.json"
    assert run(["own", "--root", str(machine.root), "--report", str(path)], BOTH) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if "the report" in line]
    assert lines == [f"ctxschema-agent: warning: the report: {path} cannot be written: No such file or directory"]


def test_why_a_report_cannot_be_written_is_said_in_the_words_of_the_system(
    machine: Machine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: str, _data: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(program, "write_report", full)
    assert run(["own", "--root", str(machine.root), "--report", "r"], BOTH) == 0
    assert "ctxschema-agent: warning: the report: No space left on device\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "syslog"),
    [(["own"], None), (["own", "--dry-run"], False), (["env", "own"], False)],
    ids=["boot", "dry run", "env"],
)
def test_only_a_boot_writes_to_the_log_of_the_machine(
    machine: Machine, words: list[str], monkeypatch: pytest.MonkeyPatch, *, syslog: bool | None
) -> None:
    made: list[bool | None] = []

    def log(system: System, *, syslog: bool | None = None) -> Log:
        made.append(syslog)
        return Log(system, syslog=False)

    monkeypatch.setattr("ctxschema.machine.log.Log", log)
    assert run([*words, "--root", str(machine.root)], BOTH) == 0
    assert made == [syslog]


def test_the_report_of_a_boot_is_written_after_every_step(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def write(_path: str, data: Any) -> None:
        written.append(len(data["steps"]))

    monkeypatch.setattr(program, "write_report", write)
    assert run(["own", "--root", str(machine.root), "--report", "r"], BOTH) == 0
    assert written == [2, 3, 4, 5, 7, 8, 9, 10, 10]  # the image does the first and the sixth step


def test_a_boot_waits_for_no_other_that_runs(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    from ctxschema.machine.lock import only_one

    with only_one(System(str(machine.root)), "own"):
        assert run(["own", "--root", str(machine.root)], BOTH) == 1
    assert "Error: " in capsys.readouterr().err
    assert machine.commands == []


# ---- the dry run ------------------------------------------------------------------------------------


def test_a_dry_run_prints_the_command_in_one_line(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["own", "--root", str(machine.root), "--dry-run"]
    assert run(words, BOTH) == 0
    assert capsys.readouterr().out == (
        "docker run -d --name own --restart unless-stopped --cap-drop ALL"
        " --security-opt no-new-privileges example/own:1\n"
    )
    assert run([*words, "--no-hardening"], BOTH) == 0
    assert "--cap-drop" not in capsys.readouterr().out


def test_a_dry_run_as_json_and_as_a_report(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    report = machine.folder / "report.json"
    words = ["own", "--root", str(machine.root), "--dry-run", "--report", str(report)]
    assert run(words, BOTH) == 0
    assert "docker run" in capsys.readouterr().out
    assert run([*words, "--format", "json"], BOTH) == 0
    out = capsys.readouterr().out
    assert out == report.read_text()
    assert out.startswith('{\n  "ok": true,\n')


def test_a_dry_run_of_a_context_that_stops_a_boot(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["own", "--root", str(machine.context(OWN_PORT="x").root), "--dry-run"]
    assert run(words, BOTH) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), "error: " in err, "OWN_PORT" in err) == ("", 1, True, True)
    assert run([*words, "--format", "json"], BOTH) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_a_dry_run_of_a_context_that_is_not_there(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["own", "--root", str(machine.root), "--dry-run", "--format", "json", "--context"]
    assert run([*words, str(machine.folder / "missing")], BOTH) == 2
    assert json.loads(capsys.readouterr().out)["ok"] is False
    (machine.folder / "unreadable").symlink_to("unreadable")
    assert run([*words, str(machine.folder / "unreadable")], BOTH) == 1


def test_a_dry_run_looks_no_longer_than_it_may(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[float] = []

    def in_time(work: Callable[[], Any], seconds: float, *_still: Any) -> Any:
        limits.append(seconds)
        return work()

    monkeypatch.setattr(program, "in_time", in_time)
    for words in (["own", "--dry-run"], ["env", "own"], ["own", "--report", str(machine.folder / "r")]):
        assert run([*words, "--root", str(machine.root)], BOTH) == 0
    assert limits == [program.LOOK_SECONDS] * 2 + [program.REPORT_SECONDS] * 9


# ---- values for a shell -----------------------------------------------------------------------------


def test_values_for_a_shell(machine: Machine, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    machine.context(OWN_PORT="81", OWN_WORD="it's")
    words = ["env", "own", "--root", str(machine.root)]
    assert run(words, BOTH) == 0
    out, err = capfdbinary.readouterr()
    assert out.decode() == "export OWN_PORT='81'\nexport OWN_NAME='caf\u00e9'\nunset OWN_WORD\nunset OWN_NONE\n"
    assert b"OWN_WORD is a secret, and left out" in err
    assert run([*words, "--secrets"], BOTH) == 0
    out, err = capfdbinary.readouterr()
    assert b"export OWN_WORD='it'\\''s'\n" in out
    assert err == b""
    assert run([*words, "--format", "json"], BOTH) == 0
    assert json.loads(capfdbinary.readouterr().out) == {"OWN_PORT": "81", "OWN_NAME": "caf\u00e9"}


def test_values_for_a_shell_are_utf_8_whatever_the_locale_is(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "values").open("w", encoding="ascii") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        assert run(["env", "own", "--root", str(machine.root)], BOTH) == 0
    assert "export OWN_NAME='caf\u00e9'\n" in (tmp_path / "values").read_text(encoding="utf-8")


def test_values_of_a_context_that_is_wrong_are_not_printed(
    machine: Machine, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["env", "own", "--root", str(machine.context(OWN_PORT="x").root), "--format", "json"], BOTH) == 1
    out, err = capfdbinary.readouterr()
    assert (out, b"OWN_PORT" in err) == (b"", True)


def test_values_of_a_file_that_is_named(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    (machine.folder / "named").write_text("OWN_PORT='82'\n")
    assert run(["env", "own", "--context", str(machine.folder / "named"), "--format", "json"], BOTH) == 0
    assert json.loads(capsys.readouterr().out)["OWN_PORT"] == "82"


# ---- scripts ----------------------------------------------------------------------------------------


def test_scripts_are_installed_where_the_appliance_says(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scripts", "other", "--root", str(machine.root)], BOTH) == 0
    folder = machine.root / "opt/own/check"
    assert capsys.readouterr().out == "".join(f"/opt/own/check/{name}\n" for name in SCRIPTS.values())
    assert folder.stat().st_mode & 0o777 == 0o755
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        name: gpu_script(layer) for layer, name in SCRIPTS.items()
    }
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o755}
    assert {path.stat().st_uid for path in (folder, *folder.iterdir())} == {os.geteuid() and os.getuid()}


def test_an_appliance_without_a_place_for_scripts_says_so(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scripts", "own", "--root", str(machine.root)], BOTH) == 0
    assert capsys.readouterr().out == "own has no place for scripts that check a GPU\n"
