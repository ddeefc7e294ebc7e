"""The types of USER_INPUTS definitions, as OpenNebula's consumers know them.

Source: docs/facts/opennebula.md, sections 1.1, 1.2 and 1.7.
"""

from __future__ import annotations

import enum
import re

from attrs import frozen

BLANKS = " \t\n\v\f\r"
"""The characters that the server trims off a value: those of C's isspace."""

RUBY_BLANKS = BLANKS + "\0"
"""The characters that the command line strips off a part: those of Ruby's strip."""

INTEGER = re.compile(r"-?[0-9]+\Z")
JAVASCRIPT_BLANKS = BLANKS + "\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""The characters that JavaScript's trim removes, and its number parsers skip."""

FLOAT = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


LONGEST_NUMBER = 40
"""The greatest number of characters of a number that is judged."""


class Params(enum.Enum):
    """The meaning of the fourth part of a definition for a type."""

    NONE = "none"
    RANGE = "range"
    OPTIONS = "options"


@frozen
class InputType:
    """One type of a definition.

    Args:
        name: Its name in the second part.
        params: The meaning of the fourth part.
        number: A regular expression for a default, for numeric types.
        trimmed: Whether Sunstone refuses a value with blanks around it.
        portable: Whether the command line accepts it for an input of a VM template.
        instead: What to write instead, for a type that is not portable.
    """

    name: str
    params: Params = Params.NONE
    number: re.Pattern[str] | None = None
    trimmed: bool = False
    portable: bool = True
    instead: str = ""

    @property
    def blanks(self) -> str:
        """The characters that may not stand around a value: those that the command line strips, or Sunstone refuses."""
        return RUBY_BLANKS + JAVASCRIPT_BLANKS * self.trimmed

    def number_fits(self, text: str) -> bool:
        """Say whether a text is a number of this type."""
        return self.number is not None and len(text) <= LONGEST_NUMBER and bool(self.number.match(text))


TYPES = {
    kind.name: kind
    for kind in (
        InputType("text"),
        InputType("text64", trimmed=True),
        InputType("password", trimmed=True),
        InputType("boolean"),
        InputType("number", number=INTEGER),
        InputType("number-float", number=FLOAT),
        InputType("range", Params.RANGE, number=INTEGER),
        InputType("range-float", Params.RANGE, number=FLOAT),
        InputType("list", Params.OPTIONS, trimmed=True),
        InputType(
            "list-multiple",
            Params.OPTIONS,
            portable=False,
            instead="text, with the values separated by commas",
        ),
        InputType("fixed", trimmed=True),
        InputType("array", trimmed=True, portable=False, instead="text"),
        InputType("network", trimmed=True, portable=False, instead="an entry of the service's own networks section"),
    )
}
"""Every type that some consumer knows, by name."""


def type_named(text: str) -> InputType | None:
    """Return the type in the second part of a definition, ignoring blanks, or None if no consumer knows it."""
    return TYPES.get(text.strip(BLANKS))


COMMON_MISTAKES = {
    "bool": "boolean",
    "double": "number-float",
    "enum": "list",
    "float": "number-float",
    "int": "number",
    "integer": "number",
    "multiline": "text",
    "real": "number-float",
    "select": "list",
    "string": "text",
}
"""Type names of other languages that people write by mistake, with the type that they mean."""
