"""Template text: the 27 rules of the server's language, faults with their places, and the XML form."""

import itertools
from typing import Any

import pytest

from ctxschema import parse_template
from ctxschema.core import codes
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import has_errors
from ctxschema.grammar.emit import template_text
from tests.said import said

Kept = list[tuple[str, Any]]


def kept(text: str) -> Kept:
    template = parse_template(text)
    assert template.ok, template.findings
    return template.attributes


def places(text: str) -> list[tuple[str, str]]:
    """Code and marked text of every finding."""
    found = []
    for finding in parse_template(text).findings:
        assert finding.position is not None
        place = finding.position.outermost
        found.append((finding.code, text[place.start : place.end]))
    return found


# Number of the rule in docs/facts/opennebula.md 2.2, text, and what the server keeps; None where it refuses.
RULES: list[tuple[int, str, Kept | None]] = [
    (1, 'a = 1 X=[b="1"]', [("A", "1"), ("X", {"B": "1"})]),
    (2, "A-B = 1", None),
    (2, "A.B = 1", None),
    (2, "A/B = 1", None),
    (2, "A B = 1", None),
    (2, "\u00d1 = 1", None),
    (3, "1A=1 XMLFOO=1 xmlfoo=1 _A=1", [("ONE_1A", "1"), ("ONE_XMLFOO", "1"), ("XMLFOO", "1"), ("_A", "1")]),
    (4, 'A=[1B="2"]', [("A", {"1B": "2"})]),
    (5, "A\n\n = 1", [("A", "1")]),
    (5, 'A =\n"1"', None),
    (5, "A =\nB = 2", [("A", ""), ("B", "2")]),
    (6, 'A=""', [("A", "")]),
    (6, "A=\n", [("A", "")]),
    (6, "A = ", None),
    (6, "X=[B=]", None),
    (6, 'X=[B=""]', [("X", {"B": ""})]),
    (7, "A = a b", None),
    (7, "A = x=y", None),
    (7, 'A = a"b', [("A", 'a"b')]),
    (8, 'A="x\ny#,[]="', [("A", "x\ny#,[]=")]),
    (9, r'A="a\n\t\\b\"c"', [("A", r'a\n\t\\b"c')]),
    (10, r"A = \"x\"", [("A", '"x"')]),
    (11, "A='x'", [("A", "'x'")]),
    (11, "A='a b'", None),
    (12, 'A="x"y', [("A", '"x"y')]),
    (12, 'A="x"B="y"', None),
    (12, 'A="x y"z=1', [("A", "x y"), ("Z", "1")]),
    (13, 'A="1"\r\n', [("A", '"1"')]),
    (13, 'A="1" \r\nB=[C="2",\r\nD="3"]', [("A", "1"), ("B", {"C": "2", "D": "3"})]),
    (14, 'A="unterminated', [("A", '"unterminated')]),
    (14, 'A="not closed', None),
    (15, "A=1\n# end", None),
    (15, 'A=1 # c\nB=[ # c\n C="2", # c\n D="3" # c\n] # c\n', [("A", "1"), ("B", {"C": "2", "D": "3"})]),
    (16, "A = #x", [("A", "x")]),
    (16, "A=  # c\n", [("A", "c")]),
    (17, 'A=[B=[C="1"]]', None),
    (17, "A=[B=1,]", None),
    (17, "A=[,B=1]", None),
    (17, "A=[B=1 C=2]", None),
    (17, "A=[B=1\n,\nC=2\n]", [("A", {"B": "1", "C": "2"})]),
    (18, "A=[]", [("A", {})]),
    (19, "A=[b=1,B=2]", [("A", {"B": "1"})]),
    (20, "B=1 A=2 b=3", [("A", "2"), ("B", "1"), ("B", "3")]),
    (20, "A=[B=1] A=2", [("A", {"B": "1"}), ("A", "2")]),
    (21, "A=[Z=1,C=2]", [("A", {"C": "2", "Z": "1"})]),
    (22, 'A="a]]>b"', None),
    (22, 'A="x" # ]]>\n', None),
    (22, 'A="x\n]]>"', [("A", "x\n]]>")]),
    (22, 'A="longer than the line ]]>\nof it"', [("A", "longer than the line ]]>\nof it")]),
    (22, "# ]]>\nA=1", [("A", "1")]),
    (23, '"A" = 1', [("A", "1")]),
    (23, "A == 1", [("A", "1")]),
    (23, '<VAR>="x"', None),
    (23, ' <VAR>="x"', [("VAR", "x")]),
    (23, "\ufeffA = 1", [("A", "1")]),
    (24, "A = 1\nB = 2\0C = [", [("A", "1"), ("B", "2")]),
    (26, 'A="\u00e9 \u2603 \v x"', [("A", "\u00e9 \u2603 \v x")]),
    (27, "A" * 300 + '="' + "x" * 40_000 + '"', [("A" * 300, "x" * 40_000)]),
]


@pytest.mark.parametrize(("rule", "text", "result"), RULES)
def test_the_rules_of_the_server(rule: int, text: str, result: Kept | None) -> None:
    template = parse_template(text)
    assert (template.ok, template.attributes) == (result is not None, result or []), rule
    assert template.emit() == text


def test_line_numbers_are_right_where_the_servers_are_not() -> None:
    """Rule 25: the server's own are a running offset at best."""
    (finding,) = parse_template("A = 1\n\nB = [ C = 1 D = 2 ]\n").findings
    assert finding.origin == "<template>:3:13"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A = a b c\nB = 1", [(codes.SYNTAX.id, "b")]),
        ("A = [ B = 1, ]", [(codes.SYNTAX.id, ",")]),
        ("A = [ , B = 1 ]", [(codes.SYNTAX.id, ",")]),
        ("A = [ B = 1,, C = 2 ]", [(codes.SYNTAX.id, ",")]),
        ("A = [ B = 1 C = 2 D = 3 ]", [(codes.SYNTAX.id, "C"), (codes.SYNTAX.id, "D")]),
        ("A = [ B = 1\nC = 2\n", [(codes.SYNTAX.id, "[")]),
        ("A = [ B = ", [(codes.SYNTAX.id, "[")]),
        ("A = [ B =\n1 ]", [(codes.SYNTAX.id, "B")]),
        ("A = [ B = [ C = 1 ] ]\nD = 1", [(codes.SYNTAX.id, "B = [")]),
        ("A = [ B = 1 ]]\nC = 1 ]\n", [(codes.SYNTAX.id, "]"), (codes.SYNTAX.id, "]")]),
        ("A = 1, B = 2", [(codes.SYNTAX.id, ",")]),
        ("A =", [(codes.SYNTAX.id, "A")]),
        ("A", [(codes.SYNTAX.id, "A")]),
        ("= 1", [(codes.SYNTAX.id, "=")]),
        ("=[ B = 1 ]", [(codes.SYNTAX.id, "=[ B = 1 ]")]),
        ("A = [ = 1 ]", [(codes.SYNTAX.id, "=")]),
        ("A = [ =[ B = 1 ]", [(codes.SYNTAX.id, "=")]),
        ("A == 1", [(codes.DROPPED.id, "= ")]),
        (";A = 1", [(codes.DROPPED.id, ";")]),
        ("A = 1\n\u2003\nB = 1", [(codes.DROPPED.id, "\u2003")]),
        ("\ufeffA = 1", [(codes.DROPPED.id, "\ufeff")]),
        ("A = 1\0B", [(codes.TRUNCATED.id, "\0")]),
        ("A = x]]>y\n", [(codes.CDATA_END.id, "x]]>y")]),
        ("A = ]]>\nB = b]]>\nC = ]]>c\n", [(codes.CDATA_END.id, text) for text in ("]]>", "b]]>", "]]>c")]),
        ('A = "x\n]]>"', [(codes.CDATA_END.id, '"x\n]]>"')]),
        ('A = "1"\r\n', [(codes.CRLF.id, '"1"\r')]),
        ("A = 1\r\n", [(codes.CRLF.id, "\r\n")]),
        ("A = []", [(codes.EMPTY_VECTOR.id, "A = []")]),
        ('A = "x\vy"', [(codes.CONTROL_CHARACTER.id, '"x\vy"')]),
        ('A = "x"y', [(codes.GLUED_QUOTE.id, '"x"y')]),
        ('A = "x', [(codes.GLUED_QUOTE.id, '"x')]),
        ("A = [ 1B = 1, XMLC = 2, xmld = 3 ]", [(codes.MEMBER_NAME.id, "1B"), (codes.MEMBER_NAME.id, "XMLC")]),
        ("A = [ B = 1, b = 2 ]", [(codes.MEMBER_REPEATED.id, "b")]),
        ("USER_INPUT = [ A = 1 ]", [(codes.SINGULAR.id, "USER_INPUT"), *[(c.id, "1") for c in (codes.PART_COUNT,)]]),
        ('USER_INPUTS = ""', [(codes.INPUTS_NOT_VECTOR.id, "USER_INPUTS")]),
    ],
)
def test_a_fault_is_found_where_it_stands(text: str, found: list[tuple[str, str]]) -> None:
    assert [place for place in places(text) if place[0] != codes.FLAG.id] == found


def test_two_blocks_of_inputs_are_found() -> None:
    block = 'USER_INPUTS = [ A = "O|boolean|d| |NO" ]\n'
    assert places(block + block) == [(codes.INPUTS_REPEATED.id, "USER_INPUTS")]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('USER_INPUTS = [ A = "O|number|d| |0.8" ]', "number"),
        (r'USER_INPUTS = [ A = "O|number|say \"hi\"| |0.8" ]', "number"),
        (r'USER_INPUTS = [ A = "O|text|say \"hi\" \"ho\"|x| " ]', "x"),
        ('USER_INPUTS = [ A = "  O|number|d| |0.8  " ]', "number"),
        (r'USER_INPUTS = [ A = " \"|number|d| |0.8" ]', "number"),
        ("USER_INPUTS = [ A = O|number|d||0.8 ]", "number"),
        ("<T><USER_INPUTS><A>O|number|d| |0.8</A></USER_INPUTS></T>", "number"),
        ("<T>\u00e9<USER_INPUTS><A>\n<![CDATA[O|number|\u00e9| |0.8]]></A></USER_INPUTS></T>", None),
        ("<T>\u00e9<USER_INPUTS><A><![CDATA[ O|number|\u00e9| |0.8]]></A></USER_INPUTS></T>", "number"),
    ],
)
def test_a_fault_inside_a_definition_is_marked_in_the_template(text: str, marked: str | None) -> None:
    places_found = [place for code, place in places(text) if code in {codes.DEFAULT_TYPE.id, codes.OPTIONS_IGNORED.id}]
    assert places_found == ([] if marked is None else [marked])


PIECES = ["A", "=", '="x"', "=1", "=[", "]", ",", "=\n", "#", "\n", '"', "]]>"]


def test_every_text_has_a_tree() -> None:
    for length in range(1, 5):
        for pieces in itertools.product(PIECES, repeat=length):
            text = " ".join(pieces)
            template = parse_template(text)
            assert template.ok or has_errors(template.findings), text


def test_deep_nesting() -> None:
    for text in (
        "A=[" * 50_000,
        "A=" + "[" * 50_000,
        "]" * 50_000,
        "<a>" * 50_000,
        "<T>" + "<a>" * 5000 + "</a>" * 5000 + "</T>",
    ):
        assert parse_template(text).emit() == text


# ---- XML -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("<T><a>1</a></T>", [("A", "1")]),
        ("<T><B><c>2</c><c>3</c></B></T>", [("B", {"c": "3"})]),
        ("<T><A/><B></B><C> </C></T>", [("C", "")]),
        ("<T><A><![CDATA[]]></A><B><![CDATA[x]]></B></T>", [("A", ""), ("B", "x")]),
        ("<T><A>x<!-- c --></A></T>", []),
        ("<T><A>x<![CDATA[y]]></A></T>", []),
        ("<T><A>x &amp; y</A></T>", [("A", "x & y")]),
        ("<T>\n <A>\n  <K>v</K>\n  <L/>\n </A>\n</T>", [("A", {"K": "v"})]),
        ("<T><XMLA>1</XMLA><_1>2</_1></T>", [("ONE_XMLA", "1"), ("_1", "2")]),
        ("<T><A> 1\n</A><B> <C>\n 2 </C> </B></T>", [("A", "1"), ("B", {"C": "2"})]),
        ("<T/>", []),
        ("<VMTEMPLATE><ID>7</ID><TEMPLATE><A>1</A></TEMPLATE></VMTEMPLATE>", [("A", "1")]),  # onetemplate show -x
        ("<VMTEMPLATE><A>1</A></VMTEMPLATE>", [("A", "1")]),
    ],
)
def test_xml(text: str, result: Kept) -> None:
    assert kept(text) == result


@pytest.mark.parametrize(
    "text", ["<", "<T>", "<T></U>", "<T>&nope;</T>", "<T><A>\x01</A></T>", "<T/><U/>", "<T>\ud800</T>"]
)
def test_xml_that_is_not_well_formed(text: str) -> None:
    template = parse_template(text)
    assert not template.ok
    assert [finding.code for finding in template.findings] == [codes.XML.id]


def test_xml_bombs_are_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    text = f'<!DOCTYPE T [<!ENTITY e0 "{"x" * 1000}">{entities}]><T><A>&e29;</A></T>'
    assert not parse_template(text).ok


# ---- printing --------------------------------------------------------------------------------------


NO_NAME = "write upper-case letters, digits and _ only"


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("A", "ends in \\", ["A: the value of A has no safe form with '\\' in it"]),
        ("A", "a]]>b", ["A: the value of A has no safe form with ']]>' in it"]),
        ("A", "a\0b", ["A: the value of A has no safe form with '\\x00' in it"]),
        ("A", "a\vb", ["A: the value of A has no safe form with '\\x0b' in it"]),
        ("A", " padded", ["A: the value of A has blanks around it, which the server trims => remove the blanks"]),
        ("A", "padded\n", ["A: the value of A has blanks around it, which the server trims => remove the blanks"]),
        ("a", "x", [f"a: 'a' is no name that a template keeps as it is => {NO_NAME}"]),
        ("1A", "x", [f"1A: '1A' is no name that a template keeps as it is => {NO_NAME}"]),
        ("XMLA", "x", [f"XMLA: 'XMLA' is no name that a template keeps as it is => {NO_NAME}"]),
        ("A-B", "x\\", [
            f"A-B: 'A-B' is no name that a template keeps as it is => {NO_NAME}",
            "A-B: the value of A-B has no safe form with '\\' in it",
        ]),
        ("", "x", [f"-: '' is no name that a template keeps as it is => {NO_NAME}"]),
        ("A", (), ["A: A is an empty vector, which vanishes when the server stores it => leave it out"]),
        ("A", (("B", "x\\"),), ["B: the value of B has no safe form with '\\' in it"]),
        ("a", (("b", " x"),), [
            f"b: 'b' is no name that a template keeps as it is => {NO_NAME}",
            "b: the value of b has blanks around it, which the server trims => remove the blanks",
            f"a: 'a' is no name that a template keeps as it is => {NO_NAME}",
        ]),
    ],
)  # fmt: skip
def test_what_has_no_safe_form_is_refused(name: str, value: Any, found: list[str]) -> None:
    with pytest.raises(NotPortableError) as refused:
        template_text(name, value)
    general = f" => {codes.UNSAFE_TEXT.repair}"
    lines = [said(each).partition(" - ")[2].removesuffix(general) for each in refused.value.findings]
    assert lines == found
    assert str(refused.value) == "; ".join(each.message for each in refused.value.findings)


def test_the_canonical_form() -> None:
    text = 'a = 1 # c\nB = [ z = "say \\"hi\\"", A = x ]\r\n'
    assert parse_template(text).canonical() == 'A = "1"\nB = [\n    Z = "say \\"hi\\"",\n    A = "x"\n]\n'
    with pytest.raises(NotPortableError):
        parse_template("A = [").canonical()
    with pytest.raises(NotPortableError) as refused:
        parse_template('A = "]]\n>"\nB = "x\\"').canonical()
    assert len(refused.value.findings) == 1
