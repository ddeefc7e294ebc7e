"""The configuration: which file it stands in, what it says, and every fault of it at once."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.core.errors import ConfigurationError, UnknownNameError
from ctxschema.core.finding import Finding, Severity
from ctxschema.lint.configuration import SETTINGS, Configuration, read_configuration
from ctxschema.lint.configurations import Configurations
from ctxschema.lint.patterns import Patterns
from ctxschema.lint.selection import CODES, Selection

EVERYTHING = """\
select = ["CTX0", "order-case"]
extend-select = "CTX136"
ignore = ["CTX013"]
exclude = ["attic", "*/old/*.yaml"]
consumers = ["cli", "sunstone"]
opennebula = ["6.10", "7"]
min-severity = "info"
baseline = "base.json"
unsafe-fixes = true
[{table}per-file-ignores]
"tests/**" = ["CTX003"]
"*.sh" = "CTX16"
"""


def selection(**said: Any) -> Selection:
    made: Any = {name: frozenset(words) for name, words in said.items()}
    return Selection(**made)


@pytest.mark.parametrize(
    ("name", "head", "table"),
    [
        ("pyproject.toml", "[tool.ctxschema.lint]\n", "tool.ctxschema.lint."),
        ("ctxschema.toml", "[lint]\n", "lint."),
        ("ctxschema.toml", "", ""),
        (".ctxschema.toml", "[tool.ctxschema.lint]\n", "tool.ctxschema.lint."),
    ],
)
def test_every_setting_in_every_file(tmp_path: Path, name: str, head: str, table: str) -> None:
    path = tmp_path / name
    path.write_text(head + EVERYTHING.replace("{table}", table))
    found = Configurations().of(str(tmp_path / "deep" / "a.yaml"))
    assert found == read_configuration(str(path))
    assert found.select == {"CTX0", "order-case"}
    assert found.extend_select == {"CTX136"}
    assert found.min_severity is Severity.INFO
    assert found.baseline == str(tmp_path / "base.json")
    assert found.unsafe_fixes is True
    assert set(EVERYTHING.split()) >= SETTINGS.keys() - {"per-file-ignores"}
    chosen = found.selection(str(tmp_path / "tests" / "x" / "a.sh"))
    assert not {"CTX003", "CTX013", "CTX165", "CTX167"} & chosen.wanted
    assert {"CTX001", "CTX123", "CTX136"} <= chosen.wanted
    assert "CTX003" in found.selection(str(tmp_path / "a.yaml")).wanted


def test_the_closest_file_goes_and_none_is_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ctxschema.toml").write_text('ignore = ["CTX003"]\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\nname = 'ctxschema-fan'\n")
    assert "CTX003" not in Configurations().selection(str(inner / "a.yaml")).wanted
    (inner / "pyproject.toml").write_text("[tool.ctxschema.lint]\nignore = ['CTX001']\n")
    wanted = Configurations().selection(str(inner / "a.yaml")).wanted
    assert "CTX003" in wanted
    assert "CTX001" not in wanted
    (inner / "ctxschema.toml").write_text("ignore = ['CTX002']\n")
    assert "CTX001" in Configurations().selection(str(inner / "a.yaml")).wanted
    other = tmp_path.parent
    monkeypatch.chdir(tmp_path)
    assert "CTX003" not in Configurations().selection(str(other / "elsewhere.yaml")).wanted


def test_the_command_line_goes_first() -> None:
    said = Configuration("", select=frozenset({"CTX0"}), ignore=frozenset({"CTX003", "CTX004"}))
    said = said.under(Configuration(select=frozenset({"CTX003", "CTX1"}), ignore=frozenset({"CTX120"})))
    wanted = said.selection("a.yaml").wanted
    assert "CTX003" in wanted
    assert not {"CTX004", "CTX001", "CTX120"} & wanted


FILE = Configuration(
    "/top/ctxschema.toml",
    select=frozenset({"CTX0"}),
    extend_select=frozenset({"CTX1"}),
    ignore=frozenset({"CTX003", "order-case", "CTX16"}),
    per_file_ignores=((Patterns(frozenset({"*.sh"}), "/top"), frozenset({"CTX005"})),),
    exclude=Patterns(frozenset({"attic"})),
    consumers=frozenset({"cli"}),
    opennebula=frozenset({"7"}),
    min_severity=Severity.INFO,
    baseline="/top/base.json",
    unsafe_fixes=True,
)
OPTIONS = Configuration(
    select=frozenset({"CTX2"}),
    extend_select=frozenset({"CTX3"}),
    ignore=frozenset({"CTX4"}),
    exclude=Patterns(frozenset({"old"})),
    consumers=frozenset({"sunstone"}),
    opennebula=frozenset({"6.10"}),
    min_severity=Severity.ERROR,
    baseline="other.json",
    unsafe_fixes=False,
)


def test_what_options_replace() -> None:
    assert FILE.under(Configuration()) == FILE
    assert Configuration().under(OPTIONS) == OPTIONS
    assert FILE.under(OPTIONS) == evolve(
        OPTIONS, path=FILE.path, ignore=FILE.ignore | OPTIONS.ignore, per_file_ignores=FILE.per_file_ignores
    )
    more = FILE.under(Configuration(extend_select=frozenset({"CTX3"})))
    assert more.select == FILE.select
    assert more.extend_select == {"CTX1", "CTX3"}
    # A code that is asked for by its own name is not ignored any more.
    assert FILE.under(Configuration(select=frozenset({"flag"}))).ignore == {"order-case", "CTX16"}
    assert FILE.under(Configuration(extend_select=frozenset({"CTX123"}))).ignore == {"CTX003", "CTX16"}
    assert FILE.under(Configuration(select=frozenset({"CTX16"}))).ignore == FILE.ignore


def test_what_is_selected_for_a_file() -> None:
    known: dict[str, Any] = {
        "consumers": FILE.consumers,
        "select": FILE.select,
        "ignore": FILE.ignore,
        "extend_select": FILE.extend_select,
        "versions": FILE.opennebula,
    }
    assert FILE.selection("/top/a.yaml") == Selection(**known, least=Severity.INFO)
    assert FILE.selection("/top/a.sh") == Selection(**known, least=Severity.INFO, dropped=frozenset({"CTX005"}))
    assert Configuration().selection("a.yaml") == Selection(least=Severity.WARNING)
    asked = Configuration(select=frozenset({"flag", "CTX1"}), extend_select=frozenset({"CTX122"}))
    assert asked.selection("a.yaml").asked == {"CTX003", "CTX122"}
    assert evolve(asked, min_severity=Severity.INFO).selection("a.yaml").asked == frozenset()


def test_the_folder_of_a_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Configuration("deep/ctxschema.toml").folder == str(tmp_path / "deep")
    assert Configuration().folder == str(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("slect = []\n", "did you mean select"),
        ("select = ['CTX999']\n", "CTX999"),
        ("ignore = 3\n", "list of words"),
        ("consumers = ['sunstome']\n", "sunstone"),
        ("opennebula = ['seven']\n", "version"),
        ("min-severity = 'hint'\n", "error, warning, info"),
        ("unsafe-fixes = 'yes'\n", "true or false"),
        ("baseline = 1\n", "a file"),
        ("per-file-ignores = []\n", "table"),
        ("[per-file-ignores]\n'a' = ['CTX999']\n", "CTX999"),
        ("lint = 3\n", "is no setting"),
        ("[broken\n", "no TOML"),
    ],
)
def test_a_fault_names_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "ctxschema.toml"
    path.write_text(f"\n{text}")
    with pytest.raises(ConfigurationError) as refused:
        read_configuration(str(path))
    (finding,) = refused.value.findings
    assert finding.code == "CTX240"
    assert words in finding.message
    assert str(finding.origin).startswith(f"{path}:")


def test_all_faults_at_once(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.ctxschema.lint]\nselect = ['X1', 'X2']\nfoo = 1\nunsafe-fixes = 1\n")
    with pytest.raises(ConfigurationError) as refused:
        read_configuration(str(path))
    assert [str(each.origin).rpartition("toml:")[2] for each in refused.value.findings] == ["2:1", "2:1", "3:1", "4:1"]


# ---- which findings ----


def test_the_word_that_names_a_code_closer_counts() -> None:
    assert "CTX003" in selection(select={"CTX003"}, ignore={"CTX0"}).wanted
    assert "CTX003" in selection(select={"flag"}, ignore={"CTX00"}).wanted
    assert "CTX003" not in selection(select={"CTX0"}, ignore={"CTX003"}).wanted
    assert "CTX003" not in selection(select={"CTX003"}, ignore={"CTX003"}).wanted
    assert "CTX003" not in selection(ignore={"CTX0"}).wanted
    assert selection(select={"ALL"}).wanted == CODES.keys()
    assert selection(ignore={"ALL"}).wanted == set()
    assert selection(select={"ALL"}, ignore={"ALL"}, extend_select={"CTX1"}).wanted == {
        code for code in CODES if code.startswith("CTX1")
    }
    with pytest.raises(UnknownNameError):
        selection(select={""})


def test_only_what_is_on_by_default_is_there_by_default() -> None:
    assert selection().wanted == {code for code, each in CODES.items() if each.default}


def kept(code: str, **said: object) -> list[Finding]:
    return list(selection(**said).of([CODES[code].at("x")]))


def test_versions_that_count() -> None:
    assert kept("CTX161")
    assert kept("CTX161", versions={"7"})
    assert kept("CTX161", versions={"7.2"})
    assert kept("CTX161", versions={"6.10", "7.0"})
    assert not kept("CTX161", versions={"6.10"})
    assert not kept("CTX161", versions={"6"})
    assert kept("CTX003", versions={"6.10"})


def test_a_consumer_that_is_gone_does_not_count() -> None:
    """The old Sunstone comes with OpenNebula up to 6.10 only."""
    harmed = [each.id for each in CODES.values() if set(each.consumers) == {"cli", "old-sunstone"}]
    assert harmed
    for code in harmed:
        assert kept(code, consumers={"old-sunstone"})
        assert kept(code, consumers={"old-sunstone"}, versions={"6.10"})
        assert not kept(code, consumers={"old-sunstone"}, versions={"7"})
        assert kept(code, versions={"7"})


# ---- patterns ----


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("attic", "attic/a.yaml", True),
        ("attic", "deep/attic/a.yaml", True),
        ("attic", "attics/a.yaml", False),
        ("attic/", "attic", True),
        ("a.yaml", "deep/a.yaml", True),
        ("*.yaml", "deep/a.yaml", True),
        ("deep/*.yaml", "deep/er/a.yaml", True),
        ("deep/*.yaml", "other/deep/a.yaml", False),
        ("**/deep/*.yaml", "other/deep/a.yaml", True),
        ("**/deep/*.yaml", "deep/a.yaml", True),
        ("./deep", "deep/a.yaml", True),
        ("deep/?.yaml", "deep/a.yaml", True),
        ("[ab].yaml", "a.yaml", True),
        ("[!ab].yaml", "a.yaml", False),
        ("*.{yaml,json}", "a.json", True),
        ("*.{yaml,json}", "a.tmpl", False),
        ("!*.yaml", "a.yaml", False),
        ("!*.yaml", "a.tmpl", True),
        ("a+b(1).yaml", "a+b(1).yaml", True),
        ("[z-a]", "[z-a]", True),
        ("/top/deep", "deep/a.yaml", True),
        ("/top", "deep/a.yaml", True),
        ("/to", "deep/a.yaml", False),
        ("?.yaml", "aa.yaml", False),
        ("a?yaml", "a/yaml", False),
        ("deep?a.yaml", "deep/a.yaml", False),
        ("[!a]b", "cb", True),
        ("[]a]", "]", True),
        ("[a-c].yaml", "b.yaml", True),
        ("[a-c].yaml", "-.yaml", False),
        ("[-a].yaml", "-.yaml", True),
        ("[a", "[a", True),
        ("{a,b}{c,d}", "bc", True),
        ("{a,{b,c}}x", "cx", True),
        ("{a,b", "a", True),
        ("a,b}", "a,b}", True),
        ("!deep", "deep/a.yaml", False),
        ("!deep", "other/a.yaml", True),
        ("!./deep/*", "deep/a.yaml", False),
        ("a.yaml", "../a.yaml", True),
        ("??", "../a.yaml", False),
        ("top/a.yaml", "../top/a.yaml", False),
        ("deep", "../deep/a.yaml", True),
        ("deep/a", "deep/a.yaml", False),
        ("**/a.yaml", "a.yaml", True),
        ("**", "deep/a.yaml", True),
        ("a.yaml", "aXyaml", False),
        ("A.yaml", "a.yaml", False),
        (".*", "../deep/a.yaml", False),
        (".*", "", False),
        ("..data/*.yaml", "..data/a.yaml", True),
        ("{deep,x/y}", "deep/a.yaml", True),
        ("*.yaml", "a\nb.yaml", True),
        ("[!a].yaml", "!.yaml", True),
        ("[a!].yaml", "!.yaml", True),
        ("deep/a.yaml", "../deep/a.yaml", False),
        ("a.yaml", "../deep/a.yaml", True),
    ],
)
def test_a_pattern(pattern: str, path: str, matches: object) -> None:
    assert Patterns(frozenset({pattern}), "/top").match(f"/top/{path}") is matches


def test_one_of_several_patterns_is_enough() -> None:
    patterns = Patterns(frozenset({"a.yaml", "!*.yaml"}), "/top")
    assert [name for name in ("a.yaml", "b.yaml", "c.sh") if patterns.match(f"/top/{name}")] == ["a.yaml", "c.sh"]
    assert not Patterns(frozenset(), "/top").match("/top/a.yaml")


def test_patterns_without_a_folder_begin_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Patterns(frozenset({"deep/*.yaml"})).match("deep/a.yaml")
    assert Patterns(frozenset({"deep/*.yaml"})).match(str(tmp_path / "deep/a.yaml"))


@given(
    st.text(st.sampled_from("a*?[]{},!/.-\\"), max_size=12), st.text(st.sampled_from("ab/."), min_size=1, max_size=8)
)
def test_any_pattern_can_be_asked(pattern: str, path: str) -> None:
    assert Patterns(frozenset({pattern}), "/top").match(path) in {True, False}


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    for name in ("ctxschema.toml", "pyproject.toml"):
        with pytest.raises(ConfigurationError) as refused:
            read_configuration(str(tmp_path / name))
        assert [each.code for each in refused.value.findings] == ["CTX050"]


def test_where_a_configuration_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    (here / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(here)
    configurations = Configurations()
    assert configurations.of("-") == Configuration()
    (tmp_path / "ctxschema.toml").write_text('select = ["CTX0"]\n')
    assert configurations.of("a.yaml") == Configuration()  # what was found out once stays
    above = Configurations()
    assert above.of("-").path == str(tmp_path / "ctxschema.toml")
    assert above.of("deep/er/a.yaml") == above.of("-")
    (here / ".ctxschema.toml").write_text('select = ["CTX1"]\nexclude = ["old", "deep/*.sh"]\n')
    (here / "deep" / "pyproject.toml").write_text('[tool.ctxschema.lint]\nselect = ["CTX2"]\nexclude = "attic"\n')
    found = Configurations(Configuration(ignore=frozenset({"CTX3"})))
    assert found.of("-").path == found.of("a.yaml").path == ".ctxschema.toml"
    assert found.of("deep/er/a.yaml").path == "deep/pyproject.toml"
    assert found.of("/nowhere/a.yaml").path == ".ctxschema.toml"
    assert {found.of(path).ignore for path in ("-", "a.yaml", "deep/er/a.yaml")} == {frozenset({"CTX3"})}
    assert [path for path in ("old", "a.yaml", "deep/old", "deep/attic", "attic") if found.excluded(path)] == [
        "old",
        "deep/attic",
    ]
    fixed = Configurations(fixed=Configuration("x.toml", select=frozenset({"CTX4"})))
    assert fixed.of("deep/er/a.yaml") == fixed.of("-") == Configuration("x.toml", select=frozenset({"CTX4"}))
    assert not fixed.excluded("old")


def test_each_configuration_has_a_selection_of_its_own(tmp_path: Path) -> None:
    for code in ("CTX001", "CTX003"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "ctxschema.toml").write_text(f'ignore = ["{code}"]\n')
    found = Configurations()
    for code, other in (("CTX001", "CTX003"), ("CTX003", "CTX001")):
        wanted = found.selection(str(tmp_path / code / "a.yaml")).wanted
        assert code not in wanted
        assert other in wanted


def test_a_selection_is_made_once_for_all_files_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ctxschema.toml").write_text("[per-file-ignores]\n'*.sh' = 'CTX003'\n'a.*' = 'CTX001'\n")
    found = Configurations()
    selections = {path: found.selection(path) for path in ("a.sh", "b.sh", "c.sh", "a.yaml", "b.yaml")}
    assert selections["b.sh"] is selections["c.sh"]
    assert {path: sorted(each.dropped) for path, each in selections.items()} == {
        "a.sh": ["CTX001", "CTX003"],
        "b.sh": ["CTX003"],
        "c.sh": ["CTX003"],
        "a.yaml": ["CTX001"],
        "b.yaml": [],
    }
