"""What reading and judging a context says, to the letter: a file under tests/cases/context for each situation.

Above the line of dashes stands what a machine was told, below it what is said: severity, code, place, variable, rule,
message, value and repair of every finding, and each value that was read with its origin. ``<CR>``, ``<NUL>`` and
``<BYTE>`` (none of UTF-8) stand for themselves, and ``<END>`` for no line end. ``UPDATE_CASES=1 pytest`` writes the
lower half anew, to be read before it is committed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ctxschema import validate
from ctxschema.context.load import read_context
from ctxschema.core.finding import Finding, Severity
from ctxschema.core.secret import MASK
from ctxschema.core.source import SourceText
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import AllOf, Compare, Is, IsSet, Not
from ctxschema.model.kinds import BOOLEAN, LIST, LIST_MULTIPLE, NUMBER, PASSWORD, SECRET_TEXT64, TEXT, TEXT64
from ctxschema.model.limits import Between, Matches
from ctxschema.model.variable import Deprecation, Variable
from tests.conftest import ROOT

FOLDER = ROOT / "tests/cases/context"
LINE = "-" * 40 + "\n"
WRITTEN = {"<CR>": "\r", "<NUL>": "\0", "<BYTE>": "\udcff"}
SWITCH = Variable("APP_SWITCH", BOOLEAN, label="Switch", default=False)
PORT = Variable("APP_PORT", NUMBER, label="Port", default=80, limits=(Between(1, 65535),), aliases=("OLD_PORT",))
LEVEL = Variable("APP_LEVEL", NUMBER, label="Level", default=1, effective=Is(SWITCH, True), limits=(Between(0, 9),))
MODE = Variable("APP_MODE", LIST, label="Mode", default="slow", options=("slow", "fast"))
NOTE = Variable("APP_NOTE", TEXT64, label="Note", default="", aliases=("OLD_NOTE",))
NAME = Variable("APP_NAME", TEXT, label="Name", default=None, mandatory=True)
PLAIN_NOTE = AllOf((IsSet(NOTE), Not(Is(SWITCH, True))))
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
        Variable("APP_HOST", TEXT, label="Host", default="", limits=(Matches("[a-z.]+", "a host", "a.b", "A B"),)),
        Variable("APP_TOKEN", PASSWORD, label="Token", default=None),
        Variable("APP_KEY", SECRET_TEXT64, label="Key", default=None),
        NOTE,
        Variable("APP_FORMER", TEXT, label="Former", default="", deprecated=Deprecation("1.2", "APP_HOST")),
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
    ),
    prefixes=("APP_",),
)


def said(finding: Finding) -> str:
    place = finding.position.as_dict() if finding.position is not None else {}
    where = "{line}:{column}-{end_line}:{end_column}".format_map(place) if "line" in place else "-"
    rule = f" [{finding.rule}]" if finding.rule else ""
    value = f" <{finding.value}>" if finding.value else ""
    repair = f" => {finding.repair}" if finding.repair else ""
    head = f"{finding.severity.value} {finding.code} {where} {finding.variable or '-'}{rule}"
    return f"{head}: {finding.message}{value}{repair}"


def told(text: str) -> Iterator[str]:
    raw = read_context(SourceText(text, "context.sh", confidential=True))
    result = validate(OWN, raw)
    yield f"{raw.format}{', broken' if raw.broken else ''}"
    yield from (said(finding) for finding in result.findings)
    for variable in OWN.variables:
        if result.values.is_set(variable):
            shown = MASK if variable.kind.secret else result.values[variable]
            yield f"{variable.name} = {shown!r} from {result.values.origin(variable)}"


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_what_is_said(path: Path) -> None:
    given, _, expected = path.read_text(encoding="utf-8").partition(LINE)
    text = given.replace("<END>\n", "")
    for word, character in WRITTEN.items():
        text = text.replace(word, character)
    lines = "".join(f"{line}\n" for line in told(text)).encode("utf-8", "backslashreplace").decode()
    if os.environ.get("UPDATE_CASES"):
        path.write_text(f"{given}{LINE}{lines}", encoding="utf-8")
    assert lines == expected
