"""The quick forms in which much is read beside the plain ones, and everything that is told of what was read."""

import contextlib
import random
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from unittest.mock import patch

from attrs import evolve

from ctxschema import parse_template, parse_user_input
from ctxschema.core.finding import Finding
from ctxschema.core.source import Position, SourceText
from ctxschema.grammar.ast import Template, UserInput
from ctxschema.grammar.data import Node, Scalar, Sequence, _next
from ctxschema.grammar.nodes import Fault, Value
from ctxschema.grammar.yaml_document import parse_yaml

_TEMPLATE_PIECES = [
    *["=", '"', "\\", "[", "]", ",", "#", "\n", "\r\n", " ", "\t", "\v", "\0", "\ufeff", "|", "$", "é", "x", "1"],
    *["]]>", '\\"', '\\\\"', '""', '"a b"', '"a"b', "# c\n", "A", "G = ", "H= [", 'I = "', "D = 5 ", 'E=w"x'],
    *['B = "x"', ', M = "1"', 'F = "a\\"b c\\" d"\n', 'C = [ K = "v", L="w" ]', "N = [ K = v, L=w\n]"],
    *["XML=1 ", "9 = [A=1]", 'J=\\"k" '],
    *['USER_INPUTS = [\n  X = "O|text|d| |y",\n  Y="M|list|d|a,b|a" ]\n', 'USER_INPUT=[Z="O|range|d|5..1|3"]'],
]  # fmt: skip
_DEFINITION_PIECES = [
    *["|", "M", "O", "0", " ", "..", ".", "...", ",", ",,", "YES", "1", "0.8", "\n", "\\", "é", "a,b", "1..5", "1 ..5"],
    *["text", "list", "list-multiple", "range", "range-float", "number", "boolean", "password", "fixed"],
    *["O|list|d|a,b|a", "O|range|d|0..5|3", "M|range-float|d|.5..|1", "O|list-multiple|d|,a,|"],
]  # fmt: skip
_YAML_PIECES = [
    *["a: ", "b: ", "c:\n", "- ", "  ", "    ", "\n", "\n", "\r\n", "x", "é", "\U0001d400", "'", '"', "\\", "#"],
    *["\r", " # c\n", "\x85", "\u2028", "\ufeff", "|\n", ">-\n", "|2\n", "[", "]", "{", "}", ", ", "&a ", "*a", "~"],
    *["!!str ", "a: 'it''s'\n", 'b: "\\u00e9 \\"q\\" \\\n  f"\n', "c: |\n  one\n  two\n\n", "d: >\n  one\n  two\n"],
    *["e: [1, yes, x]\n", "f:\n  a: b\n  c: 'd'\n", "g: one\n  two\n", "---\n", "...\n", "%YAML 1.1\n", "0x1f"],
    *["2024-01-01", "\t", "? "],
]  # fmt: skip


@contextlib.contextmanager
def plain_forms() -> Iterator[None]:
    """Leave everything to the plain forms while it lasts."""
    with contextlib.ExitStack() as stack:
        for name, answer in (("plain_parts", None), ("plain_params", None), ("may_be_plain", False)):
            stack.enter_context(patch(f"ctxschema.grammar.parser.{name}", return_value=answer))
        stack.enter_context(patch("ctxschema.grammar.data.aligned", aligned_plainly))
        stack.enter_context(patch("ctxschema.grammar.yaml_document._ODD_LINES", re.compile("")))
        yield


def aligned_plainly(
    text: str, source: SourceText, start: int, end: int, escapes: dict[str, str], *, bare: bool
) -> SourceText:
    """`aligned` as it would be written if time did not count: character by character."""
    raw = source.text[start:end]
    anchors: list[tuple[int, int]] = []
    at, shift = 0, None
    for here, character in enumerate(text):
        found = _next(raw, at, character, escapes)
        if found is None:
            break
        at, length = found
        if at - here != shift:
            shift = at - here
            anchors.append((here, start + at))
        at += length
    return SourceText(text, source.name, source.confidential, source, tuple(anchors) or ((0, start),), bare=bare)


def told_of_definition(node: UserInput) -> Any:
    """Everything that there is to know of a definition."""
    parts, pieces = ([(each.text, each.span) for each in group] for group in (node.parts, node.pieces))
    return node.emit(), parts, pieces, [_finding(each) for each in node.findings]


def told_of_template(tree: Template) -> Any:
    """Everything that there is to know of a template."""
    items = [
        (item.name, item.name_span, item.span, _value(item.value), [_fault(fault) for fault in item.faults])
        for item in tree.items
    ]
    inputs = [(name, each.source.anchors, told_of_definition(each)) for name, each in tree.user_inputs]
    return tree.emit(), tree.ok, tree.attributes, items, inputs, [_finding(each) for each in tree.findings]


def told_of_document(root: "Node | None", findings: Iterable[Finding]) -> Any:
    """Everything that there is to know of a YAML or JSON text."""
    return _node(root), [_finding(each) for each in findings]


def _node(node: "Node | None") -> Any:
    if isinstance(node, Scalar):
        source = node.source
        return node.text, node.string, node.quoted, node.span, source.text, source.anchors, source.bare
    if isinstance(node, Sequence):
        return node.span, [_node(item) for item in node.items]
    return node and (node.span, [(_node(key), _node(value)) for key, value in node.pairs])


def _value(value: Any) -> Any:
    if isinstance(value, Value):
        return value.text, value.quoted, value.span
    return [(member.name, member.name_span, member.span, _value(member.value)) for member in value]


def _fault(fault: Fault) -> Any:
    return fault.message, fault.span, fault.opens_vector, fault.edit


def _place(position: Position | None) -> Any:
    return position and (position.start, position.end, position.outermost.start, position.outermost.end, str(position))


def _finding(finding: Finding) -> Any:
    edits = [(_place(edit.position), edit.text) for edit in finding.edits]
    return evolve(finding, position=None, edits=()), _place(finding.position), edits, finding.safe


def template_text(chance: random.Random) -> str:
    """A text with much in it that means something in a template."""
    return "".join(chance.choices(_TEMPLATE_PIECES, k=chance.choice([2, 4, 8, 16, 32])))


def definition_text(chance: random.Random) -> str:
    """A text with much in it that means something in a definition."""
    return "".join(chance.choices(_DEFINITION_PIECES, k=chance.choice([1, 3, 5, 9, 16])))


def yaml_text(chance: random.Random) -> str:
    """A text with much in it that means something in YAML."""
    return "".join(chance.choices(_YAML_PIECES, k=chance.choice([2, 4, 8, 16, 32])))


SUBJECTS: dict[str, tuple[Callable[[random.Random], str], Callable[[str], Any]]] = {
    "template": (template_text, lambda text: told_of_template(parse_template(text))),
    "yaml": (yaml_text, lambda text: told_of_document(*parse_yaml(SourceText(text)))),
    "definition": (definition_text, lambda text: told_of_definition(parse_user_input(text))),
}
"""What is read: what makes a text, and what reads it and tells everything."""


def differing(subject: str, seed: int, texts: int) -> list[str]:
    """Return the texts of which both forms do not tell the same."""
    make, tell = SUBJECTS[subject]
    chance = random.Random(seed)
    made = [make(chance) for _ in range(texts)]
    quick = [tell(text) for text in made]
    with plain_forms():
        return [text for text, told in zip(made, quick, strict=True) if tell(text) != told]
