"""Ignoring in the file: for a line, the next line or the whole file, and never more than is there."""

import pytest

from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.lint.document import Kind
from ctxschema.lint.ignores import without_ignored
from ctxschema.lint.linter import lint_text
from ctxschema.lint.selection import Selection, codes_named

YAML = """\
---
name: x
opennebula_template:
  cpu: '1'
  memory: '512'
  context:
    network: 'YES'
    web_port: "$WEB_PORT"
  inputs_order: 'WEB_PORT'
  user_inputs:{before}
    WEB_PORT: '0|number|Port| |80'{behind}
"""
TEMPLATE = """\
CPU = "1"
MEMORY = "512"
USER_INPUTS = [{before}
  WEB_PORT = "0|number|Port| |80"{behind}
]
CONTEXT = [ NETWORK = "YES", WEB_PORT = "$WEB_PORT" ]
"""
SCRIPT = """\
#!/usr/bin/env bash
ONE_SERVICE_PARAMS=({before}
    'ONEAPP_PORT' 'configure' 'Port' '0|number'{behind}
)
"""
FORMS = [("a.yaml", YAML, "CTX003"), ("a.tmpl", TEMPLATE, "CTX003"), ("a.sh", SCRIPT, "CTX167")]


def found(name: str, text: str, selection: Selection | None = None) -> list[str]:
    return [each.code for each in lint_text(SourceText(text, name), selection)]


def written(text: str, *, before: str = "", behind: str = "", first: str = "") -> str:
    return first + text.format(before=before and f"\n{before}", behind=behind and f"  {behind}")


@pytest.mark.parametrize(("name", "text", "code"), FORMS)
def test_a_fault_is_ignored_where_somebody_says_so(name: str, text: str, code: str) -> None:
    everything = found(name, written(text))
    assert code in everything
    left = [each for each in everything if each != code]
    word = f"# ctxschema: ignore {code} because 0 is what the old form writes"
    assert found(name, written(text, behind=word)) == left
    assert found(name, written(text, before=f"    {word}")) == left
    assert found(name, written(text, before=f"    {word}\n    # and why this is so\n")) == left
    assert found(name, written(text, before=f"    {word.replace('ignore', 'ignore-file')}")) == left
    assert found(name, written(text, behind=f"# CTXSCHEMA: ignore {codes_named([code])[0].name}")) == left
    two = found(name, written(text, behind=f"# ctxschema: ignore CTX051, {code} - see the ticket"))
    assert sorted(two) == sorted([*left, codes.IGNORE_UNUSED.id])


@pytest.mark.parametrize(("name", "text", "code"), FORMS)
def test_what_ignores_nothing_is_a_finding_that_can_be_repaired(name: str, text: str, code: str) -> None:
    good = text.replace("0|", "O|")
    source = SourceText(written(good, behind=f"# ctxschema: ignore {code}"), name)
    (finding,) = [each for each in lint_text(source) if each.code == codes.IGNORE_UNUSED.id]
    assert code in finding.message
    (edit,) = finding.edits
    start, end = edit.position.start, edit.position.end
    assert source.text[:start] + edit.text + source.text[end:] == written(good)
    assert codes.IGNORE_UNUSED.id not in found(name, source.text, Selection(ignore=frozenset({code})))
    assert codes.IGNORE_UNUSED.id not in found(name, source.text, Selection(select=frozenset({"CTX12"})))


def test_a_comment_on_its_own_line_goes_with_its_line() -> None:
    text = written(TEMPLATE.replace("0|", "O|"), before="  # ctxschema: ignore CTX003")
    source = SourceText(text, "a.tmpl")
    (finding,) = [each for each in lint_text(source) if each.code == codes.IGNORE_UNUSED.id]
    (edit,) = finding.edits
    assert text[: edit.position.start] + text[edit.position.end :] == written(TEMPLATE.replace("0|", "O|"))


@pytest.mark.parametrize(
    "comment",
    [
        "#ctxschema:ignore:CTX003",
        "#\tctxschema:\tignore\tCTX003",
        "# ctxschema: ignore\t: CTX003",
        "# ctxschema: ignore [CTX003]",
        "# ctxschema: ignore ,CTX003",
        "# ctxschema: ignore\t[CTX003 ]\tbecause",
        "# ctxschema: ignore CTX005 , CTX003",
        "# ctxschema: ignore CTX005\t],\t[ CTX003",
        "# ctxschema: ignore CTX005 CTX003",
    ],
)
def test_the_forms_of_a_comment(comment: str) -> None:
    text = TEMPLATE.replace("number", "nubmer")
    assert {"CTX003", "CTX005"} <= set(found("a.tmpl", written(text)))
    above = f"{comment}\n\t#\n \n#\n\t\n\t# more"
    ignored = {code for code in ("CTX003", "CTX005") if code in comment}
    for lines in (written(text, behind=comment), written(text, before=above)):
        for each in (lines, lines.replace("\n", "\r\n")):
            assert not {*ignored, codes.IGNORE_UNUSED.id} & set(found("a.tmpl", each))


def test_an_ignore_for_one_line_leaves_the_next_one_alone() -> None:
    text = TEMPLATE.replace(
        '  WEB_PORT = "0|number|Port| |80"', '  A = "0|text|A| |x", # ctxschema: ignore CTX003\n  B = "0|text|B| |x"'
    )
    findings = lint_text(SourceText(written(text), "a.tmpl"), Selection(select=frozenset({"CTX003"})))
    assert [each.variable for each in findings] == ["B"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("ignore CTX999", "CTX999"),
        ("ignore", "no code"),
        ("ignore because I say so", "no code"),
        ("ignroe CTX003", "ignroe"),
        ("ignore flga", "flag"),
        ("ignore x", "'x' is no code"),
        ("", "nothing is said"),
    ],
)
def test_what_is_not_understood_is_a_finding(words: str, wanted: str) -> None:
    source = SourceText(written(TEMPLATE, behind=f"# ctxschema: {words}"), "a.tmpl")
    (finding,) = [each for each in lint_text(source) if each.code == codes.IGNORE_WORDS.id]
    assert wanted in finding.message
    assert codes.FLAG.id in {each.code for each in lint_text(source)}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tmpl", 'DESCRIPTION = "write # ctxschema: ignore CTX999"\nUSER_INPUTS = [ A = "O|text|A| |x" ]\n'),
        ("a.yaml", "user_inputs:\n  A: 'O|text|write # ctxschema: ignore CTX999| |x'\n"),
        ("a.yaml", 'user_inputs:\n  A: "O|text|write # ctxschema: ignore CTX999| |x"\n'),
        ("a.json", '{"user_inputs": {"A": "O|text|write # ctxschema: ignore CTX999| |x"}}\n'),
        ("a.json", '[" # ctxschema: ignore CTX999"]\n'),
        ("a", '\ufeff{\n\t"user_inputs": {"A": "O|text|write # ctxschema: ignore CTX999| |x"}}\n'),
        ("a.YML", 'user_inputs:\n- "A # ctxschema: ignore CTX999": "O|text|A| |x"\n'),
        ("a.tmpl", 'USER_INPUTS = [ A = "O|text|#ctxschema: ignore CTX999| |x" ]\nURL = http://a/#ctxschema:ignore\n'),
    ],
)
def test_a_text_that_looks_like_a_comment_is_none(name: str, text: str) -> None:
    assert not {codes.IGNORE_WORDS.id, codes.IGNORE_UNUSED.id} & set(found(name, text))


def test_the_template_in_a_block_of_yaml_has_comments_too() -> None:
    text = (
        "name: x\nroles: []\nopennebula_template: |\n  USER_INPUTS = [\n"
        '    # ctxschema: ignore CTX003\n    A = "0|text|A| |x" ]\n'
    )
    assert codes.FLAG.id not in found("a.yaml", text)
    assert codes.FLAG.id in found("a.yaml", text.replace("# ctxschema: ignore CTX003", "# nothing"))


def test_an_ignore_can_be_ignored() -> None:
    text = written(TEMPLATE.replace("0|", "O|"), behind="# ctxschema: ignore CTX003, CTX241")
    assert codes.IGNORE_UNUSED.id not in found("a.tmpl", text)


def test_what_stands_nowhere_is_ignored_for_the_whole_file_only() -> None:
    finding = codes.FLAG.at("wrong")
    for word, left in (("ignore", [finding]), ("ignore-file", [])):
        source = SourceText(f"# ctxschema: {word} CTX003\n\n", "a.tmpl")
        found, ignored = without_ignored(source, Kind.TEMPLATE, [finding], lambda _code: False)
        assert (found, ignored) == (left, 1 - len(left))


def test_lines_that_end_in_carriage_returns() -> None:
    text = written(YAML, behind="# ctxschema: ignore CTX003 because").replace("\n", "\r\n")
    assert codes.FLAG.id not in found("a.yaml", text)


@pytest.mark.parametrize(
    ("text", "fault", "ignored"),
    [
        ("# ctxschema: ignore CTX003\nZ\n", "Z", True),
        ("\n# ctxschema: ignore CTX003\nZ\n", "Z", True),
        ("X # ctxschema: ignore CTX003\nY\n", "X", True),
        ("X # ctxschema: ignore CTX003\nY\n", "Y", False),
        ("X\nY # ctxschema: ignore CTX003\n", "X", False),
        ("X\nY # ctxschema: ignore CTX003\n", "X\n", False),
        ("X\nY # ctxschema: ignore CTX003\n", "X\nY", True),
    ],
)
def test_the_line_of_a_comment_is_that_of_the_fault(text: str, fault: str, *, ignored: bool) -> None:
    source = SourceText(text, "a.sh")
    begin = text.index(fault)
    finding = codes.FLAG.at("wrong", position=source.at(begin, begin + len(fault)))
    left, number = without_ignored(source, Kind.SCRIPT, [finding], lambda _code: False)
    assert (left, number) == (([], 1) if ignored else ([finding], 0))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "{user_inputs: {A: '0|text|A| |x'}} # ctxschema: ignore CTX003\n"),
        (
            "a.sh",
            SCRIPT.format(before="", behind=" # ctxschema: ignore CTX167").replace("#!/usr/bin/env bash\n", "{ :; }\n"),
        ),
    ],
)
def test_a_brace_in_yaml_or_shell_begins_no_json(name: str, text: str) -> None:
    (code,) = {"CTX003", "CTX167"} & set(found(name, text.replace("# ctxschema", "# nothing")))
    assert code not in found(name, text)


def test_a_comment_may_follow_a_value_that_ends_with_a_no_break_space() -> None:
    source = SourceText("A = x\xa0# ctxschema: ignore CTX003\n", "a.tmpl")
    finding = codes.FLAG.at("wrong", position=source.at(4, 5))
    assert without_ignored(source, Kind.TEMPLATE, [finding], lambda _code: False) == ([], 1)


def test_a_file_of_comments_takes_no_time() -> None:
    many = "# ctxschema: ignore CTX003\n" * 20_000 + "\n" * 200_000
    inputs = ",\n".join(f'A{number} = "0|text|A| |x"' for number in range(2000))
    findings = lint_text(SourceText(f"{many}USER_INPUTS = [\n{inputs}\n]\n", "a.tmpl"))
    reported = [each for each in findings if each.code == codes.IGNORE_WORDS.id]
    assert "more than 1,000" in reported[0].message
    assert str(reported[0].origin) == "a.tmpl:1001:1"
