"""The dialect table: how a row is written, and which rows a definition has."""

import pytest

from ctxschema import parse_user_input
from ctxschema.consumers.asked import Asked, asking_order, sent_text
from ctxschema.consumers.resolve import Resolved, entry_of, resolve, taken_apart
from ctxschema.consumers.table import CLI, CONSUMERS, OLD_SUNSTONE, ONEFLOW, Accepts, Reading, Row, _row, subjects


def test_a_row_says_of_each_consumer_whether_it_takes_it_and_what_it_makes_of_it() -> None:
    row = _row("blanks", cli="+ strips them", old_sunstone="~ keeps them", oneflow="- refuses them")
    assert row == Row(
        "blanks",
        (
            Reading(CLI, Accepts.YES, "strips them"),
            Reading(OLD_SUNSTONE, Accepts.PARTLY, "keeps them"),
            Reading(ONEFLOW, Accepts.NO, "refuses them"),
        ),
    )
    assert row.of(ONEFLOW).makes == "refuses them"
    others = [row.of(each) for each in CONSUMERS if each not in {CLI, OLD_SUNSTONE, ONEFLOW}]
    assert {(each.accepts, each.makes) for each in others} == {(Accepts.YES, "")}
    assert [each.rank for each in (Accepts.YES, Accepts.PARTLY, Accepts.NO)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("O|text|d| |", ["text"]),
        ("", ["fewer than 3 parts", "flag other than M or O"]),
        ("M|text", ["fewer than 3 parts", "text"]),
        ("M|text|d", ["3 parts", "text"]),
        ("M|list|d|a", ["4 parts", "list"]),
        ("M|list|d|a|b|c", ["more than 5 parts", "list"]),
        ("X|text|d| |", ["flag other than M or O", "text"]),
        ("\0M\0|text|d| |", ["blanks around a part", "text"]),
        ("M|text|d| |\v", ["blanks around a part", "text"]),
        ("M|text|d|  |x", ["text"]),
        ("M|range|d|1..2 |1", ["blanks around a part", "range"]),
        ("M|nothing|d|x|1", ["unknown type"]),
        ("M|text|d|x|1", ["text", "params that mean nothing"]),
        ("M|range|d|x|1", ["range"]),
        ("M|list|d|a,b|c", ["list", "default that is no option"]),
        ("M|list|d|a,b|b", ["list"]),
        ("M|list|d|a,b|", ["list"]),
        ("M|list-multiple|d|a,b|c", ["list-multiple"]),
        ('M|text|say "d"| |', ["text", "double quote"]),
        ("M|text|a\nb| |", ["text", "line end"]),
        ("M|text|d| |x\n", ["blanks around a part", "text"]),
    ],
)
def test_the_rows_of_a_definition(text: str, found: list[str]) -> None:
    assert list(subjects(parse_user_input(text))) == found


def test_the_order_of_the_questions_and_what_is_sent() -> None:
    assert asking_order(["C", "B", "A"], " B ,NONE,B") == ["B", "A", "C"]
    text = parse_user_input("O|text|d| |")
    asked = [
        Asked("a", text, 'say "x" \\'),
        Asked("B", parse_user_input("M|number|d| |"), "x"),
        Asked("C", parse_user_input(" O | text |d| |"), "<<EDITOR>>"),
        Asked("D", text),
    ]
    assert sent_text(asked) == 'a = "say \\"x\\" \\"\nD = ""\n'
    assert [each.key for each in asked] == ["A", "B", "C", "D"]
    assert [each.in_editor for each in asked] == [False, False, True, False]
    assert not Asked("E", parse_user_input("O|password|d| |"), "<<EDITOR>>").in_editor
    assert Asked("E", parse_user_input("O|password|d| |"), "x").quoted("x") == "the answer"
    assert Asked("E", text, "x").quoted("y") == "'y'"


def test_the_entry_that_refers_to_an_input_is_the_first_that_does() -> None:
    context = {"A": "$AB", "first": "x ${C} $c/$B", "SECOND": "$B"}
    assert [entry_of(name, context) for name in ("B", "C", "AB", "A")] == ["FIRST", "FIRST", "A", None]


def resolved(context: dict[str, str], **stored: str) -> Resolved:
    return resolve(context, stored, {"A", "B", "UNSET"})


def test_a_context_is_resolved_whole() -> None:
    found = resolved(
        {"x": "<$A>$UNSET", "X": "the second", "Y": "$B\n-", "Z": "\\$A $B", "K": "$SECRET $A"}, A="1", B="2"
    )
    assert found == Resolved(
        {"K": None, "X": "<1>", "Y": "2-", "Z": "\\$A 2"},
        {"K": "", "X": "<1>", "Y": "2-", "Z": "\\$A 2"},
        {},
    )
    assert resolved({"X": "$A[NAME]"}).entries == {"X": None}
    assert resolved({"X": "$A\n"}, A="1").entries == {"X": "1"}


@pytest.mark.parametrize("text", ["100$", "$A\nword", "$A,", "$A=", "$A]", "$A[", "${A"])
def test_a_reference_that_fails_the_instantiation(text: str) -> None:
    assert resolved({"X": "fine", "Y": text}, A="1") == Resolved({}, {}, {}, faulty=True)


def test_a_separator_makes_entries_of_which_the_first_of_a_name_counts() -> None:
    found = resolved({"X": "$A", "Y": "y"}, A="1@^_^@NEW=2=3@^_^@Y=4@^_^@lost")
    assert found == Resolved(
        {"X": "1", "NEW": "2=3", "Y": "4"}, {"X": "1@^_^@NEW=2=3@^_^@Y=4@^_^@lost", "Y": "y"}, {"NEW": "2=3"}
    )
    assert taken_apart({"B": "2", "A": "1@^_^@B=0"}) == {"A": "1", "B": "0"}
    assert list(taken_apart({"B": "2", "A": "1"})) == ["A", "B"]
