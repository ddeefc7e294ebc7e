"""What is read of a text and said of it, to the letter: the files under tests/cases/grammar, by what they hold.

Each text stands in a line of its own that begins with ``>``, written as JSON. Below it stands all that was read of it:
its nodes with the offsets between which they stand, what the server stores, every finding with what it would write, and
the portable form, or why there is none. ``UPDATE_CASES=1 pytest`` writes that anew, to be read before it is committed.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from ctxschema import parse_template, parse_user_input
from ctxschema.core.errors import NotPortableError
from ctxschema.core.finding import Finding
from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.ast import Template, UserInput
from ctxschema.grammar.data import Mapping, Node, Scalar
from ctxschema.grammar.json_document import parse_json
from ctxschema.grammar.nodes import Attribute, Value
from ctxschema.grammar.references import references
from ctxschema.grammar.yaml_document import parse_yaml
from tests.conftest import ROOT
from tests.said import edits, said

FOLDER = ROOT / "tests/cases/grammar"
TEXTS = {path: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}
CASES = [
    (path, line) for path, text in TEXTS.items() for line in dict.fromkeys(text.splitlines()) if line.startswith("> ")
]


def place(span: Span) -> str:
    return f"{span.start}-{span.end}"


def findings(found: Iterable[Finding]) -> Iterator[str]:
    for finding in found:
        yield said(finding)
        yield from edits(finding)


def portable(tree: UserInput | Template) -> Iterator[str]:
    try:
        yield f"portable: {tree.canonical()!r}"
    except NotPortableError as error:
        yield f"not portable: {error}"
        yield from findings(error.findings)


def definition(text: str) -> Iterator[str]:
    node = parse_user_input(text, variable="NAME")
    yield from findings(node.findings)
    yield from (f"piece {piece.text!r} {place(piece.span)}" for piece in node.pieces)
    yield from portable(node)


def value(each: Value) -> str:
    return f"{each.text!r} {'quoted ' * each.quoted}{place(each.span)}"


def attribute(item: Attribute) -> Iterator[str]:
    single = f" = {value(item.value)}" if isinstance(item.value, Value) else ""
    yield f"{item.name} {place(item.name_span)} {place(item.span)}{single}"
    yield from (f"  {each.name} {place(each.name_span)} = {value(each.value)}" for each in item.members)


def template(text: str) -> Iterator[str]:
    tree = parse_template(text)
    for item in tree.items:
        yield from attribute(item)
    for name, each in tree.user_inputs:
        anchors, outer = each.source.anchors, each.source.parent
        yield f"input {name} {each.emit()!r} {anchors}{outer.anchors if outer else ''}{' bare' * each.source.bare}"
    yield f"stored: {tree.attributes}" if tree.ok else "refused"
    yield from findings(tree.findings)
    yield from portable(tree)


def document(root: "Node | None", found: list[Finding]) -> Iterator[str]:
    yield from node(root, "")
    yield from findings(found)


def node(each: "Node | None", indent: str) -> Iterator[str]:
    if isinstance(each, Scalar):
        flags = "".join(
            f" {word}"
            for word, holds in (("string", each.string), ("quoted", each.quoted), ("bare", each.source.bare))
            if holds
        )
        yield f"{indent}{each.text!r} {place(each.span)} {each.source.anchors}{flags}"
    elif isinstance(each, Mapping):
        yield f"{indent}mapping {place(each.span)}"
        for key, below in each.pairs:
            yield from node(key, f"{indent}  ")
            yield from node(below, f"{indent}    ")
    elif each is not None:
        yield f"{indent}sequence {place(each.span)}"
        for below in each.items:
            yield from node(below, f"{indent}  ")


def reference(text: str) -> Iterator[str]:
    for each in references(text):
        fault = each.fault.value if each.fault else "fine"
        yield f"{fault} {each.name or '-'} {each.attribute or '-'} {place(each.span)} {each.text!r}"


TOLD: dict[str, Callable[[str], Iterator[str]]] = {
    "definitions": definition,
    "templates": template,
    "xml": template,
    "yaml": lambda text: document(*parse_yaml(SourceText(text, "a.yaml"))),
    "json": lambda text: document(*parse_json(SourceText(text, "a.json"))),
    "references": reference,
}


@pytest.mark.parametrize(("path", "line"), CASES, ids=[f"{path.stem}-{line[2:50]}" for path, line in CASES])
def test_what_is_read_and_said(path: Path, line: str) -> None:
    lines = "".join(f"{each}\n" for each in TOLD[path.stem](json.loads(line[2:])))
    lines = lines.encode("utf-8", "backslashreplace").decode()
    before, _, rest = f"\n{path.read_text(encoding='utf-8')}".partition(f"\n{line}\n")
    expected, more, after = f"\n{rest}".partition("\n> ")
    if os.environ.get("UPDATE_CASES"):
        path.write_text(f"{before[1:]}\n{line}\n{lines}{more[1:]}{after}".lstrip("\n"), encoding="utf-8")
    assert lines == expected[1:] + "\n" * bool(more and expected[1:])
