"""Bounds of numbers for comparisons of decimal texts: in regular expressions, and in a shell without fractions.

Python compares a text as the float nearest to it. So a bound is not the number itself but the midpoint between it and
the adjacent float. Then every decimal text, however long, is on the correct side.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from fractions import Fraction

from attrs import frozen

from ctxschema.model.limits import Between

DIGITS = 64
"""The number of digits of a bound that are used: more than any accepted text has (58, kinds.py)."""


@frozen
class Bound:
    """One end of an interval.

    Args:
        value: The number at the end.
        included: Whether this number is within the interval.
    """

    value: Fraction
    included: bool = True

    @property
    def decimal(self) -> tuple[str, int, bool]:
        """The magnitude as 0.DIGITS times a power of ten: the digits, the power, and whether digits were cut off.

        The digits have no zeros at either end; for zero there are none.
        """
        rest = abs(self.value)
        if not rest:
            return "", 0, False
        power = 0
        while rest >= 1:
            rest /= 10
            power += 1
        while rest < Fraction(1, 10):
            rest *= 10
            power -= 1
        scaled = rest * 10**DIGITS
        digits = str(int(scaled)).rjust(DIGITS, "0").rstrip("0")
        return digits, power, scaled.denominator != 1


def low_bound(number: float, *, included: bool, whole: bool) -> Bound:
    """Return the bound for "at least" or "more than" a number.

    Args:
        number: The number of the limit.
        included: Whether the number itself is allowed.
        whole: Whether only integers are compared, for which the number is exact.
    """
    if whole:
        return Bound(Fraction(number), included)
    first = float(number) if included else math.nextafter(number, math.inf)
    return Bound((_exact(first) + _exact(math.nextafter(first, -math.inf))) / 2, _even(first))


def high_bound(number: float, *, included: bool, whole: bool) -> Bound:
    """Return the bound for "at most" or "less than" a number; see `low_bound`."""
    mirrored = low_bound(-number, included=included, whole=whole)
    return Bound(-mirrored.value, mirrored.included)


def bounds(limit: Between, *, whole: bool) -> tuple[Bound | None, Bound | None]:
    """Return the low and the high bound of a limit; None for an open end."""
    low = None if limit.low is None else low_bound(limit.low, included=limit.low_included, whole=whole)
    high = None if limit.high is None else high_bound(limit.high, included=limit.high_included, whole=whole)
    return low, high


FINITE = Bound((_LARGEST := Fraction(math.ldexp(1.0, 1023)) * 2) - Fraction(math.ldexp(1.0, 970)), included=False)
"""The magnitude at which a text no longer fits a float."""


def _exact(number: float) -> Fraction:
    return Fraction(number) if math.isfinite(number) else Fraction(math.copysign(1, number)) * _LARGEST


def _even(number: float) -> bool:
    """Say whether a midpoint is rounded to this number: floats round to the one of two with an even mantissa."""
    return struct.pack("<d", number)[0] % 2 == 0


# ---- regular expressions that ECMAScript, Python and POSIX extended read alike ----


PLACES = 40
"""The greatest number of digits after the point that a kind accepts (kinds.py)."""


def at_least(bound: Bound) -> str:
    """Return a pattern of the decimal texts without exponent that are not below a bound."""
    bound = _to_places(bound, math.ceil)
    if bound.value > 0:
        return _magnitude_at_least(bound)
    if bound.value == 0:
        return f"([0-9]+{_REST}|-0+(\\.0+)?)" if bound.included else _magnitude_at_least(bound)
    return f"([0-9]+{_REST}|-{_magnitude_at_most(bound)})"


def at_most(bound: Bound) -> str:
    """Return a pattern of the decimal texts without exponent that are not above a bound."""
    bound = _to_places(bound, math.floor)
    if bound.value < 0:
        return f"-{_magnitude_at_least(bound)}"
    if bound.value == 0:
        inner = "0+(\\.0+)?|" if bound.included else ""
        below = "[0-9]+" + _REST if bound.included else _magnitude_at_least(Bound(Fraction(0), included=False))
        return f"({inner}-{below})"
    return f"(-[0-9]+{_REST}|{_magnitude_at_most(bound)})"


_REST = "(\\.[0-9]+)?"


def _to_places(bound: Bound, rounded: Callable[[Fraction], int]) -> Bound:
    """Return a bound rounded to as many digits as a text can have, which separates the same texts."""
    scaled = bound.value * 10**PLACES
    return bound if scaled.denominator == 1 else Bound(Fraction(rounded(scaled), 10**PLACES))


def _split(bound: Bound) -> tuple[str, str]:
    """Return the digits before the point without leading zeros, and those after it without trailing zeros."""
    whole, fraction = divmod(int(abs(bound.value) * 10**PLACES), 10**PLACES)
    return str(whole or ""), f"{fraction:0{PLACES}}".rstrip("0")


def _magnitude_at_least(bound: Bound) -> str:
    whole, fraction = _split(bound)
    larger = [f"[1-9][0-9]{{{len(whole)},}}"]  # numbers with more digits
    for at, digit in enumerate(whole):
        if digit < "9":
            rest = len(whole) - at - 1
            larger.append(f"{whole[:at]}{_digits(int(digit) + 1, 9)}[0-9]{{{rest}}}")
    same = f"\\.{_at_least(fraction, bound.included)}" if fraction or not bound.included else _REST
    return f"(0*({'|'.join(larger)}){_REST}|{f'0*{whole}' if whole else '0+'}{same})"


def _magnitude_at_most(bound: Bound) -> str:
    whole, fraction = _split(bound)
    smaller = []
    if len(whole) > 1:
        smaller.append(f"[0-9]{{1,{len(whole) - 1}}}")
    for at, digit in enumerate(whole):
        first = 1 if at == 0 and len(whole) > 1 else 0
        if int(digit) > first:
            rest = len(whole) - at - 1
            smaller.append(f"{whole[:at]}{_digits(first, int(digit) - 1)}[0-9]{{{rest}}}")
    same = ""
    if fraction:
        same = f"{whole or '0'}(\\.{_at_most(fraction, bound.included)})?"
    elif bound.included:
        same = f"{whole}(\\.0+)?"
    choices = [f"({'|'.join(smaller)}){_REST}"] * bool(smaller) + [same] * bool(same)
    return f"0*({'|'.join(choices)})"


def _digits(first: int, last: int) -> str:
    return str(first) if first == last else f"[{first}-{last}]"


def _at_least(fraction: str, included: bool) -> str:  # noqa: FBT001
    """Return a pattern of the digits after the point that are not below the given ones."""
    if not fraction:
        return "[0-9]*" if included else "[0-9]*[1-9][0-9]*"
    digit, rest = int(fraction[0]), _at_least(fraction[1:], included)
    here = f"{digit}{rest}"
    return f"({_digits(digit + 1, 9)}[0-9]*|{here})" if digit < 9 else here


def _at_most(fraction: str, included: bool) -> str:  # noqa: FBT001
    """Return a pattern of the digits after the point that are not above the given ones."""
    digit = int(fraction[0])
    last = f"{digit}0*" if included else ""
    here = f"{digit}({_at_most(fraction[1:], included)})?" if len(fraction) > 1 else last
    smaller = f"{_digits(0, digit - 1)}[0-9]*" if digit else ""
    return f"({'|'.join(filter(None, (smaller, here)))})"
