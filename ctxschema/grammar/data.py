"""Trees of mappings, sequences and scalars for YAML and JSON, in which every node has its position."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

from attrs import field, frozen

from ctxschema.core.source import SourceText, Span

DEEPEST = 64
"""The greatest depth of a document; nothing that OpenNebula reads comes near."""

Place: TypeAlias = "tuple[SourceText, int, int, dict[str, str], bool]"
"""The last five arguments of `aligned`: the source, start and end of a scalar, its escapes, and whether it is bare."""


@frozen
class Scalar:
    """One value.

    Attributes:
        text: Its text, with escapes resolved.
        string: Whether it is a string; an unquoted number, boolean or null is not.
        quoted: Whether it is written in quotes or as a block.
        made: The text with the position of every character, or the arguments with which `aligned` makes it when it is
            first asked for.
    """

    text: str
    string: bool
    quoted: bool
    span: Span = field(repr=False, eq=False)
    made: SourceText | Place = field(repr=False, eq=False)

    @cached_property
    def source(self) -> SourceText:
        """The text, with the position of every character."""
        if isinstance(self.made, SourceText):
            return self.made
        source, start, end, escapes, bare = self.made
        return aligned(self.text, source, start, end, escapes, bare=bare)


@frozen
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span = field(repr=False, eq=False)


@frozen
class Mapping:
    """Pairs of a key and a node, in order; keys may be repeated."""

    pairs: tuple[tuple[Scalar, Node], ...]
    span: Span = field(repr=False, eq=False)

    def get(self, name: str) -> Node | None:
        """Return the node of a key, ignoring case; of repeated keys the last, as loaders do."""
        found = [node for key, node in self.pairs if key.text.lower() == name]
        return found[-1] if found else None

    def mapping(self, name: str) -> Mapping | None:
        """Return the mapping under a key, or None."""
        node = self.get(name)
        return node if isinstance(node, Mapping) else None

    def scalar(self, name: str) -> Scalar | None:
        """Return the scalar under a key, or None."""
        node = self.get(name)
        return node if isinstance(node, Scalar) else None


_HEX = "[0-9a-fA-F]"
_NUMBERED = re.compile(
    rf"\\(?:x(?P<two>{_HEX}{{2}})|u(?P<four>{_HEX}{{4}})|U(?P<eight>{_HEX}{{8}}))"
    rf"(?:(?<=\\u[dD][89abAB]..)\\u(?P<low>[dD][c-fC-F]{_HEX}{{2}}))?"
)

Node: TypeAlias = "Scalar | Sequence | Mapping"


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Yield every scalar in a tree except keys."""
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, Mapping):
        for _, item in node.pairs:
            yield from scalars(item)


def aligned(  # noqa: PLR0913
    text: str, source: SourceText, start: int, end: int, escapes: dict[str, str], *, bare: bool
) -> SourceText:
    r"""Return the text of a scalar with the position of each character in the document.

    Quotes, indentation, folded line ends and escapes are in the document but not in the text, so both are traversed
    together, and what does not match is skipped.

    Args:
        text: The value of the scalar.
        source: The document.
        start: The offset at which the scalar begins.
        end: The offset at which it ends.
        escapes: The values of the document's escape sequences, such as ``\n``.
        bare: Whether the scalar is unquoted, so that a blank or a comma could end it.
    """
    raw, size = source.text, len(text)
    special = "\\" if r"\\" in escapes else "'" if escapes else ""
    if raw.startswith(text, start) and not (special and special in text):
        return SourceText(text, source.name, source.confidential, source, ((0, start),), bare=bare)
    anchors: list[tuple[int, int]] = []
    here, at, shift = 0, start, None
    while here < size:
        at, length = _next(raw, at, end, text[here], escapes)
        if at >= end:
            break
        if at - here != shift:
            shift = at - here
            anchors.append((here, at))
        here, at = here + 1, at + length
        if length == 1:  # without escapes both advance together to the end of the line, which is the usual case
            line_end = raw.find("\n", at, end)
            step = text[here : here + (end if line_end < 0 else line_end) - at]
            if special and special in step:
                step = step[: step.index(special)]
            if raw.startswith(step, at):
                here, at = here + len(step), at + len(step)
    if not anchors or anchors[0][0] != 0:
        anchors.insert(0, (0, start))
    return SourceText(text, source.name, source.confidential, source, tuple(anchors), bare=bare)


def _next(raw: str, at: int, end: int, character: str, escapes: dict[str, str]) -> tuple[int, int]:
    """Return the offset and the length, in the document, of the next character of the value."""
    # A folded line end gives a blank. The search is limited, since only indentation is skipped.
    for candidate in range(at, min(end, at + 2000)):
        found = raw[candidate]
        if found == "\\" and r"\\" in escapes:
            if escapes.get(raw[candidate : candidate + 2]) == character:
                return candidate, 2
            number = _NUMBERED.match(raw, candidate)
            if number is not None and _numbered(number) == character:
                return candidate, len(number.group())
        elif found == character or (found == "\n" and character == " "):
            return candidate, 2 if raw[candidate : candidate + 2] in escapes else 1
    return end, 0


def _numbered(match: re.Match[str]) -> str:
    """Return the character of a numeric escape; a surrogate pair is one character."""
    if match["low"]:
        return bytes.fromhex(match["four"] + match["low"]).decode("utf-16-be")
    number = int(match["two"] or match["four"] or match["eight"], 16)
    return chr(number) if number <= sys.maxunicode else ""
