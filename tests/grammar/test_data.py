"""Scalars of YAML and JSON know where each of their characters stood."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxschema.core.source import SourceText
from ctxschema.grammar import data, yaml_document
from ctxschema.grammar.data import aligned, scalars
from ctxschema.grammar.json_document import parse_json
from ctxschema.grammar.yaml_document import parse_yaml
from tests.forms import aligned_plainly, plain_forms, told_of_document
from tests.properties.test_lint import mutated

ESCAPES = [{}, yaml_document._SINGLE_ESCAPES, yaml_document._ESCAPES]


SOUP = st.text(st.sampled_from("ab \n\r'\"\\xu0é,#\t"), max_size=24)


@settings(max_examples=1000)
@given(SOUP, SOUP, st.sampled_from(ESCAPES), st.integers(0, 3), st.integers(0, 3))
@example("ab\\", "ab\\", ESCAPES[2], 0, 0)
@example("a''b", "a'b", ESCAPES[1], 0, 0)
@example("a\n  b c", "a b c", {}, 0, 0)
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
