"""What OpenNebula's command line makes of an answer to a definition.

Source: docs/facts/opennebula.md, section 1.1 (``OpenNebulaHelper.parse_user_inputs``), and user-input-probes.json,
with which the tests compare every answer.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable

from ctxschema.grammar.ast import UserInput
from ctxschema.grammar.types import RUBY_BLANKS

ABSENT = "ABSENT"
"""The input is not sent."""
REPROMPT = "REPROMPT"
"""The question is repeated, endlessly if the answer is always the same."""
EXIT = "EXIT"
"""The command ends with status 255 and a message."""
CRASH = "CRASH"
"""The command ends with a Ruby exception."""

EDITOR = "<<EDITOR>>"
"""An answer that opens an editor; as a default it is an ordinary text."""

# Ruby's ^ and $ match at line ends.
_INTEGER = re.compile(r"^-?[0-9]+$", re.MULTILINE)
_FLOAT = re.compile(r"^-?[0-9]+(\.[0-9]+)?$", re.MULTILINE)
_LEADING_INTEGER = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+(_[0-9]+)*)")
_MOST_DIGITS = 4000
"""Python converts numbers of few more digits; a number with more is larger than any that it is compared with."""
_LEADING_FLOAT = re.compile(
    r"[ \t\n\v\f\r]*([+-]?([0-9]+(_[0-9]+)*(\.[0-9]+(_[0-9]+)*)?|\.[0-9]+(_[0-9]+)*)([eE][+-]?[0-9]+(_[0-9]+)*)?)"
)


def enter(node: UserInput) -> str:
    """Return the result of pressing Enter, in the vocabulary of the probes: ``value "..."`` or one of the words."""
    return typed(node, "")


def typed(node: UserInput, answer: str) -> str:
    """Return the result of an answer, in the vocabulary of the probes; of several lines, the first is the answer."""
    answer = answer.partition("\n")[0].removesuffix("\r")
    parts = [part.text for part in node.parts]
    if len(parts) < 3 or len(parts) == 4 or len(parts) > 5:
        return EXIT
    flag, kind, _, *rest = (part.strip(RUBY_BLANKS) for part in parts)
    params, default = rest or (None, None)
    ask = _TYPES.get(kind)
    return EXIT if ask is None else ask(kind, answer, params, default, flag == "O")


_PAIR_NAME = re.compile(r"(?:^|,)([^,=]+)=", re.MULTILINE)
_PAIR_VALUE = re.compile(r"=(.+?)(?=,[^,]+=|$)", re.MULTILINE)


def given_pairs(option: str) -> list[tuple[str, str]]:
    """Return the names and values that the command line makes of its option ``--user-inputs``.

    It matches names and values separately. After an empty value, or a comma that is followed by a word and an equals
    sign, names and values no longer correspond.
    """
    return list(zip(_PAIR_NAME.findall(option), _PAIR_VALUE.findall(option), strict=False))


def carried_by_option(name: str, value: str) -> bool:
    """Say whether ``--user-inputs`` passes a value on unchanged; the value is sent without escaping."""
    safe = bool(value) and not re.search(r'["\n]|\\\Z', value)
    return safe and given_pairs(f"A=1,{name}={value},B=2") == [("A", "1"), (name, value), ("B", "2")]


Ask = Callable[[str, str, str | None, str | None, bool], str]


def _value(value: str | None) -> str:
    return f"value {json.dumps(value, ensure_ascii=False)}"


def _text(kind: str, answer: str, _params: str | None, default: str | None, _optional: bool) -> str:  # noqa: FBT001
    if answer == EDITOR and kind != "password":
        answer = "EDITED\nTEXT"
    value = answer or default
    if kind != "text64":
        return _value(value)
    return CRASH if value is None else _value(base64.b64encode(_bytes(value)).decode())


def _bytes(text: str) -> bytes:
    """Return the bytes of a text as a terminal sends them; lone surrogates have bytes as well."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _boolean(_kind: str, answer: str, _params: str | None, default: str | None, _optional: bool) -> str:  # noqa: FBT001
    value = answer or default
    return _value(value) if value in {"YES", "NO"} else EXIT


def _number(kind: str, answer: str, _params: str | None, default: str | None, optional: bool) -> str:  # noqa: FBT001
    value = answer or default
    if value == "" and optional:
        return ABSENT
    pattern = _INTEGER if kind == "number" else _FLOAT
    return _value(value) if value is not None and pattern.search(value) else REPROMPT


def _range(kind: str, answer: str, params: str | None, default: str | None, optional: bool) -> str:  # noqa: FBT001
    if params is None:
        return CRASH
    bounds = _pieces(params, "..")
    if len(bounds) < 2:
        return EXIT
    convert = ruby_integer if kind == "range" else ruby_float
    low, high = convert(bounds[0]), convert(bounds[1])
    value = answer or default
    if value == "" and optional:
        return ABSENT
    pattern = _INTEGER if kind == "range" else _FLOAT
    fits = value is not None and pattern.search(value) and low <= ruby_float(value) <= high
    return _value(value) if fits else REPROMPT


def _list(_kind: str, answer: str, params: str | None, default: str | None, optional: bool) -> str:  # noqa: FBT001
    if params is None:
        return CRASH
    options = _pieces(params, ",")
    value = default
    if answer:
        index = int(ruby_integer(answer))
        if not -(2**63) <= index < 2**63:
            return CRASH
        value = options[index] if -len(options) <= index < len(options) else None
    if value == "" and optional:
        return ABSENT
    return _value(value) if value in options else REPROMPT


def _fixed(_kind: str, _answer: str, _params: str | None, default: str | None, _optional: bool) -> str:  # noqa: FBT001
    return _value(default)


def _pieces(text: str, separator: str) -> list[str]:
    """Split as Ruby does: empty pieces at the end are dropped."""
    pieces = text.split(separator)
    while pieces and not pieces[-1]:
        pieces.pop()
    return pieces


def ruby_integer(text: str) -> float:
    """Return the result of Ruby's ``to_i`` for a text."""
    match = _LEADING_INTEGER.match(text)
    digits = match[1].replace("_", "") if match else "0"
    if len(digits) <= _MOST_DIGITS:
        return int(digits)
    largest: int = 10**_MOST_DIGITS
    return -largest if digits.startswith("-") else largest


def ruby_float(text: str) -> float:
    """Return the result of Ruby's ``to_f`` for a text."""
    match = _LEADING_FLOAT.match(text)
    return float(match[1]) if match else 0.0


_TYPES: dict[str, Ask] = {
    "text": _text,
    "text64": _text,
    "password": _text,
    "boolean": _boolean,
    "number": _number,
    "number-float": _number,
    "range": _range,
    "range-float": _range,
    "list": _list,
    "fixed": _fixed,
}
