"""Values that were typed at a running front-end, and what each station of their way made of them."""

import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctxschema.consumers.asked import Asked, asking_order
from ctxschema.consumers.resolve import resolve
from ctxschema.consumers.stations import STATIONS, Instantiation, instantiate
from ctxschema.context.load import read_context
from ctxschema.core.source import SourceText
from ctxschema.grammar.parser import parse_template, parse_user_input
from tests.conftest import ROOT, Ended, probes, recorded

Ctx = Callable[..., Ended]
DATA = ROOT / "tests/conformance/data"
RECORDS = recorded("typed-values.json")
TEMPLATE = str(DATA / "typed-values.tmpl")
TEXT = parse_user_input("O|text|d| |")


def by_name(made: Any) -> dict[str, Any]:
    return {each["name"]: each for each in made["typed"]}


def follow(ctx: Ctx, typed: dict[str, str]) -> Any:
    words = [word for name, answer in typed.items() for word in ("--typed", f"{name}={answer}")]
    ended = ctx("explain", "--template", TEMPLATE, *words, "--format", "json")
    assert (ended.code, ended.err) == (0, "")
    return ended.json


def two(first: str, second: str = "") -> Instantiation:
    return instantiate([Asked("A", TEXT, first), Asked("B", TEXT, second)], {"A": "$A", "B": "$B"})


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["case"])
def test_every_station_is_as_the_server_had_it(record: dict[str, Any], ctx: Ctx) -> None:
    made = follow(ctx, record["typed"])
    found = {name: by_name(made)[name] for name in record["typed"]}
    assert {name: each["outcome"] for name, each in found.items()} == record["predicted"]
    assert made["ok"] == (record["rc"] == 0)
    if record["rc"] != 0:
        (broken,) = [each for each in found.values() if each["breaks_at"]]
        assert broken["breaks_at"] == ("answer" if record["rc"] == "loop" else "user_template")
        assert [each["station"] for each in broken["findings"]] == [broken["breaks_at"]]
        assert all(each[station] is None for each in found.values() for station in STATIONS[1:])
        return
    for station in ("user_template", "context"):
        assert {name: each[station] for name, each in found.items()} == record[station]
    assert {name: each["guest"] for name, each in found.items()} == record["bash"]
    lines = [each["context_sh"].split("\n")[0] for _, each in sorted(found.items())]
    assert lines == record["context_sh"]
    changed = {name for name, each in found.items() if each["guest"] != each["answer"]}
    assert changed == {name for name, each in found.items() if each["breaks_at"]}


def test_what_swallows_and_what_is_swallowed_are_both_told(ctx: Ctx) -> None:
    found = by_name(follow(ctx, {"FL_NODE_CONFIG": "site=1\\"}))
    for name in ("FL_NODE_CONFIG", "FL_SUPERLINK_ADDRESS"):
        assert found[name]["breaks_at"] == "user_template"
        (finding,) = found[name]["findings"]
        assert (finding["code"], finding["severity"], finding["station"]) == ("CTX246", "error", "user_template")


@pytest.mark.parametrize(
    ("answer", "kept", "guest", "code"),
    [
        (" \t two words ", "two words", "two words", "CTX245"),
        ("\u00a0x\u00a0", "\u00a0x\u00a0", "\u00a0x\u00a0", None),
        ("a\rb", "a\nb", "a\nb", "CTX245"),
        ("x\r", "x", "x", None),
        ("a\\ ", "a\\", "a\\", "CTX245"),
        ('a\\"b', 'a\\"b', 'a\\"b', None),
        ("a\\\\", 'a\\"\nNEXT =', 'a\\"\nNEXT =', "CTX246"),
        ("it's", "it's", "it's", None),
        ("${HOME} $HOME $", "${HOME} $HOME $", "${HOME} $HOME $", None),
        ("a@^_^@EVIL=1", "a@^_^@EVIL=1", "a", "CTX132"),
        ("a@^_^@b", "a@^_^@b", "a", "CTX132"),
        ("a@^_^", "a@^_^", "a", "CTX132"),
        ("x]]>", None, None, "CTX033"),
        ("a\x0bb", None, None, "CTX039"),
        ("\x0bb", "b", "b", "CTX245"),
        ("a\udcffb", None, None, "CTX064"),
        ("", "", "", None),
    ],
)
def test_one_definition_alone(answer: str, kept: str | None, guest: str | None, code: str | None, ctx: Ctx) -> None:
    (found,) = ctx("explain", "O|text|d| |", "--typed", answer, "--format", "json").json["typed"]
    assert (found["user_template"], found["guest"]) == (kept, guest)
    assert [each["code"] for each in found["findings"]] == ([code] if code else [])


def test_a_separator_makes_an_entry_of_its_own(ctx: Ctx) -> None:
    data = ctx("explain", "O|text|d| |", "--typed", "a@^_^@EVIL=1@^_^@e2=x y", "--format", "json").json
    assert data["typed"][0]["extra"] == {"EVIL": "1", "e2": "x y"}
    assert data["typed"][0]["breaks_at"] == "context"
    # Of two entries of one name the first counts, in the order of their names.
    made = two("a@^_^@B=evil", "good")
    assert (made.context["B"], made.travelled[1].breaks_at) == ("evil", "context")
    made = two("good", "b@^_^@A=evil")
    assert (made.context["A"], made.travelled[0].breaks_at) == ("good", None)


def test_the_last_answer_may_end_in_a_backslash(ctx: Ctx) -> None:
    (found,) = ctx("explain", "O|text|d| |", "--typed", "a\\", "--next", "", "--format", "json").json["typed"]
    assert (found["guest"], found["breaks_at"]) == ("a\\", None)
    assert [each["severity"] for each in found["findings"]] == ["warning"]
    (found,) = ctx("explain", "O|text|d| |", "--typed", "a\\", "--next", "B=x", "--format", "json").json["typed"]
    assert (found["user_template"], found["breaks_at"]) == (None, "user_template")


def test_text64_arrives_encoded_and_depends_on_what_is_loaded(ctx: Ctx) -> None:
    data = ctx("explain", "O|text64|d| |", "--typed", "a\\", "--format", "json").json
    (found,) = data["typed"]
    assert (found["answer"], found["guest"], found["breaks_at"]) == ("YVw=", "YVw=", None)
    assert [(each["code"], each["severity"]) for each in found["findings"]] == [("CTX249", "info")]
    assert next(each for each in data["consumers"] if each["consumer"] == "cli")["accepts"] == "partly"
    assert "Ruby's base64" in ctx("explain", "O|text64|d| |").out


def test_an_answer_that_no_entry_refers_to_goes_nowhere() -> None:
    made = instantiate([Asked("A", TEXT, "x")], {"B": "fixed"})
    (found,) = made.travelled
    assert (made.ok, found.user_template, found.context, found.breaks_at) == (True, "x", None, "context")


def test_the_order_of_the_questions() -> None:
    assert asking_order(["B", "A", "C"], None) == ["A", "B", "C"]
    assert asking_order(["B", "A", "C"], " C, x,B") == ["C", "B", "A"]


def test_for_people(ctx: Ctx) -> None:
    ended = ctx("explain", "O|text|d| |", "--typed", "site=1\\")
    assert "error CTX246" in ended.out
    for station in STATIONS:
        assert f" {station} " in ended.out
    ended = ctx("explain", "--template", TEMPLATE, "--typed", "FL_NODE_CONFIG=x]]>")
    assert "no machine is instantiated" in ended.out
    assert "CTX033" in ended.out


@pytest.mark.parametrize(
    "words", [[], ["O|text|d| |", "--template", TEMPLATE], ["--template", TEMPLATE, "--typed", "NOT_ASKED=1"]]
)
def test_misuse(words: list[str], ctx: Ctx) -> None:
    assert ctx("explain", *words).code == 2


# ---- the rules, with anything at all ----

LINES = st.text(
    st.sampled_from("ab\\\"'=@^_>][,#$|`% ") | st.characters(exclude_categories=["Cs", "Cc"]), max_size=12
) | st.sampled_from(["@^_^@", "a@^_^@B=c", "x@^_^", "]]>", "\\", "\\\\"])


@given(LINES, LINES)
@example("@^_^", "")
@example("<<EDITOR>>", "x")
@example("\\", "B=")
def test_a_value_without_a_finding_arrives_as_it_was_typed(first: str, second: str) -> None:
    made = two(first, second)
    for each in made.travelled:
        if each.asked.in_editor:
            assert {each.answer, each.user_template, each.context, each.guest, each.breaks_at} == {None}
            continue
        if not each.findings and each.breaks_at is None:
            assert {each.answer, each.user_template, each.context, each.guest} == {each.asked.typed}
        if each.breaks_at is None and each.answer is not None:
            assert each.guest == each.answer.strip(" \t\n\v\f\r")


@given(LINES)
def test_the_context_file_reads_back(value: str) -> None:
    made = two(value)
    if made.ok and not made.extra:  # what a value makes may have a name that no file can have
        raw = read_context(SourceText(made.context_sh))
        assert {name: each.text for name, each in raw.values.items()} == dict(made.context)


@given(LINES, LINES)
def test_bash_gives_what_the_guest_station_says(first: str, second: str) -> None:
    made = two(first, second)
    if not made.ok or made.extra or "\0" in first + second:
        return
    script = made.context_sh + '\nprintf "%s\\0" "$A" "$B"\n'
    out = subprocess.run(["bash"], input=script.encode(), capture_output=True, check=True).stdout.decode()
    assert out.split("\0")[:2] == [made.guest.get("A", ""), made.guest.get("B", "")]


CONTEXT_PROBES = probes("context-probes.json")


@pytest.mark.parametrize("probe", CONTEXT_PROBES, ids=lambda probe: probe["note"])
def test_context_is_resolved_as_the_server_does(probe: dict[str, Any]) -> None:
    template = parse_template(probe["template"])
    kept: dict[str, str] = {}
    context: dict[str, str] = {}
    for name, value in template.attributes:
        if name == "CONTEXT" and isinstance(value, dict):
            context = value
        elif isinstance(value, str):
            kept.setdefault(name, value)
    if not template.ok or not context:
        return
    found = resolve(context, kept, kept.keys() | {"MISSING", "HOME", "5", "1", "6", "SALT", "HASH"})
    assert found.faulty == (probe["rc"] != 0)
    if probe["rc"] == 0:
        known = {name: value for name, value in found.entries.items() if value is not None}
        assert known == {name: value for name, value in probe["context"].items() if name in known}
        assert set(found.entries) == set(probe["context"])
