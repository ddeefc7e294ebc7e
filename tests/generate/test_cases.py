"""What is generated of a declaration, to the letter: a file under tests/cases/generate for each appliance.

Above the first line of equals signs stands the declaration. Each such line names an output and its options, and below
it stands the text of that output, or why it is refused. An option is ``gpu``, ``names=``, ``group=``, ``form=``,
``template=ROLE:NUMBER``, or ``NAME=value`` for a value of the context. Of the bash that is copied from
ctxschema/generate/shell, the name of the file stands in place of what is the same. ``UPDATE_CASES=1 pytest`` writes the
texts anew, to be read before they are committed.
"""

import json
import os
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from ctxschema.core.errors import CtxschemaError, NoContextError, NotPortableError
from ctxschema.core.finding import Severity
from ctxschema.core.quoting import shell_word
from ctxschema.core.source import SourceText
from ctxschema.declaration.load import read_declaration
from ctxschema.generate.json_schema import NOT_EXPRESSED
from ctxschema.generate.names import Names
from ctxschema.generate.options import Options
from ctxschema.generate.registry import OUTPUTS, Output, artefacts
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Condition
from ctxschema.model.container import Container, Image
from ctxschema.model.kinds import NUMBER, TEXT
from ctxschema.model.limits import Limit
from ctxschema.model.variable import Variable
from tests.conftest import ROOT
from tests.said import said

FOLDER = ROOT / "tests/cases/generate"
HEAD = re.compile(r"^==== (.+)\n", re.MULTILINE)
BY_NAME = {output.name: output for output in OUTPUTS}
COPIED = [
    (path.name, part)
    for path in sorted((ROOT / "ctxschema/generate/shell").glob("*.sh"))
    for part in re.split(r"^.*@[A-Z_]+@.*\n", path.read_text(encoding="utf-8").lstrip("\n"), flags=re.MULTILINE)
    if part.count("\n") > 1
]


@cache
def declared(path: Path) -> Appliance:
    text = HEAD.split(path.read_text(encoding="utf-8"))[0]
    appliance, findings = read_declaration(SourceText(text, f"{path.stem}.yaml"))
    assert appliance is not None, findings
    return appliance


CASES = [(path, head) for path in sorted(FOLDER.iterdir()) for head in HEAD.findall(path.read_text(encoding="utf-8"))]


def options(words: list[str]) -> Options:
    known: dict[str, Any] = {}
    lines: list[str] = []
    for word in words:
        name, _, value = word.partition("=")
        if name == "template":
            role, _, number = value.partition(":")
            known.setdefault("templates", {})[role] = int(number)
        elif name.isupper():
            lines.append(f"{name}={shell_word(value)}\n")
        else:
            known[name] = Names(value) if name == "names" else value or True
    if lines:
        known["context"] = SourceText("".join(lines), "context.sh")
    return Options(**known)


def without_copies(text: str) -> str:
    for name, part in COPIED:
        text = text.replace(part, f"[{name}]\n")
    return text


def refusal(error: CtxschemaError) -> Iterator[str]:
    yield f"refused, {type(error).__name__}: {error}\n"
    yield from (f"{said(finding)}\n" for finding in getattr(error, "findings", ()))


def generated(appliance: Appliance, head: str) -> str:
    name, *words = shlex.split(head)
    try:
        return without_copies(BY_NAME[name].text(appliance, options(words)))
    except CtxschemaError as error:
        return "".join(refusal(error))


@pytest.mark.parametrize(("path", "head"), CASES, ids=[f"{path.stem}-{head}" for path, head in CASES])
def test_what_is_generated(path: Path, head: str) -> None:
    text = generated(declared(path), head)
    given, *pieces = HEAD.split(path.read_text(encoding="utf-8"))
    expected = dict(zip(pieces[::2], pieces[1::2], strict=True))
    if os.environ.get("UPDATE_CASES"):
        expected[head] = text
        path.write_text(given + "".join(f"==== {each}\n{expected[each]}" for each in pieces[::2]), encoding="utf-8")
    assert text == expected[head]


class Even(Limit):
    words = "an even number"

    def problem(self, value: Any) -> str | None:
        return "is odd" if int(value) % 2 else None


class Full(Condition):
    words = "the moon is full"
    variables = ()

    def _holds(self, values: Any) -> bool:  # noqa: ARG002 - as every condition
        return False


def test_what_a_language_has_no_words_for_is_said_where_others_define_it() -> None:
    count = Variable("MANY", NUMBER, label="Count", default=2, limits=(Even(),))
    word = Variable("WORD", TEXT, label="Word", default="2", limits=(Even(),))
    rule = Rule("moon", Severity.ERROR, count, "it is dark", "wait", when=Full())
    appliance = Appliance("own", "Own", "S", (count, word), rules=(rule,))
    with pytest.raises(NotPortableError) as refused:
        BY_NAME["one-apps"].text(appliance)
    words = "bash has no words for"
    constant = "compare whole numbers with each other, and other numbers with a constant"
    limits = "declare it with the limits of ctxschema.model.limits"
    assert [said(finding) for finding in refused.value.findings] == [
        f"error CTX171 - MANY: rule moon: {words} the moon is full => {constant}",
        f"error CTX171 - MANY: MANY: {words} the limit Even => {limits}",
        f"error CTX171 - WORD: WORD: {words} the limit Even => {limits}",
    ]
    boots = evolve(appliance, container=Container(Image("example/own", "1")))
    with pytest.raises(NotPortableError, match="rule moon: bash has no words for the moon is full"):
        BY_NAME["docker-run"].text(boots)
    terraform = [line.strip() for line in BY_NAME["terraform"].text(appliance).splitlines() if "# Not" in line]
    assert terraform == [
        "# Not checked here: an even number.",
        "# Not checked here: it is dark.",
        "# Not checked here: an even number.",
    ]
    listed = json.loads(BY_NAME["json-schema"].text(appliance))["$defs"][NOT_EXPRESSED]["examples"]
    assert listed[-3:] == [
        {"variable": "MANY", "words": "an even number"},
        {"variable": "WORD", "words": "an even number"},
        {"rule": "moon", "severity": "error", "words": "it is dark: the moon is full"},
    ]


def test_every_output_is_written_that_can_be() -> None:
    needing = declared(FOLDER / "needing.case")
    left: list[tuple[str, str]] = []

    def left_out(output: Output, error: NoContextError) -> None:
        left.append((output.name, str(error)))

    files = [name for name, _ in artefacts(needing, left_out=left_out)]
    message = "needing does not boot from its defaults alone"
    assert left == [("compose", message), ("quadlet", message)]
    with pytest.raises(NoContextError, match=message):
        list(artefacts(needing))
    gpu = {output.gpu_file for output in OUTPUTS if output.gpu_file}
    suiting = {output.file for output in OUTPUTS if output.suits(needing)} - {"compose.yaml", "quadlet.container"}
    assert (set(files), len(files)) == (suiting | gpu, len(suiting | gpu))
    assert "PCI" in dict(artefacts(needing, left_out=left_out))["vm-template-gpu.tmpl"]
    plain = dict(artefacts(declared(FOLDER / "watch.case"), Options(form="python")))
    assert plain["appliance.yaml"].startswith('"""Declares')
    assert "PCI" not in plain["vm-template.tmpl"]
    assert not gpu & dict(artefacts(declared(FOLDER / "service.case"))).keys()


def test_a_line_end_in_a_value_begins_no_line_of_a_unit() -> None:
    context = SourceText("APP_NOTE='a\n\tb'\n", "context.sh")
    text = BY_NAME["quadlet"].text(declared(FOLDER / "server.case"), Options(context=context))
    assert "Volume=notes:/notes/a \tb:ro\n" in text
    assert r'"a\x0a\x09b"' in text


def test_a_boot_has_no_time_limit_where_one_of_its_steps_has_none() -> None:
    client = declared(FOLDER / "client.case")
    *others, settling = client.steps
    unlimited = evolve(client, steps=(*others, evolve(settling, seconds=None)))
    assert "TimeoutStartSec=infinity\n" in BY_NAME["unit"].text(unlimited)
