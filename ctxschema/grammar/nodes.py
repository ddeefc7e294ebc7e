"""The nodes of the trees of USER_INPUTS strings and template text.

Every node has its span in the source. Whatever the grammar accepts has a tree; whether it is right is judged on the
tree.
"""

from __future__ import annotations

import re

from attrs import field, frozen

from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.types import BLANKS, InputType, type_named

MOST_PIECES = 1000
"""The greatest number of parts of a definition, and of options, that are separated; the last holds all the rest."""

INPUT_ATTRIBUTES = frozenset({"USER_INPUTS", "USER_INPUT"})
"""The attributes that hold definitions, including the common misspelling."""


@frozen
class Part:
    """A piece between the pipes of a definition, exactly as written."""

    text: str
    span: Span = field(repr=False, eq=False)


@frozen
class Definition:
    """One USER_INPUTS definition, ``flag|type|description|params|default``, before it is judged.

    Attributes:
        source: The text of the definition.
        parts: The pieces between the pipes; everything after the thousandth pipe is one piece.
        pieces: The pieces of the params, if the type gives them a meaning: the options of a list or the bounds of a
            range; everything after the thousandth separator is one piece.
    """

    source: SourceText = field(repr=False, eq=False)
    parts: tuple[Part, ...]
    pieces: tuple[Part, ...] = field(default=(), repr=False, eq=False, kw_only=True)

    def _part(self, index: int) -> str | None:
        return self.parts[index].text if index < len(self.parts) else None

    @property
    def flag(self) -> str | None:
        """The first part, as written: ``M`` or ``O`` if it is valid."""
        return self._part(0)

    @property
    def type(self) -> str | None:
        """The second part, as written."""
        return self._part(1)

    @property
    def description(self) -> str | None:
        """The third part, as written, which the user is shown."""
        return self._part(2)

    @property
    def params(self) -> str | None:
        """The fourth part, as written: the options of a list or the bounds of a range."""
        return self._part(3)

    @property
    def default(self) -> str | None:
        """The fifth part, as written."""
        return self._part(4)

    @property
    def input_type(self) -> InputType | None:
        """The type in the second part, ignoring blanks, or None if no consumer knows it."""
        return type_named(self.type or "")

    def emit(self) -> str:
        """Return the definition as it was written."""
        return "|".join(part.text for part in self.parts)


@frozen
class Fault:
    """Something in a template text that the server refuses.

    Attributes:
        opens_vector: Whether it is a vector inside a vector, so that its closing bracket is superfluous.
        edit: The span and the text of an edit that repairs it, if there is one.
    """

    message: str
    span: Span
    opens_vector: bool = False
    edit: tuple[Span, str] | None = None


@frozen
class Value:
    """The value of an attribute without quotes and escapes, not yet trimmed."""

    text: str
    quoted: bool
    span: Span = field(repr=False, eq=False)

    @property
    def kept(self) -> str:
        """The value as the server stores it, trimmed at both ends."""
        return self.text.strip(BLANKS)


@frozen
class Member:
    """A ``KEY = "value"`` of a vector."""

    name: str
    value: Value
    name_span: Span = field(repr=False, eq=False)

    @property
    def key(self) -> str:
        """The key in upper case, as the server stores it."""
        return self.name.upper()

    @property
    def span(self) -> Span:
        """The span from the key to the end of the value."""
        return Span(self.name_span.start, self.value.span.end)


@frozen
class Attribute:
    """A ``NAME = "value"`` or ``NAME = [ members ]`` of a template."""

    name: str
    value: Value | tuple[Member, ...]
    name_span: Span = field(repr=False, eq=False)
    span: Span = field(repr=False, eq=False)
    faults: tuple[Fault, ...] = field(default=(), repr=False, eq=False)

    @property
    def key(self) -> str:
        """The name as the server stores it: in upper case, with ``ONE_`` before a name that XML does not allow."""
        return server_name(self.name)

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of a vector; none for a single attribute."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def kept(self) -> str | dict[str, str]:
        """The value as the server stores it; of repeated keys in a vector, the first counts."""
        if not isinstance(self.value, tuple):
            return self.value.kept
        kept = {member.name.upper(): member.value.text.strip(BLANKS) for member in reversed(self.value)}
        return dict(sorted(kept.items()))


fits_xml = re.compile("(?!XML)[A-Za-z_]").match
"""Matches a name that an XML element can have."""


def server_name(name: str) -> str:
    """Return the name under which the server stores a top-level attribute.

    Source: docs/facts/opennebula.md, 2.2, rules 1 and 3.
    """
    return name.upper() if fits_xml(name) else f"ONE_{name.upper()}"


@frozen
class ParsedTemplate:
    """A template text as the server reads it.

    Attributes:
        source: The text.
        items: The attributes in the order in which they are written.
        ok: Whether the server accepts the text.
        attributes: What the server stores: pairs of name and value, sorted by name; a vector is a dict. Empty unless
            ``ok``.
    """

    source: SourceText = field(repr=False, eq=False)
    items: tuple[Attribute, ...]
    ok: bool
    attributes: list[tuple[str, str | dict[str, str]]]

    def emit(self) -> str:
        """Return the text as it was written."""
        return self.source.text
