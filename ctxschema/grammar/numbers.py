"""Numbers in definitions."""

from __future__ import annotations

from ctxschema.grammar.types import FLOAT, RUBY_BLANKS, InputType


def range_bounds(params: str, kind: InputType) -> tuple[float, float] | None:
    """Return the bounds in the params of a range, or None if they are not two numbers of the type."""
    pieces = [piece.strip(RUBY_BLANKS) for piece in params.split("..")]
    if len(pieces) != 2 or not all(kind.number_fits(piece) for piece in pieces):
        return None
    convert = float if kind.number is FLOAT else int
    return convert(pieces[0]), convert(pieces[1])


def canonical_number(text: str) -> str:
    """Return a number without leading zeros, and without a minus before zero."""
    whole, point, fraction = text.removeprefix("-").partition(".")
    number = (whole.lstrip("0") or "0") + point + fraction
    return ("-" if text.startswith("-") and number.strip("0.") else "") + number
