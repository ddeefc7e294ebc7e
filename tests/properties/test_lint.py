"""What holds for whatever somebody has."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ctxschema.core.finding import Finding, Severity
from ctxschema.core.source import SourceText
from ctxschema.lint.linter import lint_text
from ctxschema.lint.readers import read_named
from ctxschema.lint.repairs import fixable, repaired
from ctxschema.testing import piped_texts, template_soup
from tests.conftest import ROOT

NAMES = ["a.tmpl", "a.yaml", "a.json", "a.sh", "a"]
TEXTS = [
    (f"sample{path.suffix}", path.read_bytes().decode())
    for path in (
        *sorted((ROOT / "tests/cases/lint").glob("*/*/sample.*")),
        *sorted(path for path in (ROOT / "tests/cases/corpus").glob("[mst]*/*.*") if path.suffix != ".expect"),
    )
]
PIECES = [
    "|",
    '"',
    "'",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "\n",
    "\r\n",
    " ",
    "$",
    ":",
    "- ",
    "&a ",
    "*a",
    "#",
    "\0",
    "é",
]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str]:
    """A case file with some pieces of it cut out, moved or added."""
    name, text = draw(st.sampled_from(TEXTS))
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(0, 4))):
        at = chance.randrange(len(text) + 1)
        cut = chance.choice([0, 0, 1, 3, 20])
        _, other = chance.choice(TEXTS)
        begin = chance.randrange(len(other) + 1)
        text = text[:at] + chance.choice([chance.choice(PIECES), other[begin : begin + 30]]) + text[at + cut :]
    return name, text


def judge(source: SourceText) -> tuple[Finding, ...]:
    findings = lint_text(source)
    for finding in findings:
        assert finding.message
        assert finding.repair
        place = finding.position.outermost if finding.position else None
        assert place is None or place.start is None or 0 <= place.start <= (place.end or 0) <= len(source.text)
        assert str(finding.origin)
    return findings


@given(st.sampled_from(NAMES), st.text() | template_soup() | piped_texts())
@example("a.yaml", "a: &a [*a]")
@example("a.json", '{"a": "\\ud800"}')
@example("a.json", '"' + "\\" * 999)
@example("a.sh", "ONE_SERVICE_PARAMS=(" + "'" * 99)
@example("a.yaml", "? [a]\n: b")
def test_any_text_is_judged(name: str, text: str) -> None:
    judge(SourceText(text, name=name))


def is_error(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


@settings(max_examples=300)
@given(mutated())
@example(("a.tmpl", 'CONTEXT=[S="$E\r\nE"'))  # without its CR the reference has another fault
def test_what_is_nearly_a_template_is_judged_and_repaired(case: tuple[str, str]) -> None:
    name, text = case
    source = SourceText(text, name=name)
    kind = read_named(source).kind
    after, left = repaired(source, judge(source), lambda new: judge(new) if read_named(new).kind is kind else None)
    assert read_named(after).kind is kind
    before = judge(source)
    assert len(left) <= len(before)
    assert sum(map(is_error, left)) <= sum(map(is_error, before))
    assert not any(fixable(finding, after) for finding in left)
    again, _ = repaired(after, judge(after), judge)
    assert again.text == after.text


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_a_repair_never_makes_it_worse(name: str, text: str) -> None:
    source = SourceText(text, name=name)
    before = judge(source)
    after, _ = repaired(source, before, judge)
    assert len(judge(after)) <= len(before)
    if not any(fixable(finding, source) for finding in before):
        assert after.text == text
