"""Trees of mappings, sequences and scalars for YAML and JSON, in which every node has its position."""

from __future__ import annotations

import re
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
_ODD = re.compile(r"[\n\\']")
"""What may be written otherwise than it reads: a line end, and what begins an escape."""

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
    raw = source.text[start:end]
    anchors: list[tuple[int, int]] = []
    if not raw.startswith(text) or _ODD.search(text):
        here = at = 0
        shift = None
        while here < len(text) and (found := _next(raw, at, text[here], escapes)) is not None:
            at, length = found
            if at - here != shift:
                shift = at - here
                anchors.append((here, start + at))
            here, at = here + 1, at + length
            if length == 1:  # without escapes both advance together to the end of the line, which is the usual case
                odd = _ODD.search(raw, at)
                step = raw[at : odd.start() if odd else None]
                if step.startswith(text[here : here + len(step)]):
                    here, at = here + len(step), at + len(step)
    return SourceText(text, source.name, source.confidential, source, tuple(anchors) or ((0, start),), bare=bare)


def _next(raw: str, at: int, character: str, escapes: dict[str, str]) -> tuple[int, int] | None:
    """Return the offset and the length, as it is written, of the next character of a value, or None without any."""
    for candidate in range(at, len(raw)):
        found = raw[candidate]
        if found == "\\" and r"\\" in escapes:
            if escapes.get(raw[candidate : candidate + 2]) == character:
                return candidate, 2
            number = _NUMBERED.match(raw, candidate)
            if number is not None and _numbered(number) == ord(character):
                return candidate, len(number.group())
        elif found == character or (found == "\n" and character == " "):  # a folded line end gives a blank
            return candidate, 2 if raw[candidate : candidate + 2] in escapes else 1
    return None


def _numbered(match: re.Match[str]) -> int:
    """Return the number of a numeric escape's character; a surrogate pair is one character."""
    if match["low"]:
        return ord(bytes.fromhex(match["four"] + match["low"]).decode("utf-16-be"))
    return int(match["two"] or match["four"] or match["eight"], 16)
