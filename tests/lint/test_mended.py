"""A mistake with quotes is one finding that names it, and the rest of the file is read as it was meant."""

import pytest

from ctxschema.core import codes
from ctxschema.core.source import SourceText
from ctxschema.lint.linter import lint_text
from ctxschema.lint.mended import mended

MACHINE = 'CPU = "1"\nMEMORY = "512"\n'
SCRIPT = '#!/bin/bash\necho "hello world"\nFOO="bar baz"\nexit 0\n'


def found(text: str) -> list[tuple[str, str, int, str]]:
    return [
        (finding.code, finding.severity.value, finding.position.as_dict()["line"], finding.message)
        for finding in lint_text(SourceText(text, name="a.tmpl"))
        if finding.position is not None
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('PATH = "C:\\dir\\"\n' + MACHINE, 1, "the backslash at the end of PATH"),
        (MACHINE + 'CONTEXT = [\n  SHARE = "a\\",\n  TARGET = "hda" ]\n', 4, "the backslash at the end of SHARE"),
        (MACHINE + 'NAME = "the "best" one"\nNOTE = "x"\n', 3, "a double quote inside the value of NAME"),
        (
            MACHINE + 'CONTEXT = [\n  FILES_DS = "$FILE[IMAGE="a.sh", IMAGE_UNAME="b"]",\n  NETWORK = "YES" ]\n',
            4,
            "a double quote inside the value of FILES_DS",
        ),
        (MACHINE + 'CONTEXT = [ A = "say "hi", now", B = "x" ]\n', 3, "a double quote inside the value of A"),
        (MACHINE + f'CONTEXT = [\n  START_SCRIPT = "{SCRIPT}",\n  NETWORK = "YES" ]\n', 5, "START_SCRIPT ends it"),
        (MACHINE + "CONTEXT = [ A = 'a b', NETWORK = \"YES\" ]\n", 3, "A stands in single quotes"),
        (MACHINE + "NAME = “my machine”\n", 3, "NAME stands in typographic quotes"),
        (MACHINE + 'NAME = "machine\nCONTEXT = [ NETWORK = "YES" ]\n', 3, "the quote before the value of NAME"),
    ],
)
def test_the_mistake_is_named_once(text: str, line: int, message: str) -> None:
    ((code, severity, where, message_found),) = found(text)
    assert (code, severity, where) == (codes.SYNTAX.id, "error", line)
    assert message in message_found


def test_a_quote_too_many_is_kept_by_the_server() -> None:
    ((code, severity, line, message_found),) = found(MACHINE + 'NOTE = "y""\nCONTEXT = [ NETWORK = "YES" ]\n')
    assert (code, severity, line) == (codes.GLUED_QUOTE.id, "warning", 3)
    assert "a double quote too many" in message_found


def test_each_mistake_is_told() -> None:
    text = MACHINE + 'CONTEXT = [\n  A = "a\\",\n  B = "b\\",\n  C = "the "best" one",\n  TARGET = "hda" ]\n'
    assert [line for _, _, line, _ in found(text)] == [4, 5, 6]


def test_a_definition_does_not_take_the_next_for_a_part_of_itself() -> None:
    text = MACHINE + 'USER_INPUTS = [ A = "O|text|say "hi" now| |x", B = "O|text|say "ho" now| |y" ]\n'
    _, findings = mended(SourceText(text))
    assert [each.message for each in findings] == [
        "a double quote inside the value of A ends it",
        "a double quote inside the value of B ends it",
    ]


@pytest.mark.parametrize("text", ["NAME = 'machine'\n", "NAME = “machine”\n"])
def test_what_the_server_takes_is_a_warning(text: str) -> None:
    ((code, severity, line, _),) = found(text + MACHINE)
    assert (code, severity, line) == (codes.SINGLE_QUOTES.id, "warning", 1)


@pytest.mark.parametrize(
    "text",
    [
        'RAW = [ TYPE="kvm", DATA="<cpu mode=\\"host-passthrough\\"/>" ]\n',
        'RAW = [ TYPE="kvm", DATA="\\"<cpu mode=\'host-passthrough\'/>\\" " ]\n',
        'NOTE = "it\'s mine"\n',
        'PATH = "C:\\dir\\file"\n',
        'A = "x" B = "y"\n',
    ],
)
def test_what_is_right_stays_as_it_is(text: str) -> None:
    assert found(MACHINE + text) == []
    template, findings = mended(SourceText(MACHINE + text))
    assert (template.source.text, findings) == (MACHINE + text, [])


def test_what_stands_behind_a_mistake_is_read() -> None:
    text = MACHINE + 'NOTE = "the "best" one"\nUSER_INPUTS = [ PORT = "O|number|Port| |80a" ]\nINPUTS_ORDER = "PORT"\n'
    text += 'CONTEXT = [ PORT = "$PORT" ]\n'
    assert [(code, line) for code, _, line, _ in found(text)] == [(codes.SYNTAX.id, 3), (codes.DEFAULT_TYPE.id, 4)]


@pytest.mark.parametrize(
    ("text", "corrected", "places"),
    [
        ('A="a "b" c"', r'A="a \"b\" c"', [0, 1, 2, 3, 4, 5, 5, 6, 7, 7, 8, 9, 10]),
        ("A='say \"hi\"'\n", 'A="say \\"hi\\""\n', [0, 1, 2, 3, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11, 12]),
        ('A="x\n', 'A="x"\n', [0, 1, 2, 3, 3, 4]),
    ],
)
def test_what_was_corrected_keeps_its_place(text: str, corrected: str, places: list[int]) -> None:
    source = mended(SourceText(text))[0].source
    assert source.text == corrected
    assert [source.at(at, at + 1).outermost.start for at in range(len(corrected))] == places


def test_no_more_is_parsed_than_a_limit() -> None:
    def named(form: str) -> tuple[list[str], int]:
        text = "".join(form.format(number=number, more="x" * 700) for number in range(30))
        findings = mended(SourceText(text))[1]
        return [f"{finding.variable}" for finding in findings if finding.repair], 100_000 // len(text)

    for form in ('N{number} = "a "b" {more}"\n', "N{number} = '{more}'\n"):
        names, tried = named(form)
        assert names[:tried] == [f"N{number}" for number in range(tried)]
        assert f"N{tried}" not in names


@pytest.mark.parametrize(
    "behind",
    [
        "",
        " \t\n\n",
        ' ]\nNAME = "x"\n',
        '\n\n  ]\nNAME = "x"\n',
        '\nNETWORK = "YES"\n',
        '\t\n\t\n\tNETWORK\t= "YES"\n',
        ',\nNETWORK = "YES" ]\n',
        '\t ,\tNETWORK="YES" ]\n',
        ', NETWORK\t = "YES" ]\n',
    ],
)
@pytest.mark.parametrize("begin", ['START_SCRIPT = "', 'START_SCRIPT\t=\t"', 'START_SCRIPT="\n'])
def test_a_script_with_many_quotes_goes_to_its_end(begin: str, behind: str) -> None:
    vector = "CONTEXT = [ " if "]" in behind else ""
    words = [f'echo "{number}" x{number}="{number}", "x", y "z"' for number in range(40)]
    script = "\n".join(["#!/bin/sh", *words, 'echo "bye" "\n'])
    template, findings = mended(SourceText(f'{MACHINE}{vector}{begin}{script}"{behind}'))
    escaped = script.replace('"', '\\"')
    assert template.source.text == f'{MACHINE}{vector}{begin}{escaped}"{behind}'
    assert [finding.message for finding in findings] == ["a double quote inside the value of START_SCRIPT ends it"]


@pytest.mark.parametrize(
    "quotes", ["''", "\u2018\u2019", "\u2019\u2019", "\u2018\u2018", "“”", "””", "““", "„“", "„”", "«»"]
)
def test_each_of_several_values_in_other_quotes_is_mended(quotes: str) -> None:
    begin, end = tuple(quotes)
    text = (
        "CONTEXT = [ A = <a b>, B=<c d> # and\n , C_C = <e f>, # and\n DD\t=\t<g h>,\tE\t= <x>,\n"
        " F = <i j>\t,\t# and\n G=<k, # l>\n , H = <m n>,\n I = <o p>\n]\n"
    )
    wrong, right = text.replace("<", begin).replace(">", end), text.replace("<", '"').replace(">", '"')
    assert mended(SourceText(wrong))[0].source.text == right


@pytest.mark.parametrize("mark", "'\u2018\u2019“”„«»")
@pytest.mark.parametrize("behind", [" b, B = <c d>", "\n  , B = c d>", " b> c, B = <d>", " b>, c d, B = <e>"])
def test_other_quotes_that_are_never_closed_take_no_other_value(mark: str, behind: str) -> None:
    begin, end = ("'", "'") if mark == "'" else ("“", "”")
    text = f"CONTEXT = [ A = {begin}a{behind} ]\n".replace("<", mark).replace(">", end)
    template, findings = mended(SourceText(text))
    assert template.source.text[: text.index("B")] == text[: text.index("B")]
    assert codes.SYNTAX.id in {finding.code for finding in findings}
