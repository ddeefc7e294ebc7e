"""Repairs are made in rounds: what overlaps waits, what makes a text worse is not made, and there is an end."""

from collections.abc import Callable, Iterable

import pytest
from attrs import evolve

from ctxschema.core.codes import CONTEXT_NUL, CONTEXT_SYNTAX, CONTEXT_TOO_MANY  # any three
from ctxschema.core.codes.code import Code
from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.lint.repairs import fixable, repaired, settled

Judge = Callable[[SourceText], Iterable[Finding] | None]
Wanted = tuple[int, int, str]


def finding(
    source: SourceText,
    *wanted: Wanted,
    code: Code = CONTEXT_SYNTAX,
    severity: Severity = Severity.ERROR,
    safe: bool = True,
) -> Finding:
    edits = tuple(Edit(source.at(start, end), text) for start, end, text in wanted)
    return code.at("wrong", position=source.at(0), edits=edits, safe=safe, severity=severity)


def once(text: str, *findings: tuple[Wanted, ...], judge: Judge = lambda _source: []) -> str:
    source = SourceText(text, "a.tmpl")
    return repaired(source, [finding(source, *each) for each in findings], judge)[0].text


@pytest.mark.parametrize(
    ("findings", "after"),
    [
        ([((0, 1, "A"),)], "Abcdef"),
        ([((0, 1, "A"), (5, 6, "F"))], "AbcdeF"),
        ([((5, 6, "F"),), ((0, 1, "A"),)], "AbcdeF"),
        ([((0, 3, "X"),), ((2, 4, "Y"),)], "Xdef"),  # what overlaps waits for the next round
        ([((0, 2, "X"),), ((2, 4, "Y"),)], "XYef"),
        ([((0, 2, "X"),), ((0, 2, "X"),)], "Xcdef"),  # two findings, one edit
        ([((2, 2, "X"),)], "abXcdef"),
        ([((2, 2, "X"),), ((2, 2, "Y"),)], "abXcdef"),  # of two texts for one place, one
        ([((0, 2, "Z"),), ((2, 2, "X"),)], "Zcdef"),
        ([((2, 2, "X"),), ((3, 4, "Y"),)], "abXcYef"),
        ([((6, 6, "!"),)], "abcdef!"),
        ([((0, 6, ""),)], ""),
        ([()], "abcdef"),
    ],
)
def test_what_is_written(findings: list[tuple[Wanted, ...]], after: str) -> None:
    assert once("abcdef", *findings) == after


def test_what_was_repaired_is_what_had_all_of_its_edits_made() -> None:
    source = SourceText("abcdef", "a.tmpl")
    first, other = finding(source, (0, 3, "X")), finding(source, (2, 4, "Y"), (5, 6, "Z"))
    made: list[Finding] = []
    after, left = repaired(source, [first, other], lambda _source: [], made=made)
    assert (after.text, made, left) == ("XdeZ", [first], [])
    assert after.name == "a.tmpl"


def test_what_changes_what_a_user_may_type_is_made_on_demand_only() -> None:
    source = SourceText("abcdef", "a.tmpl")
    each = finding(source, (0, 1, "A"), safe=False)
    assert (fixable(each, source), fixable(each, source, unsafe=True)) == (False, True)
    assert repaired(source, [each], lambda _source: [])[0].text == "abcdef"
    assert repaired(source, [each], lambda _source: [], unsafe=True)[0].text == "Abcdef"


@pytest.mark.parametrize("wanted", [[], [(0, 1, "A")], [(0, 1, "a")]])
def test_where_nothing_can_be_repaired_nothing_is_judged(wanted: list[Wanted]) -> None:
    source = SourceText("abcdef", "a.tmpl")
    each = finding(source, *wanted, safe=wanted == [(0, 1, "a")])
    after, (left,) = repaired(source, [each], lambda _source: pytest.fail("it was judged"))
    assert (after, left) == (source, each if not each.safe else evolve(each, edits=()))


def test_a_repair_after_which_the_text_cannot_be_read_is_none() -> None:
    source = SourceText("abcdef", "a.tmpl")
    after, (left,) = repaired(source, [finding(source, (0, 1, "A"))], lambda _source: None)
    assert (after.text, left.edits) == ("abcdef", ())


@pytest.mark.parametrize(
    ("severities", "made"),
    [
        ([], True),
        ([Severity.ERROR], True),
        ([Severity.WARNING], True),
        ([Severity.ERROR, Severity.ERROR], False),  # more errors
        ([Severity.WARNING, Severity.WARNING], True),
        ([Severity.WARNING, Severity.WARNING, Severity.WARNING], False),  # more of all
    ],
)
def test_a_repair_that_makes_it_worse_is_none(severities: list[Severity], *, made: bool) -> None:
    source = SourceText("abcdef", "a.tmpl")
    findings = [finding(source, (0, 1, "A")), finding(source, severity=Severity.WARNING)]
    after = repaired(source, findings, lambda text: [finding(text, severity=each) for each in severities])[0]
    assert (after.text == "Abcdef") == made


def test_of_several_codes_only_what_makes_it_worse_is_left_out() -> None:
    source = SourceText("abcdef", "a.tmpl")
    findings = [
        finding(source, (0, 1, "A"), code=CONTEXT_SYNTAX),
        finding(source, (1, 2, "!"), code=CONTEXT_TOO_MANY),
        finding(source, (2, 3, "C"), code=CONTEXT_NUL),
    ]

    def judge(text: SourceText) -> list[Finding] | None:
        if "!" in text.text:
            return None
        wanted = [(at, CONTEXT_SYNTAX if at == 0 else CONTEXT_NUL) for at in (0, 2) if text.text[at].islower()]
        again = [finding(text, (at, at + 1, text.text[at].upper()), code=code) for at, code in wanted]
        return [*again, finding(text, (1, 2, "!"), code=CONTEXT_TOO_MANY)]

    made: list[Finding] = []
    after, left = repaired(source, findings, judge, made=made)
    assert after.text == "AbCdef"
    assert [each.code for each in made] == [CONTEXT_SYNTAX.id, CONTEXT_NUL.id]
    assert [(each.code, each.edits) for each in left] == [(CONTEXT_TOO_MANY.id, ())]


@pytest.mark.parametrize("others", [[CONTEXT_TOO_MANY], [CONTEXT_TOO_MANY, CONTEXT_NUL]])
def test_a_code_is_repaired_without_those_that_make_it_worse(others: list[Code]) -> None:
    source = SourceText("abcdef", "a.tmpl")
    good = finding(source, (0, 1, "A"), code=CONTEXT_SYNTAX)
    bad = [finding(source, (at, at + 1, "!"), code=code) for at, code in enumerate(others, 1)]
    made: list[Finding] = []
    after, left = repaired(source, [good, *bad], lambda text: None if "!" in text.text else [], made=made)
    assert (after.text, made, left) == ("Abcdef", [good], [])


def test_a_repair_may_bring_another_to_light() -> None:
    def judge(text: SourceText) -> list[Finding]:
        return [finding(text, (0, 0, "x"))] if len(text.text) < 5 else []

    source = SourceText("", "a.tmpl")
    assert repaired(source, judge(source), judge)[0].text == "xxxxx"


def test_repairs_that_never_come_to_an_end_are_given_up() -> None:
    def judge(text: SourceText) -> list[Finding]:
        return [finding(text, (0, 0, "x"))]

    source = SourceText("", "a.tmpl")
    assert repaired(source, judge(source), judge)[0].text == "x" * 20


def test_a_long_text_is_judged_fewer_times() -> None:
    def judge(text: SourceText) -> list[Finding]:
        return [finding(text, (0, 0, "x"))]

    for length, rounds in ((99_999, 2), (100_000, 1), (33_332, 4), (1_000_000, 1)):
        source = SourceText("y" * length, "a.tmpl")
        assert len(repaired(source, judge(source), judge)[0].text) - length == rounds


# ---- texts within texts -----------------------------------------------------------------------------


def within(file: str, part: str, *, bare: bool = False, text: str | None = None) -> tuple[SourceText, SourceText]:
    """A file, and a part of it as a text of its own."""
    source = SourceText(file, "a.yaml")
    inner = part if text is None else text
    return source, SourceText(inner, "a.yaml", parent=source, anchors=((0, file.index(part)),), bare=bare)


@pytest.mark.parametrize(
    ("written", "bare", "edits"),
    [
        ("YES", False, [(5, 8, "YES")]),
        ("two words", False, [(5, 8, "two words")]),
        ("two words", True, []),  # without quotes, nothing but a word can stand there
        ("YES", True, [(5, 8, "YES")]),
        ("a.b|c/d+e-f", True, [(5, 8, "a.b|c/d+e-f")]),
        ('"abc"', False, [(5, 8, '"abc"')]),  # a text that only lacks its quotes
        ('"abd"', False, []),
        *((f"x{character}", False, []) for character in "\"'\\\n\r\t#{}[]"),
    ],
)
def test_what_needs_an_escape_is_not_written(written: str, edits: list[Wanted], *, bare: bool) -> None:
    source, inner = within("key: abc\n", "abc", bare=bare)
    made = settled(finding(inner, (0, 3, written)), source)
    assert [(each.position.start, each.position.end, each.text) for each in made.edits] == edits
    assert all(each.position.source is source for each in made.edits)


def test_what_stands_there_with_an_escape_is_not_replaced() -> None:
    source, inner = within('key: "a\\x41b"\n', "a\\x41b", text="aAb")
    assert settled(finding(inner, (0, 3, "ab")), source).edits == ()


def test_an_edit_of_another_file_is_none_here() -> None:
    source, _ = within("key: abc\n", "abc")
    other = SourceText("abc", "b.yaml")
    assert settled(finding(other, (0, 3, "x")), source).edits == ()


def test_where_one_edit_cannot_be_made_none_is() -> None:
    source, inner = within("key: abc\n", "abc")
    assert settled(finding(inner, (0, 1, "x"), (2, 3, "#")), source).edits == ()
