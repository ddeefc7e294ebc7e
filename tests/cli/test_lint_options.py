"""What maintainers expect of ``ctxschema lint``: settings, baselines, quiet runs, forms for machines."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ctxschema.cli.completion import complete_codes, complete_consumers
from ctxschema.core import codes
from tests.conftest import Ended

Ctx = Callable[..., Ended]
GOOD = 'CPU = "1"\nMEMORY = "512"\nUSER_INPUTS = [\n  A = "O|text|A| |x"\n]\nCONTEXT = [ NETWORK = "YES", A = "$A" ]\n'
FAULTY = GOOD.replace('"O|', '"0|')
HIDDEN = GOOD.replace('"O|text|A| |x"', '"O|text| A| |x"')
"""With a remark alone."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "good.tmpl").write_text(GOOD)
    (tmp_path / "apps" / "faulty.tmpl").write_text(FAULTY)
    return tmp_path


def found(ended: Ended) -> list[tuple[str, str]]:
    return [(each["position"]["source"], each["code"]) for each in ended.json["findings"]]


# ---- what is shown ----


def test_remarks_are_hidden_unless_asked_for(ctx: Ctx, folder: Path) -> None:
    path = folder / "a.tmpl"
    path.write_text(HIDDEN)
    ended = ctx("lint", "a.tmpl")
    assert ended.code == 0
    assert "CTX004" not in ended.out
    assert "1 more of lower severity, which --min-severity info shows" in ended.out
    assert ctx("lint", "a.tmpl", "--format", "json").json["summary"]["hidden"] == 1
    for asked in (("--min-severity", "info"), ("--select", "CTX004"), ("--extend-select", "padded-part")):
        assert "CTX004" in ctx("lint", "a.tmpl", *asked).out
    assert "CTX004" not in ctx("lint", "a.tmpl", "--select", "CTX0").out
    assert "CTX004" not in ctx("lint", "a.tmpl", "--select", "CTX004", "--min-severity", "warning").out


def test_min_severity_hides_warnings_too(ctx: Ctx, folder: Path) -> None:
    (folder / "a.tmpl").write_text(FAULTY.replace("$A", "$B"))
    assert "warning" in ctx("lint", "a.tmpl").out
    ended = ctx("lint", "a.tmpl", "--min-severity", "error", "--format", "json")
    assert {each["severity"] for each in ended.json["findings"]} == {"error"}


@pytest.mark.usefixtures("folder")
def test_quiet_prints_findings_alone(ctx: Ctx) -> None:
    assert ctx("lint", "apps/good.tmpl", "--quiet") == (0, "", "")
    ended = ctx("lint", "apps", "-q", "--format", "concise")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out == "apps/faulty.tmpl:4:8: error CTX003: A: flag '0' is neither M nor O; write O\n"


def test_statistics(ctx: Ctx, folder: Path) -> None:
    (folder / "apps" / "more.tmpl").write_text(FAULTY)
    ended = ctx("lint", "apps", "--statistics")
    assert ended.code == 1
    assert ended.out.split() == ["2", "CTX003", "[*]", "flag"]
    statistics = ctx("lint", "apps", "--statistics", "--format", "json").json["statistics"]
    assert statistics == [{"code": "CTX003", "name": "flag", "count": 2, "fixable": True}]
    assert ctx("lint", "apps", "--statistics", "--format", "sarif").code == 2


def test_exit_codes(ctx: Ctx, folder: Path) -> None:
    assert ctx("lint", "apps").code == 1
    assert ctx("lint", "apps", "--exit-zero").code == 0
    (folder / "a.tmpl").write_text(GOOD.replace("$A", "$B"))
    assert ctx("lint", "a.tmpl").code == 0
    assert ctx("lint", "a.tmpl", "--fail-on", "warning").code == 1


def test_output_file(ctx: Ctx, folder: Path) -> None:
    ended = ctx("lint", "apps", "--format", "json", "--output-file", "report.json")
    assert (ended.code, ended.out, ended.err) == (1, "", "")
    assert json.loads((folder / "report.json").read_text())["summary"]["errors"] == 1
    ended = ctx("lint", "apps", "-o", "none/report.json")
    assert ended.code == 1
    assert codes.UNWRITABLE.id in ended.err


def test_standard_input_has_a_name(ctx: Ctx, folder: Path) -> None:
    (folder / "ctxschema.toml").write_text('[lint.per-file-ignores]\n"old/*" = ["CTX003"]\n')
    ended = ctx("lint", "--stdin-filename", "new/a.tmpl", "--format", "concise", stdin=FAULTY)
    assert ended.out.startswith("new/a.tmpl:4:8: error CTX003")
    assert "CTX003" not in ctx("lint", "-", "--stdin-filename", "old/a.tmpl", stdin=FAULTY).out
    yaml = "user_inputs:\n  A: '0|text|A| |x'\n"
    ended = ctx("lint", "-", "--stdin-filename", "a.yaml", "--format", "json", stdin=yaml)
    assert ("a.yaml", "CTX003") in found(ended)
    assert ctx("lint", "apps", "--stdin-filename", "a.yaml").code == 2


# ---- a folder with nothing in it ----


def test_a_folder_with_nothing_says_so(ctx: Ctx, folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "empty" / "notes.yaml").write_text("a: 1\n")
    ended = ctx("lint", "empty")
    assert ended.code == 2
    assert ended.err == "Error: nothing of OpenNebula's was found in empty\n"
    ended = ctx("lint", "empty", "apps", "--exit-zero")
    assert ended.code == 2
    assert "in empty" in ended.err
    assert "in apps" not in ended.err
    assert ctx("lint", ".", "apps", "--exit-zero").code == 0
    assert ctx("lint", "apps", "--exclude", "apps/*", "--exit-zero").code == 2
    (folder / "links").mkdir()
    (folder / "links" / "apps").symlink_to("../apps")
    assert ctx("lint", "links", "--exit-zero").code == 0
    assert ctx("lint", "apps", "links", "--exit-zero").code == 0


# ---- configuration ----


def test_a_configuration_is_found_and_can_be_left_alone(ctx: Ctx, folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.ctxschema.lint]\nignore = ["CTX003"]\n')
    assert ctx("lint", "apps").code == 0
    assert ctx("lint", "apps", "--isolated").code == 1
    assert ctx("lint", "apps", "--select", "CTX003").code == 1
    (folder / "other.toml").write_text('select = ["CTX12"]\n')
    assert ctx("lint", "apps", "--config", "other.toml").code == 0
    assert ctx("lint", "apps", "--config", "none.toml").code == 2
    os.chdir(folder / "apps")
    assert ctx("lint", "faulty.tmpl").code == 0


def test_a_faulty_configuration_is_misuse(ctx: Ctx, folder: Path) -> None:
    (folder / "ctxschema.toml").write_text('select = ["CTX9"]\nignroe = ["CTX999"]\n')
    ended = ctx("lint", "apps")
    assert (ended.code, ended.out) == (2, "")
    assert "ignroe" in ended.err
    assert "ctxschema.toml:1:1: error CTX240" in ended.err


def test_excluded_files_are_passed_over_unless_named(ctx: Ctx, folder: Path) -> None:
    (folder / "ctxschema.toml").write_text('exclude = ["faulty.tmpl", "attic"]\n')
    (folder / "attic").mkdir()
    (folder / "attic" / "a.tmpl").write_text(FAULTY)
    assert ctx("lint", ".", "--format", "json").json["summary"]["files"] == 1
    assert ctx("lint", "apps/faulty.tmpl").code == 1


def test_versions_and_consumers_that_count(ctx: Ctx, folder: Path) -> None:
    service = {
        "name": "s",
        "roles": [{"name": "r", "cardinality": 1, "template_id": 0, "template_contents": {"Y": "$X"}}],
        "user_inputs": {"X": "O|text|X| |x"},
    }
    (folder / "s.json").write_text(json.dumps(service))
    asked = ("lint", "s.json", "--select", "CTX161", "--format", "json")
    assert found(ctx(*asked)) == [("s.json", "CTX161")]
    assert found(ctx(*asked, "--opennebula", "6.10")) == []
    assert found(ctx(*asked, "--consumer", "sunstone")) == []
    (folder / "ctxschema.toml").write_text('opennebula = ["6.10"]\n')
    assert found(ctx(*asked)) == []
    assert found(ctx(*asked, "--opennebula", "7.2,6.10")) == [("s.json", "CTX161")]
    assert ctx(*asked, "--opennebula", "seven").code == 2


# ---- baseline ----


def test_green_today_and_red_on_the_first_new_fault(ctx: Ctx, folder: Path) -> None:
    ended = ctx("lint", "apps", "--write-baseline", "base.json")
    assert (ended.code, ended.out) == (0, "base.json holds 1 finding of 1 file\n")
    ended = ctx("lint", "apps", "--baseline", "base.json")
    assert (ended.code, "1 more known from the baseline" in ended.out) == (0, True)
    faulty = folder / "apps" / "faulty.tmpl"
    faulty.write_text("# moved\n\n" + FAULTY)
    assert ctx("lint", "apps", "--baseline", "base.json").code == 0
    new = folder / "apps" / "good.tmpl"
    new.write_text(GOOD.replace("$A", "$B"))
    ended = ctx("lint", "apps", "--baseline", "base.json", "--format", "json")
    assert ended.code == 1  # a warning, for a baseline leaves no room for new ones
    assert {path for path, _ in found(ended)} == {"apps/good.tmpl"}
    assert ctx("lint", "apps", "--baseline", "base.json", "--fail-on", "error").code == 0
    faulty.write_text(FAULTY.replace("A = ", "B = ", 1))
    assert ctx("lint", "apps/faulty.tmpl", "--baseline", "base.json", "--select", "CTX003").code == 1


def test_a_baseline_is_configured_and_named_without_a_file(ctx: Ctx, folder: Path) -> None:
    assert ctx("lint", "apps", "--write-baseline").code == 0
    assert (folder / "ctxschema-baseline.json").exists()
    assert ctx("lint", ".", "--baseline").code == 0
    (folder / "ctxschema.toml").write_text('baseline = "known/base.json"\n')
    ended = ctx("lint", "apps")
    assert (ended.code, "CTX050" in ended.err) == (2, True)
    (folder / "known").mkdir()
    assert ctx("lint", "apps", "--write-baseline").code == 0
    assert ctx("lint", ".").code == 0
    assert "../apps/faulty.tmpl" in (folder / "known" / "base.json").read_text()
    os.chdir(folder / "apps")
    assert ctx("lint", "faulty.tmpl").code == 0


def test_a_part_is_written_anew_and_the_rest_stays(ctx: Ctx, folder: Path) -> None:
    (folder / "other.tmpl").write_text(FAULTY)
    assert ctx("lint", ".", "--write-baseline").code == 0
    (folder / "other.tmpl").write_text(GOOD)
    assert "1 of it are no more" in ctx("lint", ".", "--baseline").out
    ctx("lint", "other.tmpl", "--write-baseline")
    files = json.loads((folder / "ctxschema-baseline.json").read_text())["files"]
    assert list(files) == ["apps/faulty.tmpl"]
    (folder / "apps" / "faulty.tmpl").unlink()
    ctx("lint", ".", "--write-baseline")
    assert json.loads((folder / "ctxschema-baseline.json").read_text())["files"] == {}


def test_what_is_no_baseline_is_not_overwritten(ctx: Ctx, folder: Path) -> None:
    ended = ctx("lint", "--write-baseline", "apps/good.tmpl", "apps")
    assert (ended.code, "CTX243" in ended.err) == (2, True)
    assert (folder / "apps" / "good.tmpl").read_text() == GOOD
    assert ctx("lint", "apps", "--baseline", "apps/good.tmpl").code == 2


# ---- repairs ----


def test_fix_lists_what_it_repaired(ctx: Ctx, folder: Path) -> None:
    ended = ctx("lint", "apps", "--fix")
    assert ended.code == 0
    first, *_ = ended.out.splitlines()
    assert first == "apps/faulty.tmpl:4:8: repaired CTX003: A: flag '0' is neither M nor O; write O"
    (folder / "apps" / "faulty.tmpl").write_text(FAULTY)
    (repair,) = ctx("lint", "apps", "--fix", "--format", "json").json["repairs"]
    assert (repair["code"], repair["position"]["line"]) == ("CTX003", 4)


def test_unsafe_fixes_have_to_be_asked_for(ctx: Ctx, folder: Path) -> None:
    path = folder / "a.tmpl"
    text = GOOD.replace("text|A| |x", "number|A| |80.5")
    path.write_text(text)
    ended = ctx("lint", "a.tmpl", "--fix")
    assert path.read_text() == text
    assert "1 of them can be repaired with --fix --unsafe-fixes" in ended.out
    (finding,) = ctx("lint", "a.tmpl", "--format", "json").json["findings"]
    assert (finding["fixable"], finding["fix"]) == (False, "unsafe")
    (folder / "ctxschema.toml").write_text("unsafe-fixes = true\n")
    ctx("lint", "a.tmpl", "--fix", "--no-unsafe-fixes")
    assert path.read_text() == text
    assert ctx("lint", "a.tmpl", "--fix").code == 0
    assert path.read_text() == text.replace("number|", "number-float|")


# ---- cache ----


def test_a_second_run_reads_what_was_kept(ctx: Ctx, folder: Path) -> None:
    first = ctx("lint", "apps", "--cache-dir", "kept", "--format", "json")
    (file,) = (folder / "kept").iterdir()
    data = json.loads(file.read_text())
    files = [entry for entry in data.values() if len(entry) == 4]
    assert len(files) == 2
    for entry in files:
        for finding in entry[3]:
            finding[2] = "from the cache"
    file.write_text(json.dumps(data))
    second = ctx("lint", "apps", "--cache-dir", "kept", "--format", "json")
    assert {each["message"] for each in second.json["findings"]} == {"from the cache"}
    assert ctx("lint", "apps", "--cache-dir", "kept", "--no-cache", "--format", "json") == first


# ---- forms ----


def test_gitlab_code_quality(ctx: Ctx, folder: Path) -> None:
    (folder / "a.tmpl").write_text(FAULTY.replace("]\nCONTEXT", '  , A = "0|text|A| |x"\n]\nCONTEXT'))
    issues = ctx("lint", "a.tmpl", "--format", "gitlab").json
    assert len(issues) >= 2
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= issue.keys()
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["path"] == "a.tmpl"
        assert issue["location"]["lines"]["begin"] >= 1
    before = {issue["fingerprint"] for issue in issues}
    (folder / "a.tmpl").write_text("\n\n" + (folder / "a.tmpl").read_text())
    assert {issue["fingerprint"] for issue in ctx("lint", "a.tmpl", "--format", "gitlab").json} == before


def test_reviewdog(ctx: Ctx, folder: Path) -> None:
    (folder / "a.tmpl").write_text(FAULTY.replace("  A = ", "  Ä = \n  A = ").replace("A| |x", "Ä| |x|"))
    log = ctx("lint", "a.tmpl", "--format", "rdjson", "--select", "CTX003,CTX001").json
    assert log["source"]["name"] == "ctxschema"
    for each in log["diagnostics"]:
        assert each["severity"] in {"ERROR", "WARNING", "INFO"}
        line = (folder / "a.tmpl").read_bytes().splitlines()[each["location"]["range"]["start"]["line"] - 1]
        start, end = (each["location"]["range"][name]["column"] for name in ("start", "end"))
        assert 1 <= start <= end <= len(line) + 1
        for suggestion in each.get("suggestions", ()):
            column = suggestion["range"]["start"]["column"]
            assert line[column - 1 : suggestion["range"]["end"]["column"] - 1] in {b"0", b"|"}
    assert any(each.get("suggestions") for each in log["diagnostics"])


# ---- completion ----


def test_codes_and_consumers_complete() -> None:
    context: Any = None
    option: Any = None
    completed = [item.value for item in complete_codes(context, option, "ctx00")]
    assert completed == [code.id for code in codes.TABLE if code.id.startswith("CTX00")]
    (item,) = complete_codes(context, option, "CTX003,order-ca")
    assert (item.value, item.help) == ("CTX003,order-case", "CTX123")
    assert "ALL" in [item.value for item in complete_codes(context, option, "A")]
    completed = [item.value for item in complete_consumers(context, option, "cli,s")]
    assert completed == ["cli,sunstone", "cli,service-editor"]


@pytest.mark.parametrize(("words", "wanted"), [("--select CTX00", "CTX003"), ("--consumer s", "sunstone")])
def test_a_shell_asks_for_them(words: str, wanted: str) -> None:
    from ctxschema.cli.commands import cli

    line = f"ctxschema lint {words}"
    ended = CliRunner().invoke(
        cli,
        prog_name="ctxschema",
        env={"_CTXSCHEMA_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)},
    )
    assert f"plain,{wanted}" in ended.output


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("TEMPLATE 42 INFORMATION", "onetemplate show -x 42"),
        ("TEMPLATE 7 INFORMATION   ", "onetemplate show -x 7"),
        ("VIRTUAL MACHINE 3 INFORMATION", "-x"),
    ],
)
def test_what_a_front_end_prints_for_people_is_an_error(ctx: Ctx, header: str, advice: str) -> None:
    text = f'{header}\nID             : 42\n\nTEMPLATE CONTENTS\nUSER_INPUTS=[\n  A="O|text|A| |x" ]\n'
    for stdin, code, severity in [(text, 1, "error"), ("A line\n" + text, 0, "warning")]:
        ended = ctx("lint", "-", "--format", "json", stdin=stdin)
        (finding,) = ended.json["findings"]
        assert (ended.code, finding["code"], finding["severity"]) == (code, codes.NOTHING_FOUND.id, severity)
        assert (advice in finding["repair"]) == (severity == "error")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "name: a\nvariables:\n  A: {label: A}\n"),
        ("a.json", '{"name": "a",\n "variables": {}}'),
        ("a.toml", 'name = "a"\n[variables.A]\nlabel = "A"\n'),
    ],
)
def test_a_declaration_is_for_another_command(ctx: Ctx, name: str, text: str) -> None:
    Path(name).write_text(text)
    ended = ctx("lint", name)
    assert (ended.code, codes.NOTHING_FOUND.id in ended.out) == (0, True)
    assert f"ctxschema show --from {name}" in ended.out
    Path(name).write_text(text.replace("variables", "inputs"))
    assert "show --from" not in ctx("lint", name).out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["context.sh", "context.sh.network"])
def test_a_context_is_for_another_command(ctx: Ctx, name: str) -> None:
    """The advice is shown without any option; a program, in which nothing was to be found, gets none."""
    context = "A='secret'\nB='it'\\''s\ntwo lines'\n"
    for text, advised in [(context, True), (f"{context}echo $A\n", False), (f"#!/bin/sh\n{context}", False)]:
        Path(name).write_text(text)
        ended = ctx("lint", name)
        assert ended.code == 0
        assert (f"ctxschema validate APPLIANCE --context {name}" in ended.out) == advised
        assert "secret" not in ended.out


def test_a_file_that_is_missing_was_not_checked(ctx: Ctx, folder: Path) -> None:
    (folder / "own.tmpl").write_text(GOOD)
    assert "0 files checked: 1 error\n" in ctx("lint", "gone.tmpl").out
    ended = ctx("lint", "own.tmpl", "gone.tmpl")
    assert (ended.code, "1 file checked: 1 error" in ended.out) == (2, True)


def test_what_is_hidden_is_shown_by_the_option_that_is_named(ctx: Ctx, folder: Path) -> None:
    (folder / "a.tmpl").write_text(HIDDEN)
    hint = re.search(r"1 more of lower severity, which (.*) shows", ctx("lint", "a.tmpl").out)
    assert hint is not None
    shown = ctx("lint", *hint[1].split(), "a.tmpl").out
    assert "1 file checked: 1 remark" in shown
    assert "lower severity" not in shown


def test_a_code_without_its_zeros_is_told_apart(ctx: Ctx) -> None:
    ended = ctx("codes", "CTX14", "--format", "json")
    assert all(each["code"].startswith("CTX14") for each in ended.json)
    assert "CTX014" in ended.err
    assert ctx("codes", "CTX014", "CTX", "order-case").err == ""
