"""Conditions and limits of a declaration as plain data, in both directions.

A condition is a mapping. ``{NAME: value}`` means that a variable has a value, ``{NAME: [one, other]}`` that it has one
of several. Several names mean that all of it holds. Any other condition has a keyword in lower case.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from attrs import fields

from ctxschema.core import codes
from ctxschema.core.errors import NotPortableError
from ctxschema.core.never import assert_never
from ctxschema.core.secret import quoted
from ctxschema.declaration.kinds import value_data, value_of
from ctxschema.model.closed import Foreign, closed_condition, closed_limit
from ctxschema.model.conditions import (
    AllOf,
    AnyOf,
    Compare,
    CompareRelease,
    Condition,
    Is,
    IsOneOf,
    IsSet,
    Linear,
    Not,
    Repeats,
)
from ctxschema.model.gpu_request import GpuUsed
from ctxschema.model.kinds import LIST_MULTIPLE
from ctxschema.model.limit_faults import own_faults
from ctxschema.model.limits import Between, Instead, Limit, Matches, NoneOf, OneOf
from ctxschema.model.node_config import NodeConfig
from ctxschema.model.pem import Pem
from ctxschema.model.shapes import SHAPES
from ctxschema.model.variable import Variable

Lookup = Callable[[str], "Variable[Any]"]

WORDS: Mapping[str, str] = {
    "all": "Every condition of a list holds.",
    "any": "At least one condition of a list holds.",
    "not": "A condition does not hold.",
    "set": "A variable has a value that is not empty.",
    "repeats": "The comma-separated list in a variable names a number twice.",
    "compare": "Two numbers compare, such as `FL_MIN_AVAILABLE_CLIENTS >= 2 x FL_NUM_MALICIOUS + 3`.",
    "release": "A variable names a release that compares with another, such as `FLOWER_VERSION >= 1.40`.",
    "gpu": "`used`: the container gets a GPU.",
}
"""The keywords of conditions, with what each means."""

_SIGN = re.compile(r"\s*(<=|>=|<|>|=)\s*")
_TERM = re.compile(r"(?:(?P<times>-?[0-9]+) x )?(?P<name>[A-Z_][A-Z0-9_]*)(?: \+ (?P<plus>-?[0-9]+))?\Z")
_INTEGER = re.compile(r"-?[0-9]+\Z")
_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,3})?\Z")


def condition_of(data: Mapping[str, Any], lookup: Lookup) -> Condition:
    """Return the condition that data declares.

    Args:
        data: The data, in the form of the schema.
        lookup: Returns the variable with a name.

    Raises:
        ValueError: It names something that is not declared, or compares what cannot be compared.
    """
    parts = [_part(word, value, lookup) for word, value in data.items()]
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _part(word: str, value: Any, lookup: Lookup) -> Condition:
    if word in _OF_WORDS:
        return _OF_WORDS[word](value, lookup)
    variable = lookup(word)
    if isinstance(value, list) and variable.kind is not LIST_MULTIPLE:
        return IsOneOf(variable, tuple(value_of(variable.kind, each) for each in value))
    return Is(variable, value_of(variable.kind, value))


def _each(items: list[Any], lookup: Lookup) -> tuple[Condition, ...]:
    return tuple(condition_of(each, lookup) for each in items)


def _sides(text: str) -> tuple[str, str, str]:
    pieces = _SIGN.split(text.strip())
    if len(pieces) != 3:
        raise ValueError(f"{text!r} compares nothing; write two sides with <, <=, =, >= or > between them")
    return pieces[0], pieces[1], pieces[2]


def _compare(text: str, lookup: Lookup) -> Condition:
    left, sign, right = _sides(text)
    return Compare(_term(left, lookup), sign, _term(right, lookup))


def _release(text: str, lookup: Lookup) -> Condition:
    left, sign, right = _sides(text)
    return CompareRelease(lookup(left), sign, right)


def _term(text: str, lookup: Lookup) -> Any:
    if found := _TERM.match(text):
        variable = lookup(found["name"])
        if found["times"] is None and found["plus"] is None:
            return variable
        return Linear(variable, int(found["times"] or 1), int(found["plus"] or 0))
    if _NUMBER.match(text):
        number = int(text) if _INTEGER.match(text) else float(text)
        if math.isfinite(number):
            return number
    raise ValueError(f"{quoted(text)} is no term; write a number, NAME, or 2 x NAME + 3")


_OF_WORDS: Mapping[str, Callable[[Any, Lookup], Condition]] = {
    "all": lambda value, lookup: AllOf(_each(value, lookup)),
    "any": lambda value, lookup: AnyOf(_each(value, lookup)),
    "not": lambda value, lookup: Not(condition_of(value, lookup)),
    "set": lambda value, lookup: IsSet(lookup(value)),
    "repeats": lambda value, lookup: Repeats(lookup(value)),
    "compare": _compare,
    "release": _release,
    "gpu": lambda _told, _lookup: GpuUsed(),
}


def condition_data(condition: Condition) -> dict[str, Any]:  # noqa: C901 - one case for each condition
    """Return a condition as data.

    Raises:
        NotPortableError: Its class is not one of ctxschema's.
    """
    each = closed_condition(condition)
    match each:
        case Is():
            made: dict[str, Any] = {each.variable.name: value_data(each.variable.kind, each.value)}
        case IsOneOf():
            made = {each.variable.name: [value_data(each.variable.kind, choice) for choice in each.choices]}
        case AllOf():
            made = _all_data(each)
        case AnyOf():
            made = {"any": [condition_data(part) for part in each.conditions]}
        case Not():
            made = {"not": condition_data(each.condition)}
        case IsSet():
            made = {"set": each.variable.name}
        case Repeats():
            made = {"repeats": each.variable.name}
        case Compare():
            made = {"compare": f"{_term_data(each.left)} {each.sign} {_term_data(each.right)}"}
        case CompareRelease():
            made = {"release": each.words}
        case GpuUsed():
            made = {"gpu": "used"}
        case Foreign():
            raise _foreign("condition", each)
        case _:
            assert_never(each)
    return made


def _foreign(what: str, each: Foreign) -> NotPortableError:
    message = f"a declaration as data has no words for the {what} {each.name} ({each.words})"
    repair = f"declare it with the {what}s of ctxschema.model, or keep the declaration in Python"
    return NotPortableError(message, [codes.NOT_CARRIED.at(message, repair=repair)])


def _all_data(condition: AllOf) -> dict[str, Any]:
    each = [condition_data(part) for part in condition.conditions]
    plain = all(isinstance(part, (Is, IsOneOf)) for part in condition.conditions)
    together = {word: value for part in each for word, value in part.items()}
    return together if plain and len(together) == len(each) > 1 else {"all": each}


def _term_data(term: Any) -> str:
    if isinstance(term, Linear):
        text = f"{term.times} x {term.variable.name}"
        return f"{text} + {term.plus}" if term.plus else text
    return term.name if isinstance(term, Variable) else repr(term)


# ---- limits -----------------------------------------------------------------------------------------------


def limit_of(data: Mapping[str, Any]) -> Limit:
    """Return the limit that data declares, in the form of the schema.

    Raises:
        ValueError: It contradicts itself, or its pattern is not a regular expression.
    """
    made = _limit_of(data)
    if faults := [f"the limit {fault}" for fault in own_faults(made)]:
        raise ValueError("; ".join(faults))
    return made


def _limit_of(data: Mapping[str, Any]) -> Limit:
    if "is" in data:
        return SHAPES[data["is"]]
    if "matches" in data:
        more: dict[str, Any] = {"longest": data["longest"]} if "longest" in data else {}
        if "instead" in data:
            more["instead"] = tuple(Instead(each["matches"], each["write"]) for each in data["instead"])
        return Matches(data["matches"], data["description"], data["example"], data["counterexample"], **more)
    if "pem" in data:
        return Pem(data["description"], tuple(data["pem"]))
    if "none_of" in data:
        return NoneOf(tuple(data["none_of"]), data["why"])
    if "one_of" in data:
        return OneOf(tuple(data["one_of"]))
    for one, other in (("from", "above"), ("to", "below")):
        if one in data and other in data:
            raise ValueError(f"the limit has both {one} and {other}; write one of them")
    low, high = data.get("from", data.get("above")), data.get("to", data.get("below"))
    return Between(low, high, "above" not in data, "below" not in data)


def limit_data(limit: Limit) -> dict[str, Any]:
    """Return a limit as data.

    Raises:
        NotPortableError: Its class is not one of ctxschema's.
    """
    each = closed_limit(limit)
    if name := next((name for name, known in SHAPES.items() if known == each), None):
        return {"is": name}
    match each:
        case Between():
            made: dict[str, Any] = {} if each.low is None else {"from" if each.low_included else "above": each.low}
            made |= {} if each.high is None else {"to" if each.high_included else "below": each.high}
        case NoneOf():
            made = {"none_of": list(each.values), "why": each.why}
        case OneOf():
            made = {"one_of": list(each.options)}
        case Matches():
            made = _matches_data(each)
        case Pem():
            made = {"pem": list(each.accepted), "description": each.description}
        case NodeConfig():  # pragma: no cover - it has no other form than its name
            made = {"is": "node-config"}
        case Foreign():
            raise _foreign("limit", each)
        case _:
            assert_never(each)
    return made


def _matches_data(limit: Matches) -> dict[str, Any]:
    data: dict[str, Any] = {
        "matches": limit.pattern,
        "description": limit.description,
        "example": limit.example,
        "counterexample": limit.counterexample,
    }
    if limit.longest != fields(Matches).longest.default:
        data["longest"] = limit.longest
    if limit.instead:
        data["instead"] = [{"matches": each.pattern, "write": each.repair} for each in limit.instead]
    return data
