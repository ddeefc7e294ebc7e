"""All faults of a declaration are reported together, with their places and what to write instead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import DeclarationError, FileError
from ctxschema.core.source import SourceText
from ctxschema.declaration.load import MOST_FAULTS, load_declaration, read_declaration
from tests.conftest import ROOT, Ended

GOOD = """\
name: blog
title: Blog
summary: A blog.
variables:
  ONEAPP_TITLE:
    label: Title
    default: My blog
  ONEAPP_DB:
    kind: boolean
    label: Database
    default: NO
  ONEAPP_PORT:
    kind: number
    label: Port
    default: 3306
    limits: {from: 1, to: 65535}
    effective: {ONEAPP_DB: YES}
"""


def said(text: str, name: str = "blog.yaml") -> list[tuple[str, str, str]]:
    appliance, findings = read_declaration(SourceText(text, name=name))
    assert (appliance is None) == bool(findings)
    return [(finding.origin or "", finding.code, finding.message) for finding in findings]


def test_a_plain_variable_takes_three_lines() -> None:
    assert said(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "origin", "code", "message"),
    [
        ("default: My blog", "default: NO", "blog.yaml:7:14", codes.DECLARATION_BARE, "is NO, which YAML may read"),
        ("default: My blog", "default: on", "blog.yaml:7:14", codes.DECLARATION_BARE, "is on, which YAML may read"),
        ("default: My blog", "default: 1.10", "blog.yaml:7:14", codes.DECLARATION_BARE, "is 1.10, which is a number"),
        ("default: My blog", "default: 0755", "blog.yaml:7:14", codes.DECLARATION_BARE, "is 0755, which YAML"),
        ("default: My blog", "default: 12:30", "blog.yaml:7:14", codes.DECLARATION_BARE, "is 12:30, which YAML"),
        ("default: NO", "default: maybe", "blog.yaml:11:14", codes.DECLARATION_FORM, "one of YES, NO"),
        ("default: 3306", 'default: "3306"', "blog.yaml:15:14", codes.DECLARATION_FORM, "an integer is meant"),
        ("label: Port", "lable: Port", "blog.yaml:14:5", codes.DECLARATION_KEY, "did you mean label?"),
        ("to: 65535", "too: 65535", "blog.yaml:16:23", codes.DECLARATION_KEY, "did you mean to?"),
        (
            "{ONEAPP_DB: YES}",
            "{ONEAPP_DBB: YES}",
            "blog.yaml:17:16",
            codes.DECLARATION_FAULT,
            "did you mean ONEAPP_DB?",
        ),
        ("{ONEAPP_DB: YES}", "{ONEAPP_PORT: 1}", "blog.yaml:17:16", codes.DECLARATION_FAULT, "hangs on itself"),
        ("{ONEAPP_DB: YES}", "{compare: ONEAPP_DB}", "blog.yaml:17:16", codes.DECLARATION_FAULT, "compares nothing"),
        ("default: 3306", "default: 70000", "blog.yaml:15:14", codes.DECLARATION_FAULT, "the default 70000 is not"),
        ("summary: A blog.", "name: twice", "blog.yaml:3:1", codes.DUPLICATE_KEY, "stands twice"),
        ("summary: A blog.", "? [a]\n: b", "blog.yaml:3:3", codes.KEY_NO_TEXT, "a list or a mapping"),
        ("title: Blog", "title: [", "blog.yaml:4:10", codes.YAML_SYNTAX, ""),
        ("title: Blog", "title: *all", "blog.yaml:2:8", codes.ALIASES, "'all'"),
    ],
)
def test_each_fault_has_its_place(old: str, new: str, origin: str, code: Code, message: str) -> None:
    (found,) = [each for each in said(GOOD.replace(old, new)) if each[1] == code.id][:1]
    assert found[0] == origin
    assert message in found[2]


@pytest.mark.parametrize(
    ("old", "new", "repair"),
    [
        ("label: Port", "label: Port\n    required: true", "write mandatory"),
        ("label: Port", "description: Port", "write label or help"),
        ("summary: A blog.", "description: A blog.", "write summary"),
        ("variables:", "user_inputs:", "write variables"),
        ("limits: {from: 1, to: 65535}", "min: 1", "write limits: {from: 1, to: 10}"),
        ("{from: 1, to: 65535}", "{min: 1, to: 65535}", "write from"),
        ("{from: 1, to: 65535}", "1..65535", "write {from: 1, to: 65535}"),
        ("kind: boolean", "kind: bool", "write boolean"),
        ("kind: number", "kind: numbr", "write number"),
        ("{ONEAPP_DB: YES}", "{ONEAPP_DBB: YES}", "write ONEAPP_DB"),
        ("variables:", "container: {image: postgres:16}\nvariables:", 'write {repository: "postgres", tag: "16"}'),
        ("variables:", "container: {image: 16}\nvariables:", 'write {repository: "..."}'),
        (
            "variables:",
            "container: {image: {repository: a}, ports: [8080:80]}\nvariables:",
            'write {outside: "8080", inside: "80"}',
        ),
        (
            "variables:",
            "container: {image: {repository: a}, environment: {A: secret}}\nvariables:",
            'write [{name: "A", text: "..."}]',
        ),
    ],
)
def test_a_word_or_a_form_of_another_tool_has_its_own_here(old: str, new: str, repair: str) -> None:
    _, findings = read_declaration(SourceText(GOOD.replace(old, new, 1), name="blog.yaml"))
    assert repair in [finding.repair for finding in findings]


@pytest.mark.parametrize(
    ("name", "text", "repair"),
    [
        ("a.json", '{"name": "a", "variables": {}, "container": {"image": "b:1"}}', '{"repository": "b", "tag": "1"}'),
        ("a.toml", 'name = "a"\n[variables]\n[container]\nimage = "b:1"\n', '{repository = "b", tag = "1"}'),
    ],
)
def test_an_example_is_in_the_language_of_the_declaration(name: str, text: str, repair: str) -> None:
    _, findings = read_declaration(SourceText(text, name=name))
    assert f"write {repair}" in [finding.repair for finding in findings]


def test_all_faults_come_at_once() -> None:
    text = GOOD.replace("title: Blog", "title: 1.10").replace("label: Port", "lable: Port").replace("to:", "too:")
    text = text.replace("default: 3306", "default: many")
    assert [code for _, code, _ in said(text)] == ["CTX272", "CTX270", "CTX271", "CTX270"]


@pytest.mark.parametrize(
    "text", ["", "- a\n", "text\n", "42\n", "name: x\n", "variables: {}\n", "{}", "\x00", "a: b: c"]
)
def test_what_is_no_declaration_is_a_finding(text: str) -> None:
    assert said(text)


def test_aliases_without_end_are_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(8)
    )
    assert [code for _, code, _ in said(bomb)] == [codes.ALIASES.id]


def test_anchors_and_merges_are_read() -> None:
    text = GOOD.replace("limits: {from: 1, to: 65535}", "limits: &port {from: 1, to: 65535}") + (
        "  ONEAPP_OTHER:\n    kind: number\n    label: Other\n    limits: {<<: *port, to: 10}\n"
    )
    appliance, findings = read_declaration(SourceText(text, name="blog.yaml"))
    assert findings == []
    assert appliance is not None
    assert appliance.by_name["ONEAPP_OTHER"].limits_in_words == "an integer, from 1 to 10"


def test_a_file_includes_others(tmp_path: Path) -> None:
    (tmp_path / "common.yaml").write_text("variables:\n  ONEAPP_X: {label: X}\n  ONEAPP_TITLE: {label: Other}\n")
    (tmp_path / "blog.yaml").write_text(f"include: [common.yaml]\n{GOOD}")
    path = str(tmp_path / "blog.yaml")
    appliance, findings = read_declaration(SourceText((tmp_path / "blog.yaml").read_text(), name=path))
    assert findings == []
    assert appliance is not None
    assert appliance.by_name["ONEAPP_TITLE"].label == "Title"
    assert "ONEAPP_X" in appliance.by_name


def test_a_circle_of_files_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"include: [b.yaml]\n{GOOD}")
    (tmp_path / "b.yaml").write_text("include: [a.yaml]\n")
    path = str(tmp_path / "a.yaml")
    ((origin, code, message),) = said((tmp_path / "a.yaml").read_text(), path)
    assert code == codes.DECLARATION_FILES.id
    assert message == "a circle of files: a.yaml includes b.yaml includes a.yaml"
    assert origin == f"{tmp_path}/b.yaml:1:11"


def test_of_files_that_are_included_each_fault_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/one.yaml").write_text(
        "include: [../two.toml, ../good.yaml]\ntitle: Of one\nvariables:\n  ONEAPP_ONE: {lable: One}\nprefixes: [A_]\n"
    )
    (tmp_path / "two.toml").write_text("title = 'Of two'\nsummary = 2\nprefixes = ['B_']\n")
    (tmp_path / "good.yaml").write_text("name: good\nvariables: {ONEAPP_GOOD: {label: Good}}\n")
    (tmp_path / "list.yaml").write_text("- a\n")
    (tmp_path / "wrong.yaml").write_text("a: [\n")
    text = "include: [none.yaml, parts/one.yaml, 5, list.yaml]\nname: blog\nvariables: {ONEAPP_ONE: {help: Of blog}}\n"
    path = tmp_path / "blog.yaml"
    path.write_text(text)
    _, (found,) = read_declaration(SourceText(text, name=str(path)))
    assert (found.code, found.origin) == (codes.DECLARATION_FILES.id, f"{path}:1:11")
    assert found.message == f"{tmp_path}/none.yaml cannot be read: No such file or directory"
    assert found.repair == "check the path"
    text = text.replace("none.yaml, ", "")
    assert said(text, str(path)) == [
        (f"{path}:1:27", "CTX272", "include.2 is 5, which is a number to YAML, and text is meant"),
        (f"{tmp_path}/parts/../two.toml:2:11", "CTX272", "summary is 2, which is a number to TOML, and text is meant"),
    ]
    (tmp_path / "two.toml").write_text("summary = 'Of two'\nprefixes = ['B_']\n")
    appliance, findings = read_declaration(SourceText(text.replace(" 5,", ""), name=str(path)))
    assert findings == []
    assert appliance is not None
    assert (appliance.name, appliance.title, appliance.summary) == ("blog", "Of one", "Of two")
    assert (appliance.prefixes, [*appliance.by_name]) == (("A_",), ["ONEAPP_GOOD", "ONEAPP_ONE"])
    assert appliance.by_name["ONEAPP_ONE"].help == "Of blog"
    for inner in ("wrong.yaml", "parts/one.yaml, wrong.yaml"):
        (origin, _, _), *_ = said(text.replace("parts/one.yaml, 5, list.yaml", inner), str(path))
        assert origin == f"{tmp_path}/wrong.yaml:2:1"


def test_a_text_that_is_from_no_file_includes_none() -> None:
    appliance, (found,) = read_declaration(SourceText(f"{GOOD}include: [a.yaml]\n", name="x.yaml"), includes=False)
    assert appliance is None
    assert (found.code, found.origin) == (codes.DECLARATION_FILES.id, "x.yaml:18:1")
    assert found.message == "a text that does not come from a file cannot include files"
    assert found.repair == "put their contents here, or name the file with --from"
    assert read_declaration(SourceText(GOOD, name="x.yaml"), includes=False)[1] == []
    assert [each.code for each in read_declaration(SourceText("- a\n", name="x.yaml"), includes=False)[1]] == ["CTX271"]


def test_a_file_that_declares_nothing_is_refused_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "blog.yaml"
    path.write_text(GOOD)
    assert load_declaration(path).name == "blog"
    path.write_text(GOOD.replace("label: Port", "lable: Port").replace("title: Blog", "title: 1"))
    with pytest.raises(DeclarationError) as refused:
        load_declaration(path)
    assert str(refused.value).splitlines() == [
        f"{path} declares no appliance:",
        f"  {path}:2:8: title is 1, which is a number to YAML, and text is meant",
        f"  {path}:14:5: variables.ONEAPP_PORT has no key 'lable'; did you mean label?",
    ]
    assert [finding.code for finding in refused.value.findings] == ["CTX272", "CTX270"]
    with pytest.raises(FileError):
        load_declaration(tmp_path / "none.yaml")


def test_no_more_than_a_hundred_faults_are_reported() -> None:
    many = "".join(f"  ONEAPP_{number}: {{lable: A}}\n" for number in range(120))
    assert len(said(f"name: a\nvariables:\n{many}")) == MOST_FAULTS
    many = "".join(f"  ONEAPP_{number}: {{label: a|b}}\n" for number in range(120))
    assert len(said(f"name: a\nvariables:\n{many}")) == MOST_FAULTS


def test_toml_is_read_and_its_faults_have_lines() -> None:
    text = 'name = "blog"\n[variables.ONEAPP_TITLE]\nlabel = "Title"\n[variables.ONEAPP_N]\nkind = "number"\nlabl = 1\n'
    assert said(text.replace("labl = 1", 'label = "N"'), "blog.toml") == []
    assert ("blog.toml:6:1", "CTX270") in [(origin, code) for origin, code, _ in said(text, "blog.toml")]
    assert said("name = ", "blog.toml")[0][:2] == ("blog.toml:1:8", "CTX271")
    assert said(text.replace("\n", "\r\n"), "blog.toml")[0][:2] == ("blog.toml:6:1", "CTX270")


def test_a_number_that_python_does_not_read_is_no_toml() -> None:
    (found,) = said(f"name = {'9' * 5000}\n", "blog.toml")
    assert found[:2] == ("blog.toml:2:1", "CTX271")
    assert found[2].endswith("value has 5000 digits")


@pytest.mark.usefixtures("patience")
def test_an_array_of_blanks_in_toml_takes_no_longer_than_its_length() -> None:
    assert said(f"name = [\n[{' ' * 20_000}\n]]\n", "blog.toml")


def test_the_command_ends_with_1_and_writes_nothing(tmp_path: Path, ctx: Callable[..., Ended]) -> None:
    declared, target = tmp_path / "blog.yaml", tmp_path / "out.tmpl"
    declared.write_text(GOOD.replace("label: Port", "lable: Port"))
    ended = ctx("generate", "user-inputs", "--from", str(declared), "-o", str(target))
    assert ended.code == 1
    assert "did you mean label?" in ended.err
    assert not target.exists()
    assert ctx("validate", "--from", str(tmp_path / "none.yaml")).code == 2


def test_a_file_larger_than_16_mib_is_refused(tmp_path: Path, ctx: Callable[..., Ended]) -> None:
    (tmp_path / "large.yaml").write_bytes(b"#" * (17 << 20))
    ended = ctx("show", "--from", str(tmp_path / "large.yaml"))
    assert ended.code == 1
    assert codes.TOO_LARGE.id in ended.err


TEXT = (ROOT / "tests/cases/declaration/well-with-everything.yaml.case").read_text(encoding="utf-8").partition("---")[0]


@given(st.integers(0, len(TEXT)), st.integers(0, 40), st.text("[]{}:-#&*!|>'\" \n0aA~", max_size=4))
def test_no_text_is_a_traceback(at: int, length: int, new: str) -> None:
    appliance, findings = read_declaration(SourceText(TEXT[:at] + new + TEXT[at + length :], name="x.yaml"))
    assert appliance is not None or findings
    assert all(finding.position is not None for finding in findings)


SHAPE = "description: d, example: e, counterexample: c"


@pytest.mark.parametrize(
    ("old", "new", "origin", "message"),
    [
        ("default: My blog", f"limits: {{matches: '[', {SHAPE}}}", "7:13", "no regular expression: unterminated"),
        (
            "default: My blog",
            f"limits: {{matches: a, {SHAPE}, instead: [{{matches: (, write: a}}]}}",
            "7:13",
            "no regular",
        ),
        ("default: My blog", "limits: {from: 1}", "7:13", "judges numbers, and text takes str"),
        ("default: NO", f"limits: {{matches: a, {SHAPE}}}", "11:13", "judges text, and boolean takes bool"),
        ("default: NO", "limits: {from: 0}", "11:13", "a boolean is YES or NO"),
        ("{from: 1, to: 65535}", "{from: .nan}", "16:20", "from is '.nan', and a number is meant"),
        ("{from: 1, to: 65535}", "{from: 1e400}", "16:20", "from is '1e400', and a number is meant"),
        ("{from: 1, to: 65535}", "{from: 5, to: 1}", "16:13", "begins at 5, above its end at 1"),
        ("{from: 1, to: 65535}", "{from: 5, above: 1}", "16:13", "both from and above"),
        ("{from: 1, to: 65535}", "{one_of: []}", "16:13", "allows nothing"),
        ("{ONEAPP_DB: YES}", "{compare: 1 >= nan}", "17:16", "'nan' is no term"),
        ("default: 3306", f"default: {'9' * 5000}", "15:14", "an integer is meant"),
        ("default: 3306", "default:", "15:13", "is empty, and"),
        ("default: 3306", "<<: [1]", "15:10", "<< merges mappings"),
    ],
)
def test_what_no_value_can_be_judged_by_is_a_finding(old: str, new: str, origin: str, message: str) -> None:
    found = said(GOOD.replace(old, new))
    assert found[0][0] == f"blog.yaml:{origin}"
    assert message in found[0][2]


@pytest.mark.parametrize(
    ("name", "text", "origin", "message"),
    [
        ("x.toml", "default = 1.10", "4:11", "1.10, which is a number to TOML"),
        ("x.toml", "default = true # why", "4:11", "true, which is a boolean to TOML"),
        ("x.toml", "default = 1979-05-27", "4:11", "1979-05-27, which TOML may read"),
        ("x.toml", 'kind = "number-float"\ndefault = nan', "5:11", "'nan', and a number"),
        ("x.toml", 'kind = "number-float"\nlimits = {from = inf}', "5:1", "'inf', and a number"),
        ("x.toml", f'kind = "number"\ndefault = 0x{"f" * 5000}', "5:11", "an integer is meant"),
        ("x.toml", f"effective = {'{not = ' * 200}{{}}{'}' * 200}", "5:1", "more than 64 levels"),
        ("x.json", '"default": 1.10', "1:67", "1.10, which is a number to JSON"),
        ("x.json", '"default": true', "1:67", "true, which is a boolean to JSON"),
        ("x.json", '"kind": "number-float", "default": 1e999', "1:91", "a number is meant"),
    ],
)  # fmt: skip
def test_toml_and_json_are_named_as_what_they_are(name: str, text: str, origin: str, message: str) -> None:
    whole = f'name = "b"\n[variables.ONEAPP_A]\nlabel = "A"\n{text}\n'
    if name == "x.json":
        whole = f'{{"name": "b", "variables": {{"ONEAPP_A": {{"label": "A", {text}}}}}}}'
    ((where, _, found),) = said(whole, name)
    assert message in found
    assert where == f"{name}:{origin}"


def test_a_variable_needs_nothing_but_its_name() -> None:
    appliance, findings = read_declaration(SourceText("name: a\nvariables:\n  ONEAPP_DB_HOST: {}\n", name="a.yaml"))
    assert findings == []
    assert appliance is not None
    (variable,) = appliance.variables
    assert (variable.label, variable.default, variable.kind.name) == ("Db host", None, "text")


@pytest.mark.parametrize(
    ("field", "marked"),
    [
        ("environment: [{name: A, text: x}, {name: DB, text: '{ONEAPP_KEY}'}]", "{name: DB, text: '{ONEAPP_KEY}'}"),
        ("environment: [{name: A, text: '{ONEAPP_NONE}'}]", "{name: A, text: '{ONEAPP_NONE}'}"),
        ("arguments: [--a, [--key, '{ONEAPP_KEY}']]", "[--key, '{ONEAPP_KEY}']"),
        ("arguments: [{flag: --key, value: '{ONEAPP_KEY}'}]", "{flag: --key, value: '{ONEAPP_KEY}'}"),
        ("mounts: [{source: /a, target: '/{ONEAPP_KEY}'}]", "{source: /a, target: '/{ONEAPP_KEY}'}"),
        (
            "beside: [{name: b, image: {repository: c}, environment: [{name: D, text: '{ONEAPP_KEY}'}]}]",
            "{name: D, text: '{ONEAPP_KEY}'}",
        ),
    ],
)
def test_a_fault_of_an_entry_of_the_container_stands_at_the_entry(field: str, marked: str) -> None:
    text = (
        GOOD
        + "  ONEAPP_KEY: {kind: password, label: Key}\n"
        + f"container:\n  image: {{repository: blog}}\n  {field}\n"
    )
    _, findings = read_declaration(SourceText(text, name="blog.yaml"))
    (place,) = {each.position for each in findings if each.code == codes.DECLARATION_FAULT.id}
    assert place is not None
    assert text[place.start : place.end] == marked
    if "KEY" in marked:
        assert {each.repair for each in findings} == {
            "write it into a file, or into an environment entry with in_file: true"
        }
