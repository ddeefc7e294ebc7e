"""JSON Schemas of single values: as text, and as JSON numbers and booleans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from attrs import define, field

from ctxschema.core.never import assert_never
from ctxschema.generate.numbers import at_least, at_most, bounds
from ctxschema.model.closed import AnyLimit, Foreign, closed_limit
from ctxschema.model.kinds import Shape
from ctxschema.model.limits import Between, Matches, NoneOf, OneOf
from ctxschema.model.node_config import NodeConfig
from ctxschema.model.pem import LONGEST, Pem
from ctxschema.model.variable import Variable

Schema: TypeAlias = "dict[str, Any]"

UNSET: Schema = {"enum": ["", None]}
"""The schema of a value that counts as unset."""

_LARGEST = 10**18
"""The least number with more digits than a kind accepts (kinds.py)."""

_CONTROL = "[\\u0000-\\u0008\\u000b-\\u001f\\u007f]"
_EXPONENT = "-?[0-9]{1,18}(\\.[0-9]{1,40})?[eE][+-]?[0-9]{1,3}"


def anchored(pattern: str) -> str:
    """Return a pattern anchored at both ends for readers whose ``$`` also matches before a final line end."""
    return f"^(?:{pattern})$(?!\\n)"


@define
class ValueSchema:
    """The schema of a variable's values, and the limits that JSON Schema cannot express."""

    variable: Variable[Any]
    left_out: list[str] = field(factory=list)

    def schema(self) -> Schema:
        """Return the schema of the value; it includes unset unless the variable is mandatory."""
        shape = self.variable.kind.shape
        if shape is Shape.CHOICE and not any(self._own_limits()):
            return {"enum": [*self.variable.options, *([] if self._required else UNSET["enum"])]}
        choices = list(self._numbers() if shape.is_number else self._texts())
        return {"anyOf": [*choices, *([] if self._required else [UNSET])]}

    @property
    def _required(self) -> bool:
        return self.variable.mandatory and self.variable.default is None

    def _own_limits(self) -> Iterator[AnyLimit]:
        return (closed_limit(limit) for limit in self.variable.all_limits if not isinstance(limit, OneOf))

    def _texts(self) -> Iterator[Schema]:
        variable = self.variable
        if variable.kind.shape is Shape.BOOLEAN:
            yield {"enum": ["YES", "NO"]}
            yield {"type": "boolean"}
        conditions: list[Schema] = []
        if variable.kind.pattern != ".*":
            conditions.append({"pattern": anchored(variable.kind.pattern)})
        elif variable.kind.shape is not Shape.ENCODED:
            conditions.append({"not": {"type": "string", "pattern": _CONTROL}})
        if variable.options:
            words = "|".join(map(_escaped, variable.options))
            several = f"({words})(,({words}))*" if variable.kind.shape is Shape.CHOICES else words
            conditions.append({"pattern": anchored(several)})
        for limit in self._own_limits():
            if isinstance(limit, Matches):
                conditions.append({"pattern": anchored(limit.pattern), "maxLength": limit.longest})
            elif isinstance(limit, Pem):
                conditions.append({"maxLength": LONGEST})
                self.left_out.append(limit.words)
            elif isinstance(limit, Between | NoneOf | OneOf | NodeConfig | Foreign):
                self.left_out.append(limit.words)
            else:
                assert_never(limit)
        schema: Schema = {"type": "string", "minLength": 1}
        if len(conditions) == 1:
            yield {**schema, **conditions[0]}
        else:
            yield {**schema, **({"allOf": [_typed(each) for each in conditions]} if conditions else {})}

    def _numbers(self) -> Iterator[Schema]:
        whole = self.variable.kind.shape is Shape.INTEGER
        own: Schema = {"type": "integer" if whole else "number"}
        own |= {"exclusiveMinimum": -_LARGEST, "exclusiveMaximum": _LARGEST}
        conditions: list[Schema] = [{"pattern": anchored(self.variable.kind.pattern)}]
        for limit in self._own_limits():
            if isinstance(limit, Between):
                for name, end in _ends(limit).items():
                    own[name] = (max if name.endswith("inimum") else min)(own.get(name, end), end)
                conditions += [{"pattern": pattern} for pattern in interval(limit, whole=whole)]
            elif isinstance(limit, NoneOf):
                own.setdefault("not", {"enum": []})["enum"] += limit.values
                conditions += [{"not": _written_out(each, whole=whole)} for each in limit.values]
            elif isinstance(limit, OneOf | Matches | Pem | NodeConfig | Foreign):
                self.left_out.append(limit.words)
            else:
                assert_never(limit)
        if not whole:
            self.left_out.append(f"{self.variable.limits_in_words}, where it is a text with an exponent")
        yield own
        yield {"type": "string", "allOf": [_typed(each) for each in conditions]}


def interval(limit: Between, *, whole: bool) -> list[str]:
    """Return patterns of the texts of numbers within an interval; a text with an exponent always matches."""
    return [anchored(pattern if whole else f"{pattern}|{_EXPONENT}") for pattern in _patterns(limit, whole=whole)]


def _patterns(limit: Between, *, whole: bool) -> list[str]:
    low, high = bounds(limit, whole=whole)
    return [*([] if low is None else [at_least(low)]), *([] if high is None else [at_most(high)])]


def _written_out(number: int, *, whole: bool) -> Schema:
    """Return the schema of the texts that stand for a number and have no exponent."""
    if whole:
        sign = "-" if number < 0 else "" if number else "-?"
        return {"type": "string", "pattern": anchored(f"{sign}0*{abs(number)}")}
    patterns = _patterns(Between(number, number), whole=False)
    return {"type": "string", "allOf": [_typed({"pattern": anchored(pattern)}) for pattern in patterns]}


def _ends(limit: Between) -> Schema:
    ends: Schema = {}
    if limit.low is not None:
        ends["minimum" if limit.low_included else "exclusiveMinimum"] = limit.low
    if limit.high is not None:
        ends["maximum" if limit.high_included else "exclusiveMaximum"] = limit.high
    return ends


def equal(variable: Variable[Any], value: Any) -> Schema:
    """Return the schema of the texts and values that equal a value."""
    shape = variable.kind.shape
    match shape:
        case Shape.BOOLEAN:
            pattern = "[yY][eE][sS]" if value else "[nN][oO]"
            return {"anyOf": [{"type": "string", "pattern": anchored(pattern)}, {"const": value}]}
        case Shape.INTEGER | Shape.DECIMAL:
            return within(Between(value, value), whole=shape is Shape.INTEGER)
        case Shape.TEXT | Shape.ENCODED | Shape.CHOICE | Shape.CHOICES:
            return {"const": variable.kind.format(value)}
        case _:
            return assert_never(shape)


def within(limit: Between, *, whole: bool) -> Schema:
    """Return the schema of the numbers within an interval."""
    texts = [_typed({"pattern": pattern}) for pattern in interval(limit, whole=whole)]
    own = {"type": "integer" if whole else "number", **_ends(limit)}
    return {"anyOf": [own, {"type": "string", "minLength": 1, "allOf": texts}]}


def _typed(schema: Schema) -> Schema:
    return {"type": "string", **schema}


def _escaped(text: str) -> str:
    """Escape the characters with a meaning in a pattern, and no others, since ECMAScript refuses needless escapes."""
    return "".join(f"\\{character}" if character in r"\^$.|?*+()[]{}/" else character for character in text)
