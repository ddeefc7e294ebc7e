"""What the trees of USER_INPUTS strings and of template text are made of.

Every node knows its span in the source. Whatever the grammar takes has a tree; whether it is right is judged
afterwards, on the tree.
"""

from __future__ import annotations

import re

from attrs import field, frozen

from ctxschema.core.source import SourceText, Span
from ctxschema.grammar.types import BLANKS, InputType, type_named

MOST_PIECES = 1000
"""How many parts of a definition, and options of a list, are told apart; the last one holds whatever is left."""

INPUT_ATTRIBUTES = frozenset({"USER_INPUTS", "USER_INPUT"})
"""The attributes that hold definitions, the one that people write by mistake among them."""


@frozen
class Part:
    """One of the pieces between the pipes of a definition, exactly as written."""

    text: str
    span: Span = field(repr=False, eq=False)


@frozen
class Definition:
    """One USER_INPUTS definition, ``flag|type|description|params|default``, before it is judged.

    Attributes:
        source: The definition's text.
        parts: The pieces between the pipes; whatever is left behind the thousandth pipe is one piece.
        pieces: What the params are made of, where the type gives them a meaning: the options of a list, the bounds of
            a range; whatever is left behind the thousandth separator is one piece.
    """

    source: SourceText = field(repr=False, eq=False)
    parts: tuple[Part, ...]
    pieces: tuple[Part, ...] = field(default=(), repr=False, eq=False, kw_only=True)

    def _part(self, index: int) -> str | None:
        return self.parts[index].text if index < len(self.parts) else None

    @property
    def flag(self) -> str | None:
        """The first part, as written: ``M`` or ``O`` if it is right."""
        return self._part(0)

    @property
    def type(self) -> str | None:
        """The second part, as written."""
        return self._part(1)

    @property
    def description(self) -> str | None:
        """The third part, as written: what the user is shown."""
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
        """The type that the second part names, blanks aside, or None if no consumer knows it."""
        return type_named(self.type or "")

    def emit(self) -> str:
        """Return the definition as it was written, part by part."""
        return "|".join(part.text for part in self.parts)


@frozen
class Fault:
    """Something in a template text that the server refuses.

    Attributes:
        opens_vector: Whether it is a vector inside a vector, whose own ``]`` is then left over.
        edit: Where to write what else, if that is all there is to it.
    """

    message: str
    span: Span
    opens_vector: bool = False
    edit: tuple[Span, str] | None = None


@frozen
class Value:
    """The value of an attribute: the characters it stands for, unquoted and unescaped, not yet trimmed."""

    text: str
    quoted: bool
    span: Span = field(repr=False, eq=False)

    @property
    def kept(self) -> str:
        """The value as the server keeps it: trimmed at both ends."""
        return self.text.strip(BLANKS)


@frozen
class Member:
    """One ``KEY = "value"`` of a vector attribute."""

    name: str
    value: Value
    name_span: Span = field(repr=False, eq=False)

    @property
    def key(self) -> str:
        """The name as the server folds it."""
        return self.name.upper()

    @property
    def span(self) -> Span:
        """From the name to the end of the value."""
        return Span(self.name_span.start, self.value.span.end)


@frozen
class Attribute:
    """One ``NAME = "value"`` or ``NAME = [ members ]`` of a template."""

    name: str
    value: Value | tuple[Member, ...]
    name_span: Span = field(repr=False, eq=False)
    span: Span = field(repr=False, eq=False)
    faults: tuple[Fault, ...] = field(default=(), repr=False, eq=False)

    @property
    def key(self) -> str:
        """The name as the server keeps it: upper case, with ``ONE_`` where XML would refuse it."""
        return server_name(self.name)

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of a vector attribute; nothing for a single one."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def kept(self) -> str | dict[str, str]:
        """The value as the server keeps it; of a key that stands twice in a vector, the first."""
        if not isinstance(self.value, tuple):
            return self.value.kept
        kept = {member.name.upper(): member.value.text.strip(BLANKS) for member in reversed(self.value)}
        return dict(sorted(kept.items()))


fits_xml = re.compile("(?!XML)[A-Za-z_]").match
"""Says of a name whether it can be that of an element of XML."""


def server_name(name: str) -> str:
    """Return the name under which the server keeps a top-level attribute (opennebula.md 2.2, rules 1 and 3)."""
    return name.upper() if fits_xml(name) else f"ONE_{name.upper()}"


@frozen
class ParsedTemplate:
    """A template text as the server reads it.

    Attributes:
        source: The text.
        items: The attributes in the order in which they were written.
        ok: Whether the server takes the text.
        attributes: What the server keeps of it: name and value pairs sorted by name, a vector as a dict.
            Empty where ``ok`` is false.
    """

    source: SourceText = field(repr=False, eq=False)
    items: tuple[Attribute, ...]
    ok: bool
    attributes: list[tuple[str, str | dict[str, str]]]

    def emit(self) -> str:
        """Return the text as it was written."""
        return self.source.text
