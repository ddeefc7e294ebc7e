"""What holds for any text at all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark

from ctxschema import parse_template, parse_user_input
from ctxschema.context.context_sh import write_context_sh
from ctxschema.context.load import read_context
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import has_errors
from ctxschema.core.source import SourceText
from ctxschema.grammar.emit import template_text
from ctxschema.grammar.tree import user_input_parser
from ctxschema.testing import definitions, piped_texts, safe_texts, template_soup, templates
from tests.forms import plain_forms, told_of_definition, told_of_template


@given(piped_texts() | st.text())
@example("")
@example("|" * 300)
def test_any_definition_prints_back(text: str) -> None:
    node = parse_user_input(text)
    assert node.emit() == text
    for finding in node.findings:
        assert finding.position is not None
        assert finding.repair
        assert str(finding.position)


@given(from_lark(user_input_parser(), start="start"))
def test_the_grammar_itself_prints_back(text: str) -> None:
    assert parse_user_input(text).emit() == text


@given(from_lark(user_input_parser(), start="options"), st.sampled_from(["list", "list-multiple"]))
def test_the_grammar_of_options_tells_them_apart(params: str, kind: str) -> None:
    node = parse_user_input(f"O|{kind}|d|{params.replace('|', '/')}|x")
    assert [piece.text for piece in node.pieces] == (node.params or "").split(",")


@given(from_lark(user_input_parser(), start="range"), st.sampled_from(["range", "range-float"]))
def test_the_grammar_of_ranges_tells_bounds_apart(params: str, kind: str) -> None:
    node = parse_user_input(f"O|{kind}|d|{params.replace('|', '/')}|x")
    assert [piece.text for piece in node.pieces] == (node.params or "").split("..")


@given(definitions())
def test_a_portable_definition_is_its_own_portable_form(text: str) -> None:
    node = parse_user_input(text)
    assert not has_errors(node.findings)
    assert node.canonical() == text


@given(piped_texts())
def test_the_portable_form_has_five_parts_and_no_error(text: str) -> None:
    try:
        canonical = parse_user_input(text).canonical()
    except NotPortableError as error:
        assert error.findings
    else:
        node = parse_user_input(canonical)
        assert len(node.parts) == 5
        assert not has_errors(node.findings)
        assert node.canonical() == canonical


@given(template_soup() | st.text())
def test_any_template_prints_back_and_is_judged(text: str) -> None:
    template = parse_template(text)
    assert template.emit() == text
    assert template.ok or has_errors(template.findings)
    for item in template.items:
        assert text[item.name_span.start : item.name_span.end] == item.name
        for member in item.members:
            assert text[member.name_span.start : member.name_span.end] == member.name
    for finding in template.findings:
        assert str(finding.position)


@given(template_soup() | templates() | st.text())
def test_a_template_is_read_alike_in_both_forms(text: str) -> None:
    quick = told_of_template(parse_template(text))
    with plain_forms():
        assert told_of_template(parse_template(text)) == quick


@given(piped_texts() | definitions())
def test_a_definition_is_read_alike_in_both_forms(text: str) -> None:
    quick = told_of_definition(parse_user_input(text))
    with plain_forms():
        assert told_of_definition(parse_user_input(text)) == quick


@given(templates())
def test_a_canonical_template_parses_back_to_itself(text: str) -> None:
    template = parse_template(text)
    assert template.ok
    assert template.canonical() == text


@given(template_soup())
def test_the_canonical_form_is_kept_alike(text: str) -> None:
    template = parse_template(text)
    try:
        canonical = template.canonical()
    except NotPortableError:
        return
    assert parse_template(canonical).attributes == template.attributes


@given(safe_texts())
def test_a_safe_value_survives(value: str) -> None:
    for text in (template_text("A", value), template_text("A", [("K", value), ("L", value)])):
        kept = parse_template(text).attributes[0][1]
        assert kept in (value, {"K": value, "L": value})


@given(definitions())
def test_positions_inside_a_template_point_at_the_part(text: str) -> None:
    block = template_text("USER_INPUTS", [("GIVEN", text + "|one|more")])
    ((_, node),) = parse_template(block).user_inputs
    for part in node.parts:
        place = node.source.span(part.span).outermost
        assert block[place.start : place.end].replace('\\"', '"') == part.text


@given(
    st.dictionaries(
        st.from_regex("[A-Z_][A-Z0-9_]{0,9}", fullmatch=True),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        min_size=1,
    )
)
def test_context_sh_gives_back_what_was_written(values: dict[str, str]) -> None:
    context = read_context(SourceText(write_context_sh(values)))
    assert {name: value.text for name, value in context.values.items()} == values
    assert not context.findings


@given(
    st.lists(st.sampled_from(["A", "B='", "'", "'\\''", "\n", "=", "export ", '"', "#", "\r\n", "\0", " ", "x"])).map(
        "".join
    )
)
def test_any_context_is_read_without_an_exception(text: str) -> None:
    for finding in read_context(SourceText(text)).findings:
        assert finding.repair
        assert str(finding.position)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("character", list("|\\\"[]=,# \t\n\0\r<'a1_$"))
@pytest.mark.parametrize(
    "form", ["{}", 'A="{}', "A={}", "A==={}", "A=[B={}", 'A=[B="x"{}', "# {}", 'A="x\\"{}', "A=]]>{}"]
)
def test_a_long_run_of_one_character_costs_no_more_than_other_text(character: str, form: str) -> None:
    text = form.format(character * 120_000)
    assert parse_template(text).emit() == text
    read_context(SourceText(text))
    read_context(SourceText("A='" + text))


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize(
    "piece", ["A=1 ", 'A="x" ', 'A="\\" ', "A=[B=1] ", "# ", " #", "= ", "== ", "A=[", "]]>", 'A="]]>" ', "A=\n", "|"]
)
def test_a_long_repetition_costs_no_more_than_other_text(piece: str) -> None:
    text = piece * 20_000
    assert parse_template(text).emit() == text
    assert parse_template("A=1\n" + text + "\nB=]]>").ok is False
