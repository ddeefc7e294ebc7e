"""Parsing text into trees. Plain text is matched directly; Lark is imported only for the rest."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.analyse import analyse_user_input
from ctxschema.grammar.ast import Template, UserInput
from ctxschema.grammar.judge import FULL
from ctxschema.grammar.nodes import INPUT_ATTRIBUTES, MOST_PIECES, Attribute, Definition, Fault, Part
from ctxschema.grammar.plain import may_be_plain, plain_params, plain_parts, plain_run
from ctxschema.grammar.server import analyse_template, attributes_kept, inner_text
from ctxschema.grammar.types import Params, type_named

_PARAMS = {Params.OPTIONS: ("options", ","), Params.RANGE: ("range", "..")}
"""For params with a meaning, the rule of the grammar and the separator of their pieces."""


def parse_user_input(text: str | SourceText, *, variable: str | None = None) -> UserInput:
    """Parse one USER_INPUTS definition.

    Args:
        text: The definition, as it stands between the quotes of a USER_INPUTS block.
        variable: The name of the input, for messages.

    Returns:
        A tree, for any text; its ``findings`` say what is wrong with it.
    """
    source = text if isinstance(text, SourceText) else SourceText(text, name="<definition>")
    parts = _placed(plain_parts(source.text, FULL) or _odd_parts(source.text), 0, 1)
    pieces = _params(parts)
    node = Definition(source, parts, pieces=pieces)
    return UserInput(source, parts, findings=tuple(analyse_user_input(node, variable)), pieces=pieces)


def _odd_parts(text: str) -> list[str]:
    """Return the pieces between the pipes of a definition that is not plain."""
    from ctxschema.grammar.tree import pieces_of

    pieces = pieces_of(text, "start")
    if len(pieces) == FULL:
        pieces[FULL - 1 :] = pieces[-1].split("|", MOST_PIECES - FULL + 1)
    return pieces


def _placed(pieces: Sequence[str], start: int, separator: int) -> tuple[Part, ...]:
    """Return pieces with their spans.

    Args:
        pieces: The pieces between the separators; Lark's trees contain no position for an empty one.
        start: The offset at which the first piece begins.
        separator: The length of a separator.
    """
    placed = []
    for piece in pieces:
        end = start + len(piece)
        placed.append(Part(piece, Span(start, end)))
        start = end + separator
    return tuple(placed)


def _params(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return the options or the bounds in a definition; none if its type has neither."""
    kind = type_named(parts[1].text) if len(parts) > 3 else None
    if kind is None or kind.params is Params.NONE:
        return ()
    rule, separator = _PARAMS[kind.params]
    params = parts[3].text
    pieces = plain_params(params, separator) or _odd_params(params, rule, separator)
    return _placed(pieces, parts[3].span.start, len(separator))


def _odd_params(params: str, rule: str, separator: str) -> list[str]:
    """Return the pieces of params that are not plain."""
    from ctxschema.grammar.tree import pieces_of

    pieces = params.split(separator, MOST_PIECES)
    return [*pieces_of(separator.join(pieces[:MOST_PIECES]), rule), *pieces[MOST_PIECES:]]


def parse_template(text: str | SourceText) -> Template:
    """Parse a template, of which a USER_INPUTS block is the smallest.

    Args:
        text: Template text; or a template in XML, if it begins with ``<``.

    Returns:
        A tree, for any text. ``ok`` says whether the server accepts it; ``findings`` say what the server refuses and
        what is wrong with the definitions.
    """
    source = text if isinstance(text, SourceText) else SourceText(text, name="<template>")
    if source.text.startswith("<"):
        from ctxschema.grammar.xml_template import parse_xml_template

        return parse_xml_template(source, parse_user_input)
    with _no_garbage():
        return _template(source)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Pause Python's garbage collection while a tree is built, since nothing in a tree is garbage."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _template(source: SourceText) -> Template:
    items, faults, dropped = _attributes(source.text.partition("\0")[0])
    holding = [item for item in items if item.key in INPUT_ATTRIBUTES]
    user_inputs = tuple(
        (member.key, parse_user_input(inner_text(member.value, source), variable=member.key))
        for item in holding
        for member in item.members
    )
    faults = [*faults, *(fault for item in items for fault in item.faults)]
    findings = [
        *analyse_template(source, items, holding, faults, dropped),
        *(finding for _, definition in user_inputs for finding in definition.findings),
    ]
    findings.sort(key=lambda finding: finding.position.outermost.start or 0 if finding.position else 0)
    kept = [] if faults else attributes_kept(items)
    return Template(source, tuple(items), not faults, kept, user_inputs, tuple(findings))


def _attributes(text: str) -> tuple[list[Attribute], list[Fault], list[tuple[int, int]]]:
    """Return the attributes of a template text, the faults between them, and the spans that match nothing."""
    run = plain_run(text, 0) if may_be_plain(text) else None
    if run is not None and run.behind == len(text):
        return run.items, [], []
    from ctxschema.grammar.tree import attributes

    return attributes(text, run)
