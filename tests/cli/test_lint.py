"""``ctxschema lint``, ``codes``, ``import`` and ``--from``."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml

from ctxschema.cli.commands.lint import FORMS
from ctxschema.core import codes
from ctxschema.lint.readers import READERS, SNIFFED
from tests.conftest import ROOT, Ended

Ctx = Callable[..., Ended]
FAULTY = """\
NAME = "web"
# a comment stays
USER_INPUTS = [
  PORT = "0|number|Port|x|8080",
  mode = "O|list|Mode|fast, slow|fast"
]
INPUTS_ORDER = "port, MODE"
CONTEXT = [ PORT = "$PORT", MODE = "$MODE" ]
"""
REPAIRED = """\
NAME = "web"
# a comment stays
USER_INPUTS = [
  PORT = "O|number|Port|x|8080",
  mode = "O|list|Mode|fast,slow|fast"
]
INPUTS_ORDER = "PORT,MODE"
CONTEXT = [ PORT = "$PORT", MODE = "$MODE" ]
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "web.tmpl"
    path.write_text(FAULTY)
    return path


def ids(ended: Ended) -> set[str]:
    return {finding["code"] for finding in ended.json["findings"]}


def test_text_names_place_reason_and_repair(ctx: Ctx, faulty: Path) -> None:
    ended = ctx("lint", str(faulty))
    assert ended.code == 1
    assert f"{faulty}:4:11: error CTX003: PORT: flag '0' is neither M nor O" in ended.out
    assert '  PORT = "0|number|Port|x|8080",' in ended.out
    assert "1 file checked: " in ended.out


def test_json(ctx: Ctx, faulty: Path) -> None:
    ended = ctx("lint", str(faulty), "--format", "json")
    summary = ended.json["summary"]
    assert (ended.code, summary["worst"], summary["files"], summary["skipped"]) == (1, "error", 1, 0)
    counted = sum(summary[key] for key in ("errors", "warnings", "infos"))
    assert counted == len(ended.json["findings"])
    assert summary["fixable"] == sum(finding["fixable"] for finding in ended.json["findings"]) > 0
    assert ended.json["files"] == [{"path": str(faulty), "kind": "VM template", "repaired": False}]


def test_sarif(ctx: Ctx, faulty: Path) -> None:
    ended = ctx("lint", str(faulty), "--format", "sarif")
    schema = json.loads((ROOT / "tests/report/sarif-2.1.0.json").read_text())
    jsonschema.Draft4Validator(schema).validate(ended.json)
    assert {result["ruleId"] for result in ended.json["runs"][0]["results"]} == ids(
        ctx("lint", str(faulty), "--format", "json")
    )


def test_github(ctx: Ctx, faulty: Path) -> None:
    ended = ctx("lint", str(faulty), "--format", "github")
    findings = ctx("lint", str(faulty), "--format", "json").json["findings"]
    assert len(ended.out.splitlines()) == len(findings)
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in ended.out.splitlines())


def test_a_diff_writes_nothing_and_can_be_applied(
    ctx: Ctx, faulty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = ctx("lint", faulty.name, "--diff", "--format", "json")
    assert faulty.read_text() == FAULTY
    subprocess.run(["git", "apply", "-p0"], input=ended.err, text=True, check=True)
    assert faulty.read_text() == REPAIRED


def test_fix_keeps_everything_else_and_is_idempotent(ctx: Ctx, faulty: Path) -> None:
    faulty.chmod(0o640)
    ended = ctx("lint", str(faulty), "--fix", "--format", "json")
    assert faulty.read_text() == REPAIRED
    assert faulty.stat().st_mode & 0o777 == 0o640
    assert (ended.json["summary"]["repaired"], ended.json["summary"]["fixable"]) == (1, 0)
    assert ids(ended) == {codes.OPTIONS_IGNORED.id}
    assert ctx("lint", str(faulty), "--fix", "--format", "json").json["summary"]["repaired"] == 0
    assert faulty.read_text() == REPAIRED


def test_fix_repairs_what_is_selected_only(ctx: Ctx, faulty: Path) -> None:
    ctx("lint", str(faulty), "--fix", "--select", "option-text")
    assert faulty.read_text() == FAULTY.replace("fast, slow", "fast,slow")


def test_select_and_ignore(ctx: Ctx, faulty: Path) -> None:
    every = ids(ctx("lint", str(faulty), "--format", "json"))
    assert ids(ctx("lint", str(faulty), "--format", "json", "--select", "CTX003,option-text")) == {"CTX003", "CTX012"}
    assert ids(ctx("lint", str(faulty), "--format", "json", "--select", "CTX0")) == {
        code for code in every if code.startswith("CTX0")
    }
    assert ids(ctx("lint", str(faulty), "--format", "json", "--ignore", "CTX003")) == every - {"CTX003"}
    ended = ctx("lint", str(faulty), "--select", "CTX999")
    assert (ended.code, ended.out) == (2, "")


def test_consumers_decide_how_bad_it_is(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "a.tmpl"
    path.write_text('USER_INPUTS = [ A = "O|boolean|Really| |true" ]\n')
    assert ctx("lint", str(path)).code == 1
    assert ctx("lint", str(path), "--consumer", "cli").code == 1
    assert ctx("lint", str(path), "--consumer", "sunstone").code == 0
    ended = ctx("lint", str(path), "--consumer", "sunstome")
    assert ended.code == 2
    assert "sunstone" in ended.err


def test_a_folder_is_walked_and_what_is_not_known_is_skipped(ctx: Ctx, faulty: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text("a: 1\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    summary = ctx("lint", str(tmp_path), "--format", "json").json["summary"]
    assert (summary["files"], summary["skipped"]) == (1, 1)
    assert faulty.exists()


def test_nothing_to_say(ctx: Ctx) -> None:
    ended = ctx("lint", str(ROOT / "tests/cases/lint/clean/CTX001"))
    assert (ended.code, ended.out, ended.err) == (0, "1 file checked: no findings\n", "")


def test_warnings_do_not_fail(ctx: Ctx) -> None:
    ended = ctx("lint", str(ROOT / "tests/cases/lint/faulty/CTX120"), "--format", "json")
    assert (ended.code, ended.json["summary"]["worst"]) == (0, "warning")


def test_misuse(ctx: Ctx, tmp_path: Path) -> None:
    assert ctx("lint").code == 2
    assert ctx("lint", "-", "--fix").code == 2
    missing = ctx("lint", str(tmp_path / "none.tmpl"))
    assert (missing.code, codes.UNREADABLE.id in missing.out) == (2, True)


def test_standard_input(ctx: Ctx) -> None:
    ended = ctx("lint", "-", "--format", "json", stdin=FAULTY)
    assert codes.FLAG.id in ids(ended)


def test_a_secret_is_not_printed(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "opennebula_template:\n  context:\n    db_password: opensesame\n  user_inputs:\n"
        "    DB_PASSWORD: 'O|password|Password| |opensesame'\n    DB_PASS: '0|password|Pass|x|opensesame'\n"
    )
    for form in FORMS:
        ended = ctx("lint", str(path), "--format", form)
        assert codes.SECRET_DEFAULT.id in ended.out
        assert "opensesame" not in ended.out + ended.err


def test_a_context_is_not_printed(ctx: Ctx, tmp_path: Path) -> None:
    (tmp_path / "context.txt").write_text("DB_PASSWORD='opensesame'\nETH0_IP='10.0.0.1'\n")
    for form in FORMS:
        ended = ctx("lint", str(tmp_path / "context.txt"), "--format", form)
        assert "the context of a machine" in ended.out
        assert "opensesame" not in ended.out + ended.err


def test_thousands_of_findings_are_cut_and_counted(ctx: Ctx, tmp_path: Path) -> None:
    path = tmp_path / "a.tmpl"
    path.write_text("USER_INPUTS = [\n" + ",\n".join(f'  A{n} = "x|text|a| |b"' for n in range(1500)) + "\n]\n")
    ended = ctx("lint", str(path))
    assert "500 more" in ended.out
    assert "1500 errors" in ended.out


def test_paths_are_as_a_repository_has_them(ctx: Ctx, faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(faulty.parent)
    assert ctx("lint", ".", "--format", "json").json["files"][0]["path"] == faulty.name


def test_a_hook_runs_for_every_file_that_is_looked_into(ctx: Ctx) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    for hook in hooks:
        if "lint" not in hook["entry"]:
            continue
        assert ctx(*hook["entry"].split()[1:], *hook["args"], "--help").code == 0
        for extension in {*READERS, *SNIFFED}:
            assert re.search(hook["files"], f"appliances/web{extension}")
        assert not re.search(hook["files"], "appliances/web.png")


# ---- codes ----


def test_codes(ctx: Ctx) -> None:
    listed = ctx("codes", "--format", "json").json
    assert [each["code"] for each in listed] == sorted(code.id for code in codes.TABLE)
    assert all(each["reason"] and each["repair"] and each["severity"] for each in listed)
    by_name, by_id = (ctx("codes", word, "--format", "json").json for word in ("order-case", "CTX123"))
    assert by_name == by_id
    assert "order-case" in ctx("codes", "CTX123").out
    ended = ctx("codes", "order-cas")
    assert (ended.code, ended.err) == (2, "Error: order-cas is no code; did you mean order-case?\n")


# ---- import and --from ----


@pytest.fixture
def module(ctx: Ctx, tmp_path: Path) -> str:
    source = tmp_path / "blog.tmpl"
    source.write_text(
        'USER_INPUTS = [\n  BLOG_TITLE = "M|text|Title of the blog| |My blog",\n'
        '  BLOG_PORT = "O|range|Port|1024..65535|8080"\n]\nINPUTS_ORDER = "BLOG_TITLE,BLOG_PORT"\n'
    )
    path = tmp_path / "blog.py"
    assert ctx("import", str(source), "--appliance", "blog", "-o", str(path)).code == 0
    return str(path)


def test_an_imported_appliance_serves_every_command(ctx: Ctx, module: str, tmp_path: Path) -> None:
    block = ctx("generate", "user-inputs", "--from", module)
    assert 'BLOG_TITLE = "M|text|Title of the blog| |My blog"' in block.out
    assert "blog" in ctx("list", "--from", module).out
    assert "BLOG_PORT" in ctx("show", "blog", "--from", module).out
    context = tmp_path / "context.sh"
    context.write_text("BLOG_TITLE='Mine'\nBLOG_PORT='80'\n")
    ended = ctx("validate", "--from", module, "--context", str(context), "--format", "json")
    assert ended.code == 1
    assert [finding["variable"] for finding in ended.json["findings"]] == ["BLOG_PORT"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n", "declares no Appliance"),
        ("raise RuntimeError('boom')\n", "boom"),
        ("def broken(:\n", "invalid syntax"),
        (None, "none.py"),
    ],
)
def test_a_module_that_declares_nothing(ctx: Ctx, tmp_path: Path, text: str | None, words: str) -> None:
    path = tmp_path / "none.py"
    if text is not None:
        path.write_text(text)
    ended = ctx("show", "--from", str(path))
    assert ended.code in {1, 2}
    assert words in ended.err
    assert "Traceback" not in ended.err
