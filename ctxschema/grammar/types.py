"""The types of a USER_INPUTS string, as OpenNebula's consumers know them.

Source: opennebula.md sections 1.1, 1.2 and 1.7.
"""

from __future__ import annotations

import enum
import re

from attrs import frozen

BLANKS = " \t\n\v\f\r"
"""What the server trims off a value, as C's isspace."""

RUBY_BLANKS = BLANKS + "\0"
"""What the command line strips off a part, as Ruby's strip."""

INTEGER = re.compile(r"-?[0-9]+\Z")
JAVASCRIPT_BLANKS = BLANKS + "\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""What JavaScript's trim takes off, and its parsers pass over."""

FLOAT = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


class Params(enum.Enum):
    """What the fourth part of a definition means for a type."""

    NONE = "none"
    RANGE = "range"
    OPTIONS = "options"


@frozen
class InputType:
    """One type that the second part of a definition can name.

    Args:
        name: The word.
        params: What the fourth part means.
        number: What a default must look like, for the numeric types.
        trimmed: Whether Sunstone refuses a value with blanks around it.
        portable: Whether the command line takes it for an input of a VM template.
        instead: For a type that is not portable, what to write.
    """

    name: str
    params: Params = Params.NONE
    number: re.Pattern[str] | None = None
    trimmed: bool = False
    portable: bool = True
    instead: str = ""

    def number_fits(self, text: str) -> bool:
        """Say whether a text is a number of this type."""
        return self.number is not None and len(text) <= _LONGEST_NUMBER and bool(self.number.match(text))


_LONGEST_NUMBER = 40

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
    """Return the type that the second part of a definition names, blanks aside, or None if no consumer knows it."""
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
"""Words of other languages that people write for a type."""
