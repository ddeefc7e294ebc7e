"""Characters that some output cannot carry, for the checks of a declaration and for the importer.

Source: docs/facts/opennebula.md, sections 1.1, 1.4, 2.3, 5.2 and 5.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from ctxschema.grammar.references import SEPARATOR, references


@frozen
class Hazard:
    """A pattern in a text that would not survive some output.

    Args:
        pattern: The pattern to search for.
        words: What it is, to complete "has ... in it".
        repair: What to write instead.
        instead: The replacement, for a program that rewrites the text.
    """

    pattern: re.Pattern[str]
    words: str
    repair: str
    instead: str


_EVERYWHERE = (
    Hazard(re.compile(r"\|"), "a pipe", "write a comma or a slash", "/"),
    Hazard(re.compile(r'"'), "a double quote", "write single quotes", "'"),
    Hazard(re.compile(r"[\r\n]+"), "a line end", "write it on one line", " "),
    Hazard(
        re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"), "a control character", "leave it out", " "
    ),
    Hazard(re.compile(r"\]\]>"), "]]>", "leave it out", "]] >"),
    Hazard(re.compile(r"\\+\Z"), "a backslash at the end", "write something behind it", ""),
    Hazard(re.compile(re.escape(SEPARATOR)), SEPARATOR, "leave it out", ""),
)
LABEL_HAZARDS = (
    *_EVERYWHERE,
    Hazard(re.compile(r"\$\{"), "${", "leave out the dollar or the brace", "$ {"),
)
"""What a label must not contain."""

DEFAULT_HAZARDS = (
    *_EVERYWHERE,
    Hazard(re.compile(r"\$"), "a dollar", "encode it, as kinds.TEXT64", ""),
)
"""What a default must not contain."""

OPTION_HAZARDS = (*DEFAULT_HAZARDS, Hazard(re.compile(","), "a comma", "write another character", "/"))
"""What an option of a list must not contain."""

_VALUE_HAZARDS = tuple(hazard for hazard in _EVERYWHERE if hazard.words != "a pipe")


def hazards(text: str, known: tuple[Hazard, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a text must not contain and what to write instead, at most once for each hazard."""
    for hazard in known:
        if hazard.pattern.search(text):
            yield f"{hazard.words} in it", hazard.repair
    if text != text.strip():
        yield "blanks around it", "remove them"


def without_hazards(text: str, known: tuple[Hazard, ...]) -> str:
    """Return a text with every hazard replaced."""
    for hazard in known:
        text = hazard.pattern.sub(hazard.instead, text)
    return text.strip()


def context_hazards(value: str) -> Iterator[tuple[str, str]]:
    """Yield what a CONTEXT value set by the template's author must not contain, and what to write instead."""
    yield from hazards(value, _VALUE_HAZARDS)
    for reference in references(value):
        if reference.fault is not None:
            yield f"{reference.text} in it, which is no reference", "write $NAME or $VECTOR[NAME]"
