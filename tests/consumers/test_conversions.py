"""What JavaScript and Ruby make of texts and numbers; tests/properties/test_conversions.py asks node and Ruby."""

import json
import math

import pytest

from ctxschema.consumers.command_line import carried_by_option, given_pairs, ruby_float, ruby_integer
from ctxschema.consumers.javascript import (
    UNDEFINED,
    Undefined,
    number_text,
    parse_float,
    parse_int,
    plain,
    to_number,
    trimmed,
    without_white_space,
)


def shown(number: float) -> str:
    return json.dumps(float(number)).replace("Infinity", "inf")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (0.0, "0"),
        (-0.0, "-0"),
        (5.0, "5"),
        (-12.0, "-12"),
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (0.0001, "0.0001"),
        (0.00001, "0.00001"),
        (0.000001, "0.000001"),
        (-0.00000125, "-0.00000125"),
        (1e-7, "1e-7"),
        (-1.5e-7, "-1.5e-7"),
        (1.25e-10, "1.25e-10"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (-1.5e21, "-1.5e+21"),
        (2.0**63, "9223372036854776000"),
        (-8174076220720883e4, "-81740762207208830000"),
        (9.999999e-7, "9.999999e-7"),
        (1.5e300, "1.5e+300"),
        (123456.789, "123456.789"),
    ],
)
def test_how_a_number_is_printed(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("text", "integer", "ten", "number", "whole"),
    [
        ("12", "12.0", "12.0", "12.0", "12.0"),
        ("+7", "7.0", "7.0", "7.0", "7.0"),
        ("-3px", "-3.0", "-3.0", "-3.0", "NaN"),
        (" \u00a0\ufeff4 ", "4.0", "4.0", "4.0", "4.0"),
        ("4.7", "4.0", "4.0", "4.7", "4.7"),
        (".5", "NaN", "NaN", "0.5", "0.5"),
        ("5.", "5.0", "5.0", "5.0", "5.0"),
        ("1e3", "1.0", "1.0", "1000.0", "1000.0"),
        ("1E-2x", "1.0", "1.0", "0.01", "NaN"),
        ("1_0", "1.0", "1.0", "1.0", "NaN"),
        ("0x1F", "31.0", "0.0", "0.0", "31.0"),
        ("-0X1f", "-31.0", "-0.0", "-0.0", "NaN"),
        ("0xg", "NaN", "0.0", "0.0", "NaN"),
        ("0b101", "0.0", "0.0", "0.0", "5.0"),
        ("0B11", "0.0", "0.0", "0.0", "3.0"),
        ("0o17", "0.0", "0.0", "0.0", "15.0"),
        ("0O8", "0.0", "0.0", "0.0", "NaN"),
        ("Infinity", "NaN", "NaN", "inf", "inf"),
        ("-Infinity.", "NaN", "NaN", "-inf", "NaN"),
        ("1e400", "1.0", "1.0", "inf", "inf"),
        ("", "NaN", "NaN", "NaN", "0.0"),
        (" \u3000", "NaN", "NaN", "NaN", "0.0"),
        ("x1", "NaN", "NaN", "NaN", "NaN"),
        ("12\n", "12.0", "12.0", "12.0", "12.0"),
        ("0x" + "f" * 300, "inf", "0.0", "0.0", "inf"),
        ("-0x" + "f" * 300, "-inf", "-0.0", "-0.0", "NaN"),
        ("9" * 400, "inf", "inf", "inf", "inf"),
    ],
)
def test_what_a_text_is_as_a_number(text: str, integer: str, ten: str, number: str, whole: str) -> None:
    assert shown(parse_int(text)) == integer
    assert shown(parse_int(text, radix=10)) == ten
    assert shown(parse_float(text)) == number
    assert shown(to_number(text)) == whole


def test_what_is_undefined_is_no_number_and_no_value() -> None:
    assert all(math.isnan(convert(UNDEFINED)) for convert in (parse_int, parse_float, to_number))
    assert (repr(UNDEFINED), bool(UNDEFINED)) == ("undefined", False)
    assert isinstance(UNDEFINED, Undefined)


def test_white_space_is_that_of_unicode_and_the_mark_of_its_order() -> None:
    assert trimmed("\ufeff \u2003a b\u2029\n") == "a b"
    assert trimmed("\x00a\x85") == "\x00a\x85"
    assert without_white_space(" 1\u00a02\t3\ufeff") == "123"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [UNDEFINED, math.nan], "b": {"c": math.inf}}, '{"a": ["<<undefined>>", "<<NaN>>"], "b": {"c": null}}'),
        ([5.0, -0.5, "x", None, True], '[5, -0.5, "x", null, true]'),
        (2.0**53 - 1, "9007199254740991"),
        (2.0**53, "9007199254740992.0"),
        (-(2.0**53), "-9007199254740992.0"),
    ],
)
def test_what_stands_in_json(value: object, text: str) -> None:
    assert json.dumps(plain(value)) == text


@pytest.mark.parametrize(
    ("text", "integer", "number"),
    [
        ("12", 12, 12.0),
        (" \t-3.5x", -3, -3.5),
        ("+7e2", 7, 700.0),
        ("1_0_0.2_5e1_0", 100, 100.25e10),
        ("1__0", 1, 1.0),
        ("_1", 0, 0.0),
        (".5", 0, 0.5),
        ("-._5", 0, 0.0),
        ("-.2_5e1", 0, -2.5),
        ("5.", 5, 5.0),
        ("x", 0, 0.0),
        ("", 0, 0.0),
        ("0x1f", 0, 0.0),
        ("\u00a05", 0, 0.0),
        ("2E-1", 2, 0.2),
    ],
)
def test_what_ruby_makes_of_a_text(text: str, integer: int, number: float) -> None:
    assert (ruby_integer(text), ruby_float(text)) == (integer, number)


def test_a_number_of_very_many_digits_is_larger_than_any_other() -> None:
    assert ruby_integer("9" * 4000) == 10**4000 - 1
    assert ruby_integer("1" * 4001) == 10**4000
    assert ruby_integer("-" + "1" * 4001) == -(10**4000)
    assert ruby_integer("-" + "9" * 3999) == 1 - 10**3999


@pytest.mark.parametrize(
    ("option", "pairs"),
    [
        ("A=1,B=2", [("A", "1"), ("B", "2")]),
        ("A=1,2,B=x y", [("A", "1,2"), ("B", "x y")]),
        ("A==,B=2", [("A", "="), ("B", "2")]),
        ("A=,B=2", [("A", ",B=2")]),
        ("A=x\nB=y", [("A", "x"), ("B", "y")]),
        ("A=b=c", [("A", "b=c")]),
        ("A", []),
        ("", []),
    ],
)
def test_what_the_option_for_answers_is_cut_into(option: str, pairs: list[tuple[str, str]]) -> None:
    assert given_pairs(option) == pairs


@pytest.mark.parametrize(
    ("value", "carried"),
    [
        ("x", True),
        ("a,b", True),
        ("a=b", True),
        ("a\\b", True),
        ("it's $HOME", True),
        ("", False),
        ("a,b=c", False),
        ('a"b', False),
        ("a\nb", False),
        ("a\\", False),
        (",", True),
    ],
)
def test_which_answer_the_option_carries(value: str, carried: bool) -> None:  # noqa: FBT001 - a column of the table
    assert carried_by_option("NAME", value) is carried
