"""A repair changes the line that it is about and no other."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxschema.core.finding import Edit, Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.lint.linter import lint_text
from ctxschema.lint.repairs import fixable, repaired

FOLDED = """\
opennebula_template:
  inputs_order: >-
    A_ONE,b_two,
    C_THREE,
    D_FOUR
  user_inputs:
    A_ONE: 'O|text|One| |x'
    B_TWO: 'O|text|Two| |x'
    C_THREE: 'O|text|Three| |x'
    D_FOUR: 'O|text|Four| |x'
"""
PLAIN = """\
opennebula_template:
  inputs_order: A_ONE,
    b_two,
    C_THREE,GONE
  user_inputs:
    A_ONE: 'O|text|One| |x'
    B_TWO: O|list|Mode of the thing that
      is folded|fast, slow,
      middling|fast
    C_THREE: "O|text|Three, \\
      and folded | |x"
"""


def fixed(text: str, name: str = "a.yaml", *, unsafe: bool = False) -> str:
    source = SourceText(text, name)
    return repaired(source, lint_text(source), lint_text, unsafe=unsafe)[0].text


def changed(before: str, after: str) -> list[int]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    assert len(old) == len(new)
    return [number for number, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1]]


def test_a_folded_order_stays_folded() -> None:
    after = fixed(FOLDED)
    assert "    A_ONE,B_TWO,\n    C_THREE,\n    D_FOUR\n" in after
    assert changed(FOLDED, after) == [3]


def test_folded_scalars_without_quotes_keep_their_lines() -> None:
    after = fixed(PLAIN)
    assert changed(PLAIN, after) in ([3, 4], [3, 4, 8])
    assert "    B_TWO,\n" in after
    assert "GONE" not in after


@pytest.mark.parametrize(("limit", "repaired_lines"), [(9 * 7, [3]), (9 * 7 - 1, [])])
def test_no_more_words_are_compared_than_a_limit(
    limit: int, repaired_lines: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctxschema.lint.repairs._MOST_COMPARED", limit)
    text = f"# {limit}\n{FOLDED}"
    assert changed(text, fixed(text)) == [number + 1 for number in repaired_lines]


@pytest.mark.parametrize("style", [">-", ">", "|"])
def test_what_an_order_leaves_out_is_added_at_its_end(style: str) -> None:
    text = FOLDED.replace(">-", style).replace("b_two", "B_TWO")
    text += "    E_FIVE: 'O|text|Five| |x'\n    F_SIX: 'O|text|Six| |x'\n"
    assert fixed(text) == text.replace("D_FOUR\n", "D_FOUR,E_FIVE,F_SIX\n", 1)


def test_a_long_order_changes_in_its_faulty_lines_only() -> None:
    names = [f"N_{number}" for number in range(120)]
    lines = ",\n".join(f"    {name.lower() if name in {'N_7', 'N_90'} else name}" for name in names)
    inputs = "".join(f"    {name}: 'O|text|x| |x'\n" for name in names)
    text = f"opennebula_template:\n  inputs_order: >-\n{lines}\n  user_inputs:\n{inputs}"
    assert changed(text, fixed(text)) == [10, 93]
    folded = text.replace(lines, lines.lower())
    assert fixed(folded) == folded.replace(lines.lower(), lines.upper())


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        ([(3, 5, "a"), (5, 7, "b")], "012ab789"),
        ([(3, 6, "a"), (4, 5, "b"), (7, 8, "c")], "012a6c89"),
        ([(3, 5, "a"), (5, 5, "b")], "012a56789"),
        ([(3, 3, "b"), (3, 3, "a")], "012a3456789"),
        ([(3, 3, "a"), (3, 5, "b")], "012a3456789"),
        ([(3, 3, "a"), (4, 6, "b")], "012a3b6789"),
        ([(3, 3, "a"), (5, 5, "b")], "012a34b56789"),
        ([(10, 10, "b"), (0, 0, "a")], "a0123456789b"),
        ([(0, 10, "")], ""),
    ],
)
def test_of_edits_that_overlap_the_first_is_made(edits: list[tuple[int, int, str]], text: str) -> None:
    source = SourceText("0123456789", "a.tmpl")
    findings = [
        Finding("CTX003", Severity.ERROR, "x", edits=(Edit(source.at(start, end), new),)) for start, end, new in edits
    ]
    assert repaired(source, findings, lambda _text: ())[0].text == text


def test_carriage_returns_stay() -> None:
    text = FOLDED.replace("\n", "\r\n")
    assert changed(text, fixed(text)) == [3]


@pytest.mark.parametrize("text", [FOLDED, PLAIN])
def test_what_is_left_cannot_be_repaired(text: str) -> None:
    source = SourceText(fixed(text), "a.yaml")
    assert fixed(source.text) == source.text
    assert not any(fixable(each, source) for each in lint_text(source))


def test_what_changes_what_a_user_may_type_waits_for_leave() -> None:
    text = 'USER_INPUTS = [ A = "0|number|A| |80.5" ]\n'
    assert fixed(text, "a.tmpl") == text.replace("0|number", "O|number")
    assert fixed(text, "a.tmpl", unsafe=True) == text.replace("0|number", "O|number-float")


def test_what_was_repaired_is_told() -> None:
    source = SourceText('USER_INPUTS = [ A = "0|list|A|a, b|a" ]\n', "a.tmpl")
    made: list[Finding] = []
    repaired(source, lint_text(source), lint_text, made=made)
    assert {each.code for each in made} == {"CTX003", "CTX012"}


NAMES = ["ONE", "TWO", "three", "FOUR", "GONE", "five", "ONE"]


@settings(max_examples=300)
@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([",", ", ", ",\n    ", " ,\n      "])), min_size=1),
    st.sampled_from(["", ">-\n    ", "|-\n    ", "'", '"']),
)
@example([("b", ",\n    ")], ">-\n    ")
def test_an_order_in_any_shape_keeps_its_other_lines(pieces: list[tuple[str, str]], style: str) -> None:
    order = "".join(name + comma for name, comma in pieces).rstrip(", \n")
    close = style if style in {"'", '"'} else ""
    inputs = "".join(f"    {name}: 'O|text|x| |y'\n" for name in ("ONE", "TWO", "THREE", "FOUR", "FIVE"))
    text = f"user_inputs:\n{inputs}inputs_order: {style}{order}{close}\nname: x\n"
    after = fixed(text)
    touched = changed(text, after)
    assert after.endswith("name: x\n")
    for number in touched:
        assert 7 <= number < len(text.splitlines())
    assert fixed(after) == after
