"""Scalars of YAML and JSON know where each of their characters stood."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar import data, json_document, yaml_document
from ctxschema.grammar.data import Mapping, Scalar, Sequence, aligned, scalars
from ctxschema.grammar.json_document import parse_json
from ctxschema.grammar.yaml_document import parse_yaml
from tests.forms import aligned_plainly, plain_forms, told_of_document
from tests.properties.test_lint import mutated
from tests.said import said

ESCAPES = [{}, yaml_document._SINGLE_ESCAPES, yaml_document._ESCAPES]


SOUP = st.text(st.sampled_from("ab \n\r'\"\\xu0é,#\t"), max_size=24)


@settings(max_examples=1000)
@given(SOUP, SOUP, st.sampled_from(ESCAPES), st.integers(0, 3), st.integers(0, 3))
@example("ab\\", "ab\\", ESCAPES[2], 0, 0)
@example("a''b", "a'b", ESCAPES[1], 0, 0)
@example("''''", "''", ESCAPES[1], 0, 0)
@example(r"\\\\", r"\\", ESCAPES[2], 0, 0)
@example("'''0", "'''0", ESCAPES[1], 0, 0)
@example("a\n  b c", "a b c", {}, 0, 0)
@example("aa\nbX\n  c", "aa bY c", {}, 0, 0)
def test_the_short_way_finds_what_the_long_one_does(
    raw: str, text: str, escapes: dict[str, str], cut: int, off: int
) -> None:
    source = SourceText(raw)
    start, end = min(cut, len(raw)), max(len(raw) - off, min(cut, len(raw)))
    assert aligned(text, source, start, end, escapes, bare=False).anchors == (
        aligned_plainly(text, source, start, end, escapes, bare=False).anchors
    )


def places(text: str, name: str) -> object:
    source = SourceText(text, name=name)
    root, findings = parse_json(source) if name.endswith("json") else parse_yaml(source)
    return told_of_document(root, findings)


@settings(max_examples=300)
@given(mutated().filter(lambda case: case[0].endswith((".yaml", ".json"))))
@example(("a.yaml", "a: >-\n    b\n    c\n\n    d\ne: 'it''s\n  so'\nf: \"\\\n  x \\u00e9\"\n"))
@example(("a.yaml", "a: |2\n    b  c\r\n\n   d\n"))
def test_a_document_has_its_scalars_where_it_had_them(case: tuple[str, str]) -> None:
    name, text = case
    short = places(text, name)
    with plain_forms():
        assert places(text, name) == short


def test_an_anchor_stands_at_every_line_of_a_block() -> None:
    source = SourceText("a: |\n  one two\n  three\n")
    root, _ = parse_yaml(source)
    (scalar,) = scalars(root)
    assert scalar.source.anchors == ((0, 7), (8, 17))
    assert data.aligned("one two", source, 7, 14, {}, bare=False).anchors == ((0, 7),)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("a: |\n  {0}\n  {0}\n", 5),
        ("a: >-\n  {0}\n  {0}'{0}\n", 6),
        ("a: '{0}\n  {0}''{0}'", 6),
        ('a: "{0}\n  {0}\\n{0}"', 6),
        ("a: {0}\n   {0}", 5),
    ],
)
def test_what_is_written_as_it_reads_is_passed_in_one_piece(
    text: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    one_by_one = data._next

    def next_character(raw: str, at: int, character: str, escapes: dict[str, str]) -> tuple[int, int] | None:
        looked.append(character)
        return one_by_one(raw, at, character, escapes)

    monkeypatch.setattr(data, "_next", next_character)
    root, _ = parse_yaml(SourceText(text.format("one two" * 20)))
    (scalar,) = scalars(root)
    assert scalar.source.anchors
    assert len(looked) <= most


def test_a_key_is_found_whatever_its_case_and_the_last_counts() -> None:
    root, _ = parse_yaml(SourceText("Name: a\nname: b\nLIST: [x, {y: z}]\nmap: {NAME: c}\n"))
    assert isinstance(root, Mapping)
    found = root.scalar("name")
    assert found is not None
    assert (found.text, root.scalar("list"), root.scalar("none"), root.get("none")) == ("b", None, None, None)
    assert isinstance(root.get("list"), Sequence)
    assert (root.mapping("list"), root.mapping("none")) == (None, None)
    inner = root.mapping("map")
    assert inner is not None
    assert inner.get("name") == Scalar("c", True, False, inner.span, inner.pairs[0][1].span)  # type: ignore[arg-type]
    assert [each.text for each in scalars(root)] == ["a", "b", "x", "z", "c"]
    assert list(scalars(None)) == []


def test_a_scalar_keeps_the_source_that_it_was_made_with() -> None:
    source = SourceText("x")
    assert Scalar("x", True, True, Span(0, 1), source).source is source


def test_a_piece_of_a_scalar_has_the_name_of_the_document_and_is_as_confidential() -> None:
    document = SourceText("a: 'it''s'\nb: x\n", "a.yaml", confidential=True)
    root, _ = parse_yaml(document)
    for each in scalars(root):
        assert (each.source.name, each.source.confidential, each.source.parent) == ("a.yaml", True, document)


@pytest.mark.parametrize(
    ("text", "plain"), [("a", True), ("a b", True), ("", False), ("yes", False), ("1", False), ("1a", True)]
)
def test_what_every_reader_takes_for_a_text(text: str, plain: bool) -> None:  # noqa: FBT001
    assert yaml_document.is_plain_text(text) is plain


def test_aliases_stand_for_no_more_than_a_million_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &a [xx, yy]\nb: &b [*a, *a]\nc: *b\n"  # a is 1 + 3 + 3 large, b 1 + 7 + 7
    findings: list[Finding] = []
    for most, refused in ((29, False), (28, True)):
        monkeypatch.setattr(yaml_document, "MOST_COPIED", most)
        root, findings = parse_yaml(SourceText(text, "a.yaml"))
        assert (root is None) == refused
    (finding,) = findings
    message = "the aliases of the document stand for more than 28 characters"
    assert said(finding) == f"error CTX153 3:4-3:5 -: {message} => write out what the aliases stand for"


def test_findings_before_a_fault_stay() -> None:
    root, findings = parse_yaml(SourceText("a: 1\na: 2\nb: [", "a.yaml"))
    assert (root, [finding.code for finding in findings]) == (None, ["CTX146", "CTX145"])


def test_a_parser_that_is_made_anew_reads_json() -> None:
    json_document._parser.cache_clear()
    root, findings = parse_json(SourceText('{"a": [1, true, null, "b"], "c": {}}'))
    assert findings == []
    assert [scalar.text for scalar in scalars(root)] == ["1", "true", "null", "b"]
