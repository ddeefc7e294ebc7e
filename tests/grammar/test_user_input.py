"""One definition: every fault with its code, its severity, its place and its repair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctxschema import Severity, parse_template, parse_user_input
from ctxschema.core import codes
from ctxschema.core.codes.code import Code
from ctxschema.core.errors import NotPortableError
from ctxschema.core.source import SourceText
from ctxschema.grammar.emit import user_input_text
from ctxschema.grammar.judge import Judge
from ctxschema.grammar.nodes import MOST_PIECES
from ctxschema.report.text import finding_lines

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741

FAULTS = [
    ("", codes.PART_COUNT, E, ""),
    ("M", codes.PART_COUNT, E, "M"),
    ("M|text", codes.PART_COUNT, E, "M|text"),
    ("M|text|d| ", codes.PART_COUNT, E, "M|text|d| "),
    ("M|text|d| |x|", codes.PART_COUNT, E, "M|text|d| |x|"),
    ("M|text|a|b|c|d", codes.PIPE, E, "M|text|a|b|c|d"),
    ("O|text|d", codes.THREE_PARTS, W, "O|text|d"),
    ("O|text64|d", codes.THREE_PARTS, E, "O|text64|d"),
    ("O|number|d", codes.THREE_PARTS, E, "O|number|d"),
    ("0|boolean|d| |NO", codes.FLAG, E, "0"),
    ("|boolean|d| |NO", codes.FLAG, E, ""),
    (" M|boolean|d| |NO", codes.PADDED, E, " M"),
    (" O|boolean|d| |NO", codes.PADDED, W, " O"),
    ("O| boolean|d| |NO", codes.PADDED, E, " boolean"),
    ("O|boolean| d| |NO", codes.PADDED, I, " d"),
    ("O|text|d| | x", codes.PADDED, W, " x"),
    ("O|boolean|d| |YES ", codes.PADDED, E, "YES "),
    ("O|password|d| |\u00a0x", codes.PADDED, E, "\u00a0x"),
    ("O|list|d|a,b|\u3000a", codes.PADDED, E, "\u3000a"),
    ("O|int|d| |1", codes.UNKNOWN_TYPE, E, "int"),
    ("O||d| |1", codes.UNKNOWN_TYPE, E, ""),
    ("O|list-multiple|d|a,b|a", codes.UNPORTABLE_TYPE, E, "list-multiple"),
    ("O|fixed|d| |x", codes.UNPORTABLE_TYPE, I, "fixed"),
    ("O|text|d|a,b|a", codes.OPTIONS_IGNORED, W, "a,b"),
    ("O|range|d|1-5|3", codes.RANGE_PARAMS, E, "1-5"),
    ("O|range|d|1.5..4|3", codes.RANGE_PARAMS, E, "1.5"),
    ("O|range|d|1..x|3", codes.RANGE_PARAMS, E, "x"),
    ("O|range|d|1...5|3", codes.RANGE_PARAMS, E, ".5"),
    ("O|range|d|a..b|3", codes.RANGE_PARAMS, E, "a..b"),
    ("O|range|d|1..2..3|3", codes.RANGE_PARAMS, E, "1..2..3"),
    ("O|range|d|1..|3", codes.RANGE_PARAMS, E, "1.."),
    ("O|range|d|-5..5|3", codes.RANGE_PARAMS, W, "-5"),
    ("O|range|d|5..1|3", codes.RANGE_ORDER, E, "5..1"),
    ("O|range|d|5..5|5", codes.RANGE_ORDER, E, "5..5"),
    ("O|range|d|9007199254740992..9007199254740993|9007199254740992", None, None, ""),
    ("O|range|d| 1..5|3", codes.PADDED, W, " 1..5"),
    ("O|list|d| |a", codes.NO_OPTIONS, E, " "),
    ("O|list|d|,,|a", codes.NO_OPTIONS, E, ",,"),
    ("O|list|d|a, b|a", codes.OPTION_TEXT, E, " b"),
    ("O|list|d|a, ,b|a", codes.OPTION_TEXT, W, " "),
    ("O|list|d|a,bb,a,bb|a", codes.OPTION_TEXT, W, "a"),
    ("O|list|d|" + "a,b" + ",b" * 2000 + "|a", codes.OPTION_TEXT, W, "b"),
    ("O|list|d|a,,b|a", codes.OPTION_TEXT, W, "a,,b"),
    ("O|list|d|" + "a," * 2000 + "a|a", codes.OPTION_TEXT, W, "a"),
    ("O|number|d| |", codes.NO_DEFAULT, I, ""),
    ("M|number|d| |", codes.NO_DEFAULT, I, ""),
    ("M|list|d|a|", codes.NO_DEFAULT, I, ""),
    ("O|list|d|a|", codes.NO_DEFAULT, I, ""),
    ("M|text|d| |", codes.NO_DEFAULT, W, ""),
    ("M|password|d| |", None, None, ""),
    ("O|range|d|1..5|", codes.NO_DEFAULT, W, ""),
    ("O|number|d| |0.8", codes.DEFAULT_TYPE, E, "number"),
    ("O|number|d| |x", codes.DEFAULT_TYPE, E, "x"),
    ("O|number-float|d| |.5", codes.DEFAULT_TYPE, E, ".5"),
    ("O|range|d|1..5|9", codes.DEFAULT_RANGE, E, "9"),
    ("O|list|d|a,b|c", codes.DEFAULT_RANGE, E, "c"),
    ("O|boolean|d| |", codes.DEFAULT_BOOLEAN, E, ""),
    ("O|boolean|d| |yes", codes.DEFAULT_BOOLEAN, E, "yes"),
    ("O|boolean|two\nlines| |NO", codes.LINE_END, W, "two\nlines"),
    ("O|password|d| |hunter2", codes.SECRET_DEFAULT, W, "hunter2"),
    ("O|text|d| |a\x01b", codes.UNSAFE_TEXT, E, "a\x01b"),
    ("O|text|d| |a]]>b", codes.UNSAFE_TEXT, E, "a]]>b"),
    ("O|text|d| |a\\", codes.UNSAFE_TEXT, E, "a\\"),
    ("O|fixed|d| |", codes.FIXED_DEFAULT, E, ""),
    ("O|text64|d| |x", codes.TEXT64_DEFAULT, W, "x"),
    ("O|number|d| |05", codes.NUMBER_FORM, W, "05"),
    ("O|number|d| |-0", codes.NUMBER_FORM, W, "-0"),
    ("O|number-float|d| |00.5", codes.NUMBER_FORM, W, "00.5"),
    ("O|number|d| |99999999999999999999", codes.NUMBER_FORM, W, "99999999999999999999"),
]


@pytest.mark.parametrize(("text", "code", "severity", "marked"), FAULTS)
def test_a_fault_is_found_where_it_stands(text: str, code: Code | None, severity: Severity | None, marked: str) -> None:
    found = {(f.code, f.severity): f for f in parse_user_input(text).findings}
    if code is None:
        assert not found
        return
    assert severity is not None
    finding = found[code.id, severity]
    assert finding.position is not None
    assert text[finding.position.start : finding.position.end] == marked
    assert finding.repair


@pytest.mark.parametrize(
    "text",
    [
        "O|boolean|d| |NO",
        "M|text|d| |x",
        "O|text|d| |",
        "O|list|d|a,b|b",
        "O|range|d|0..5|0",
        "O|number-float|d| |0.5",
        "O|password|d| |",
        "O|number|d| |-5",
    ],
)
def test_what_is_portable_has_no_finding_and_is_its_own_form(text: str) -> None:
    node = parse_user_input(text)
    assert node.findings == ()
    assert node.canonical() == text


@pytest.mark.parametrize(
    ("text", "repair"),
    [
        ("0|boolean|d| |NO", "write O"),
        ("m|boolean|d| |NO", "write M"),
        ("O|integer|d| |1", "write number"),
        ("O|boolen|d| |NO", "write boolean"),
        ("O|number|d| |0.8", "write `number-float`"),
        ("O|range|d|0.5..1.5|1", "write range-float"),
        ("O|boolean|d| |true", "write YES"),
        ("O|boolean|Enable GPU|NO", "write O|boolean|Enable GPU| |NO"),
        ("O|number|d| |007", "write 7"),
    ],
)
def test_a_repair_says_what_to_write(text: str, repair: str) -> None:
    assert repair in {finding.repair for finding in parse_user_input(text).findings}


@pytest.mark.parametrize(
    "text",
    [
        "O|password|d| |hun\x01ter2",
        "O|password|d| | hunter2",
        "O|password|d| |hun\nter2",
        "O|password|d|hunter2",
        "O|password|d| |hunter2",
    ],
)
def test_a_password_is_in_no_finding(text: str) -> None:
    findings = parse_user_input(text).findings
    assert findings
    assert "ter2" not in str([finding.as_dict() for finding in findings])


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0|number|d||5", "O|number|d| |5"),
        ("m|text|d", "M|text|d| |"),
        (" M | text | d | | dflt ", "M|text|d| |dflt"),
        ("O|boolean|d", "O|boolean|d| |NO"),
        ("O|boolean|d||Yes", "O|boolean|d| |YES"),
        ("O|number|d||0.8", "O|number-float|d| |0.8"),
        ("O|number|d||-05", "O|number|d| |-5"),
        ("O|number-float|d||-00.0", "O|number-float|d| |0.0"),
        ("O|list|d|a, b ,,b|b", "O|list|d|a,b|b"),
        ("O|range|d| 1 .. 5 |", "O|range|d|1..5|1"),
        ("O|text|d|x,y|z", "O|text|d| |z"),
        ("O|password|d||\u00a0x", "O|password|d| |x"),
    ],
)
def test_the_portable_form(text: str, canonical: str) -> None:
    assert parse_user_input(text).canonical() == canonical
    assert parse_user_input(canonical).canonical() == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "M",
        "M|text|d|x",
        "a|b|c|d|e|f",
        "X|text|d| |x",
        "O|int|d| |1",
        "O|list-multiple|d|a|a",
        "O|fixed|d| |x",
        "O|number|d| |",
        "M|list|d|a,b|",
        "O|range|d|-5..5|0",
        "O|text|a\nb| |",
        "O|number|d| |99999999999999999999",
        "O|text|d| |x\\",
    ],
)
def test_what_has_no_portable_form_says_why(text: str) -> None:
    with pytest.raises(NotPortableError) as refused:
        parse_user_input(text).canonical()
    assert refused.value.findings
    assert str(refused.value).startswith("no portable form: ")


def test_a_caret_points_at_the_option_and_at_the_bound() -> None:
    block = parse_template('USER_INPUTS = [ SIZE = "O|list|d|small,mid, large|small", N = "O|range|d|1..9x|3" ]\n')
    lines = {f.variable: list(finding_lines(f)) for f in block.findings if f.code in {"CTX012", "CTX009"}}
    for name, marked in (("SIZE", " large"), ("N", "9x")):
        _, line, mark = lines[name]
        at, length = mark.index("^"), mark.count("~") + 1
        assert line[at : at + length] == marked


@given(st.text("ab,. \n", max_size=30), st.sampled_from(["list", "range", "range-float", "text"]))
def test_the_pieces_of_params_are_those_between_the_separators(params: str, kind: str) -> None:
    node = parse_user_input(f"O|{kind}|d|{params}|x")
    separator = {"list": ",", "text": None}.get(kind, "..")
    assert [piece.text for piece in node.pieces] == ([] if separator is None else params.split(separator))
    for piece in node.pieces:
        assert node.source.text[piece.span.start : piece.span.end] == piece.text


def test_pieces_beyond_the_thousandth_are_one() -> None:
    node = parse_user_input("O|list|d|" + ",".join(map(str, range(5000))) + "|4999")
    assert len(node.pieces) == 1001
    assert node.pieces[-1].text.startswith("1000,1001,")
    assert not node.findings


@pytest.mark.parametrize(("number", "marked"), [(1000, " x"), (1001, None)])
def test_an_option_up_to_the_thousandth_has_a_place(number: int, marked: str | None) -> None:
    params = ",".join([*(f"w{at}" for at in range(number - 1)), " x"])
    text = f"O|list|d|{params}|x"
    (finding,) = parse_user_input(text).findings
    assert finding.position is not None
    assert text[finding.position.start : finding.position.end] == (marked or params)


@pytest.mark.parametrize(("length", "meant"), [(1000, True), (1001, False)])
def test_what_params_mean_is_asked_of_a_thousand_characters(length: int, meant: bool) -> None:  # noqa: FBT001
    options, bounds = "a;b;".ljust(length, "c"), "1-5".ljust(length)
    (of_options,) = parse_user_input(f"O|list|d|{options}|a").findings
    (of_bounds,) = (each for each in parse_user_input(f"O|range|d|{bounds}|3").findings)
    assert (bool(of_options.edits), bool(of_bounds.edits)) == (meant, meant)


def test_a_definition_is_written_of_its_parts() -> None:
    assert user_input_text("text", "How?") == "O|text|How?| |"
    assert user_input_text("list", "d", mandatory=True, params="a,b", default="a") == "M|list|d|a,b|a"


def test_what_was_written_is_read_as_it_is() -> None:
    node = parse_user_input(" M| list |d|a,b|a")
    assert (node.flag, node.type, node.description, node.params, node.default) == (" M", " list ", "d", "a,b", "a")
    assert (parse_user_input("M").type, parse_user_input("M|text|d").params) == (None, None)
    assert (node.source.name, parse_user_input(SourceText("M", "own")).source.name) == ("<definition>", "own")


@pytest.mark.parametrize(
    ("kind", "separator", "between"), [("list", ",", ","), ("range", "..", ".."), ("range", "..", "...")]
)
@pytest.mark.parametrize("number", [999, 1000, 1001, 1002, 1500])
def test_pieces_up_to_the_thousandth_stand_alone(kind: str, separator: str, between: str, number: int) -> None:
    params = between.join(f"w{at}" for at in range(number))
    node = parse_user_input(f"O|{kind}|d|{params}|w1")
    assert [piece.text for piece in node.pieces] == params.split(separator, 1000)
    for piece in node.pieces:
        assert node.source.text[piece.span.start : piece.span.end] == piece.text


@pytest.mark.parametrize("number", [4, 999, 1000, 1001, 1500])
def test_parts_up_to_the_thousandth_stand_alone(number: int) -> None:
    words = [f"w{at}" for at in range(number)]
    parts = [part.text for part in parse_user_input("|".join(words)).parts]
    assert parts == [*words[:1000], *(["|".join(words[1000:])] if number > 1000 else [])]


def test_a_blank_of_no_consumer_is_a_character_of_the_default() -> None:
    found = [each.code for each in parse_user_input("O|list|d|a,b|a\x1c").findings]
    assert codes.DEFAULT_RANGE.id in found
    assert codes.DEFAULT_RANGE.id not in [each.code for each in parse_user_input("O|list|d|a,b| a").findings]


def test_an_option_that_stands_twice_behind_very_many_is_found_in_the_params() -> None:
    options = ",".join(f"o{number}" for number in range(MOST_PIECES + 5)) + ",twice,twice"
    (found,) = [each for each in parse_user_input(f"O|list|d|{options}|o1").findings if "stands twice" in each.message]
    assert found.position is not None
    assert found.position.start == len("O|list|d|")


def test_a_finding_about_a_part_that_is_missing_is_about_the_definition() -> None:
    node = parse_user_input("O|text|d")
    position = Judge(node, "A").found(codes.PIPE, "m", len(node.parts)).position
    assert position is not None
    assert (position.start, position.end) == (0, len("O|text|d"))
