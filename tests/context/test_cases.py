"""What reading and judging a context says, to the letter: a file under tests/cases/context for each situation.

Above the line of dashes stands what a machine was told, below it what is said: severity, code, place, variable, rule,
message, value and repair of every finding, and each value that was read with its origin. ``<CR>``, ``<NUL>`` and
``<BOM>`` stand for themselves, ``<LOW>`` and ``<BYTE>`` for the lowest and the highest byte that are none of UTF-8, and
``<END>`` for no line end. ``UPDATE_CASES=1 pytest`` writes the lower half anew, to be read before it is committed.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxschema import validate
from ctxschema.context.context_sh import write_context_sh
from ctxschema.context.load import load_context, read_context
from ctxschema.context.raw import RawContext
from ctxschema.context.values import Values
from ctxschema.core.errors import CtxschemaError
from ctxschema.core.finding import Severity
from ctxschema.core.secret import MASK
from ctxschema.core.source import SourceText
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import AllOf, AnyOf, Compare, Is, IsSet, Not
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.kinds import BOOLEAN, LIST, LIST_MULTIPLE, NUMBER, PASSWORD, SECRET_TEXT64, TEXT, TEXT64
from ctxschema.model.limits import Between, Instead, Matches, NoneOf
from ctxschema.model.variable import Deprecation, Variable
from tests.conftest import ROOT
from tests.said import said

FOLDER = ROOT / "tests/cases/context"
LINE = "-" * 40 + "\n"
WRITTEN = {"<CR>": "\r", "<NUL>": "\0", "<BOM>": "\ufeff", "<LOW>": "\udc80", "<BYTE>": "\udcff"}
SWITCH = Variable("APP_SWITCH", BOOLEAN, label="Switch", default=False)
PORT = Variable("APP_PORT", NUMBER, label="Port", default=80, limits=(Between(1, 65535),), aliases=("OLD_PORT",))
LEVEL = Variable("APP_LEVEL", NUMBER, label="Level", default=1, effective=Is(SWITCH, True), limits=(Between(0, 9),))
MODE = Variable("APP_MODE", LIST, label="Mode", default="slow", options=("slow", "fast"))
NOTE = Variable("APP_NOTE", TEXT64, label="Note", default="", aliases=("OLD_NOTE",))
NAME = Variable("APP_NAME", TEXT, label="Name", default=None, mandatory=True)
HOST = Variable("APP_HOST", TEXT, label="Host", default="", limits=(Matches("[a-z.]+", "a host", "a.b", "A B"),))
WORD = Matches("[a-z]+", "a word", "word", "A", instead=(Instead("[A-Z]+", "write it small"),))
FORMER = Variable("APP_FORMER", TEXT, label="Former", default="", deprecated=Deprecation("1.2", "APP_HOST"))
NOTED = AnyOf((IsSet(NOTE), IsSet(FORMER)))
OWN = Appliance(
    "own",
    "Own",
    "For these cases.",
    (
        SWITCH,
        PORT,
        LEVEL,
        NAME,
        MODE,
        Variable("APP_TAGS", LIST_MULTIPLE, label="Tags", default=("a",), options=("a", "b")),
        HOST,
        Variable("APP_TOKEN", PASSWORD, label="Token", default=None),
        Variable("APP_KEY", SECRET_TEXT64, label="Key", default=None),
        NOTE,
        FORMER,
        Variable("APP_GONE", TEXT, label="Gone", default="", deprecated=Deprecation("1.3")),
        Variable("APP_WORD", TEXT, label="Word", default="", limits=(WORD,)),
        Variable(
            "APP_COUNT", NUMBER, label="Count", default=1, limits=(NoneOf((7,), "it is used"),), input_name="COUNT"
        ),
    ),
    rules=(
        Rule("low-port", Severity.ERROR, PORT, "it has to be low", "take 80", IsSet(NAME), Compare(PORT, "<", 1000)),
        Rule("no-level", Severity.ERROR, LEVEL, "no such level", "take 5", Compare(LEVEL, ">", 5)),
        Rule("fast", Severity.WARNING, MODE, "this is fast", "take slow", Is(MODE, "fast")),
        Rule(
            "note",
            Severity.WARNING,
            NOTE,
            "a note is there",
            "leave it out",
            AllOf((IsSet(NOTE), Not(Is(SWITCH, True)))),
        ),
        Rule("why", Severity.WARNING, HOST, "say why", "set APP_NOTE", Is(HOST, "loud"), NOTED),
    ),
    prefixes=("APP_",),
    other_roles={"APP_PEER": "server"},
)


def told(raw: RawContext) -> Iterator[str]:
    result = validate(OWN, raw)
    yield f"{raw.format}{', broken' if raw.broken else ''}"
    yield from (said(finding) for finding in result.findings)
    for variable in OWN.variables:
        if result.values.is_set(variable):
            shown = MASK if variable.kind.secret else result.values[variable]
            yield f"{variable.name} = {shown!r} from {result.values.origin(variable)}"


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_what_is_said(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, _, expected = path.read_text(encoding="utf-8").partition(LINE)
    text = given.replace("<END>\n", "")
    for word, character in WRITTEN.items():
        text = text.replace(word, character)
    monkeypatch.chdir(tmp_path)
    Path("context.sh").write_bytes(text.encode("utf-8", "surrogateescape"))
    lines = (
        "".join(f"{line}\n" for line in told(load_context("context.sh"))).encode("utf-8", "backslashreplace").decode()
    )
    if os.environ.get("UPDATE_CASES"):
        path.write_text(f"{given}{LINE}{lines}", encoding="utf-8")
    assert lines == expected


@pytest.mark.parametrize(
    ("most", "text", "lines"),
    [
        (2, "APP_NAME='x'\nAPP_PORT='5'\n", []),
        (2, "APP_NAME='x'\nAPP_PORT='5'\nAPP_LEVEL='7'\nAPP_TAGS='a'\n", ["context.sh:3:1"]),
        (2, 'export APP_NAME="x"\nexport APP_PORT="5"\n', []),
        (
            2,
            'export APP_NAME="x"\nexport APP_PORT="5"\nexport APP_LEVEL="7"\nexport APP_TAGS="a"\n',
            ["context.sh:3:1"],
        ),
    ],
)
def test_a_file_of_too_many_entries_is_read_no_further(
    most: int, text: str, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("raw", "context_sh", "one_env"):
        monkeypatch.setattr(f"ctxschema.context.{module}.MOST_ENTRIES", most)
    raw = read_context(SourceText(text, "context.sh"))
    assert list(raw.values) == ["APP_NAME", "APP_PORT"]
    assert [said(finding) for finding in raw.findings] == [
        "error CTX098 3:1-3:1 -: context.sh has more than 2 entries and faults, and is read no further"
        " => check that this is the right file"
        for _ in lines
    ]
    assert [finding.origin for finding in raw.findings] == lines


def test_what_is_wrong_is_said_in_the_order_of_the_file() -> None:
    raw = read_context(SourceText("A='1\0'\nB=2\nA='3'\r\n", "context.sh"))
    assert [(finding.code, finding.origin) for finding in raw.findings] == [
        ("CTX063", "context.sh:1:5"),
        ("CTX060", "context.sh:2:1"),
        ("CTX061", "context.sh:3:1"),
        ("CTX062", "context.sh:3:6"),
    ]


def test_an_environment_without_a_variable_names_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"HOME": "/root"})
    raw = load_context(os.environ)
    (finding,) = [each for each in validate(OWN, raw).findings if each.code == "CTX065"]
    assert said(finding) == (
        "warning CTX065 - -: the environment sets no variable of own => name a context file with --context"
    )
    assert (finding.origin, finding.position and finding.position.source.text) == ("environment", "")


def test_a_program_that_hands_over_other_names_is_told_nothing() -> None:
    assert [each.code for each in validate(OWN, load_context({"HOME": "x", "APP_NAME": "x"})).findings] == []
    assert [each.code for each in validate(OWN, load_context({"HOME": "x"})).findings] == ["CTX070"]


@pytest.mark.parametrize("kind", ["file", "mapping", "environment", "stdin"])
def test_no_message_may_quote_from_a_context(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "context.sh"
    path.write_text("APP_NAME='x'\n")
    monkeypatch.setattr(os, "environ", {"APP_NAME": "x"})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    sources = {"file": path, "mapping": {"APP_NAME": "x"}, "environment": os.environ, "stdin": "-"}
    source = load_context(sources[kind]).values["APP_NAME"].position.source  # type: ignore[arg-type]
    names = {"file": str(path), "stdin": "<stdin>"}
    text = "APP_NAME='x'\n" if kind in names else ""
    assert (source.name, source.text, source.confidential) == (names.get(kind, kind), text, True)


@pytest.mark.parametrize(
    ("value", "text"), [(True, "YES"), (False, "NO"), (None, ""), (3, "3"), (0.5, "0.5"), ("x", "x")]
)
def test_what_a_program_hands_over_becomes_text(value: object, text: str) -> None:
    assert load_context({"APP_NAME": value}).values["APP_NAME"].text == text


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (["x"], "the value of APP_NAME is a list; write text, a number or a boolean"),
        (10**5000, "the value of APP_NAME is a number of too many digits"),
    ],
    ids=["a list", "many digits"],
)
def test_what_no_text_can_be_made_of_is_named(value: object, refusal: str) -> None:
    with pytest.raises(CtxschemaError) as refused:
        load_context({"APP_NAME": value})
    assert str(refused.value) == refusal


def test_whether_a_process_of_its_own_reads_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def read(_path: str, *, apart: bool) -> bytes:
        asked.append(apart)
        return b"A='1'\n"

    monkeypatch.setattr("ctxschema.context.load.read_bytes", read)
    load_context("a", apart=True)
    load_context("b")
    assert asked == [True, False]


def test_a_context_is_written_as_the_server_does() -> None:
    written = write_context_sh({"B": "it's", "A": "two\nlines"})
    assert written == "# Context variables generated by OpenNebula\nA='two\nlines'\nB='it'\\''s'\n"


def test_more_values_leave_how_a_gpu_is_asked_for() -> None:
    gpu = GpuRequest(SWITCH)
    assert Values({"A": 1}, {}, gpu).also({"B": 2}).gpu is gpu
