"""Which findings count for which consumers and versions of OpenNebula, and how severe they are there.

tests/cases/selection.txt has, for some codes that differ in whom they concern, those of another severity than their
own; ``UPDATE_CASES=1 pytest`` writes it anew, to be read before it is committed.
"""

from collections.abc import Iterator
from itertools import product

import pytest

from ctxschema.core.errors import UnknownNameError
from ctxschema.core.finding import Finding, Severity
from ctxschema.lint.selection import CODES, Selection, codes_named, version
from tests.conftest import ROOT
from tests.said import kept

ASKED = [(), ("cli",), ("oneflow",), ("old-sunstone",), ("cli", "sunstone")]
SOME = ("CTX003", "CTX004", "CTX121", "CTX144", "CTX150", "CTX155", "CTX157", "CTX161")
VERSIONS = [(), ("6",), ("6.8", "6.10"), ("6.10", "7"), ("7",), ("7.0.1",), ("7.2", "8")]


def told() -> Iterator[str]:
    for consumers, versions in product(ASKED, VERSIONS):
        selection = Selection(frozenset(consumers), frozenset({"ALL"}), versions=frozenset(versions))
        yield f"== {' '.join(consumers) or 'everybody'}, {' '.join(versions) or 'every version'}"
        for finding in (CODES[code].at("x") for code in SOME):
            after = [each.severity.value for each in selection.of([finding])]
            if after != [finding.severity.value]:
                yield f"{finding.code} {finding.severity.value} is {after[0] if after else 'nothing'}"


def test_what_counts_for_whom() -> None:
    kept(ROOT / "tests/cases/selection.txt", told())


def test_a_finding_is_no_more_severe_than_it_was() -> None:
    milder = CODES["CTX003"].at("x", severity=Severity.INFO)
    of_sunstone = Selection(frozenset({"sunstone"}))
    assert [each.severity for each in of_sunstone.of([CODES["CTX003"].at("x")])] == [Severity.WARNING]
    assert [each.severity for each in of_sunstone.of([milder])] == [Severity.INFO]


@pytest.mark.parametrize(
    ("least", "asked", "shown"),
    [
        (None, (), ["error", "warning", "info"]),
        (Severity.INFO, (), ["error", "warning", "info"]),
        (Severity.WARNING, (), ["error", "warning"]),
        (Severity.ERROR, (), ["error"]),
        (Severity.ERROR, ("CTX003",), ["error", "warning", "info"]),
        (Severity.ERROR, ("CTX001",), ["error"]),
    ],
)
def test_what_is_severe_enough(least: Severity | None, asked: tuple[str, ...], shown: list[str]) -> None:
    findings = [Finding("CTX003", each, "x") for each in Severity]
    selection = Selection(least=least, asked=frozenset(asked))
    assert [each.severity.value for each in findings if selection.shows(each)] == shown


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("7", (7,)),
        (" 6.10 ", (6, 10)),
        ("7.0.1", (7, 0, 1)),
        ("", None),
        ("7.", None),
        ("7.x", None),
        ("v7", None),
    ],
)
def test_a_version(text: str, numbers: tuple[int, ...] | None) -> None:
    assert version(text) == numbers


@pytest.mark.parametrize(
    ("select", "ignore", "extend", "shown"),
    [
        ((), (), (), True),
        ((), ("ALL",), (), False),
        (("C",), ("ALL",), (), True),
        (("ALL",), ("C",), (), False),
        (("ALL",), ("ALL",), (), False),
        ((), ("ALL",), ("ALL",), False),
        ((), ("ALL",), ("C",), True),
        (("CTX00",), ("CTX003",), (), False),
        (("CTX003",), ("flag",), (), False),
    ],
)
def test_the_more_specific_word_wins(
    select: tuple[str, ...], ignore: tuple[str, ...], extend: tuple[str, ...], *, shown: bool
) -> None:
    selection = Selection(select=frozenset(select), ignore=frozenset(ignore), extend_select=frozenset(extend))
    assert ("CTX003" in selection.wanted) == shown


def test_of_two_words_for_everything_the_one_that_ignores_wins() -> None:
    everything = frozenset({"ALL"})
    assert Selection(extend_select=everything).wanted == CODES.keys()
    assert Selection(ignore=everything, extend_select=everything).wanted == frozenset()


def test_codes_by_their_words() -> None:
    def ids(*words: str) -> list[str]:
        return [code.id for code in codes_named(words)]

    assert ids("ctx003", "flag") == ["CTX003"]
    assert ids("FLAG", "ctx00") == [code for code in sorted(CODES) if code.startswith("CTX00")]
    assert ids() == ids("all") == sorted(CODES)
    with pytest.raises(UnknownNameError, match=r"^'?flga is no code; did you mean flag\?"):
        ids("flga")
