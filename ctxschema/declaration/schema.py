"""The JSON Schema of declarations, derived from the classes of the model; editors use it for completion and help."""

from __future__ import annotations

import enum
import inspect
import re
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Union, get_args, get_origin

from attrs import NOTHING, Attribute, fields, has

from ctxschema.declaration.conditions import WORDS
from ctxschema.declaration.kinds import KINDS
from ctxschema.declaration.structure import MODES, resolved
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Condition
from ctxschema.model.container import Argument
from ctxschema.model.shapes import SHAPES
from ctxschema.model.variable import Variable

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAME = "[A-Z_][A-Z0-9_]*"
_YES_OR_NO = {"enum": [True, False, "YES", "NO"]}
_OPTIONAL = {"title", "summary", "kind"}
"""Fields that are required in Python but optional in a declaration."""

Schema = dict[str, Any]


@cache
def appliance_schema() -> Schema:
    """Return the schema, draft 2020-12."""
    made = _Made()
    whole = made.object(Appliance, without=("variables", "rules"))
    variable, rule = made.object(Variable, without=("name",)), made.object(Rule, without=("id",))
    texts = argument_texts(Appliance)
    whole["properties"] |= {
        "include": {
            "description": "Files with parts of it, by their paths from here; what stands here comes first.",
            "type": "array",
            "items": {"type": "string"},
        },
        "variables": {
            "description": f"{texts['variables']} Each stands under its name.",
            "type": "object",
            "patternProperties": {f"^{_NAME}$": {"$ref": "#/$defs/Variable"}},
            "additionalProperties": False,
        },
        "rules": {
            "description": f"{texts['rules']} Each stands under its name.",
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/Rule"},
        },
    }
    whole["required"] = ["name", "variables"]
    definitions = {**made.definitions, "Variable": variable, "Rule": rule, **_SPECIAL}
    return {
        "$schema": DIALECT,
        "title": "Declaration of an OpenNebula appliance",
        **whole,
        "$defs": dict(sorted(definitions.items())),
    }


class _Made:
    """The schemas of classes, each built once."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:  # noqa: PLR0911 - one line for each sort of type
        """Return the schema of a type."""
        if kind is Any:
            return {}
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            several = [self.of(each) for each in get_args(kind) if each is not type(None)]
            return several[0] if len(several) == 1 else {"anyOf": several}
        if origin is tuple:
            return {"type": "array", "items": self.of(get_args(kind)[0])}
        if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(get_args(kind)[1])}
        cls = origin or kind
        if cls is Variable:
            return {"$ref": "#/$defs/name"}
        if issubclass(cls, Condition):
            return {"$ref": "#/$defs/condition"}
        if issubclass(cls, enum.Enum):
            return {"enum": [each.value for each in cls]}
        if has(cls):
            return self.reference(cls)
        return {"type": {str: "string", int: "integer", float: "number", bool: "boolean"}[cls]}

    def reference(self, cls: type[Any]) -> Schema:
        name = cls.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # entered first, since a class may contain itself
            made = self.object(cls)
            self.definitions[name] = {"anyOf": [made, *_ARGUMENT]} if cls is Argument else made
        return {"$ref": f"#/$defs/{name}"}

    def object(self, cls: Any, without: tuple[str, ...] = ()) -> Schema:
        """Return the schema of an attrs class, with descriptions from its docstring."""
        texts = argument_texts(cls)
        attributes = [each for each in fields(resolved(cls)) if each.name not in without]
        properties = {
            each.name: self.field(each, texts.get(each.name, ""), of_variable=cls is Variable) for each in attributes
        }
        required = [each.name for each in attributes if each.default is NOTHING and each.name not in _OPTIONAL]
        made: Schema = {"description": _first_sentence(cls), "type": "object", "properties": properties}
        if cls is Variable:
            made["allOf"] = _OF_KINDS
        return {**made, "required": required, "additionalProperties": False}

    def field(self, attribute: Attribute[Any], text: str, *, of_variable: bool) -> Schema:
        made = (_OF_VARIABLES if of_variable else _FIELDS).get(attribute.name) or self.of(attribute.type)
        default = attribute.default
        if isinstance(default, (str, int, float)) and default != "":
            made = {**made, "default": default}
        return {"description": text, **made} if text else made


_MODE = {"type": "string", "pattern": "^0[0-7]{3}$", "examples": ["0750"]}
_FIELDS: Mapping[str, Schema] = dict.fromkeys(MODES, _MODE)
_VALUE: Schema = {"not": {"type": ["array", "object", "null"]}}
_OF_VARIABLES: Mapping[str, Schema] = {
    "kind": {"enum": list(KINDS), "default": "text"},
    "default": {"not": {"type": ["object", "null"]}, "items": {"type": "string"}},
    "limits": {"anyOf": [{"$ref": "#/$defs/limit"}, {"type": "array", "items": {"$ref": "#/$defs/limit"}}]},
}
"""Fields that have another form in a declaration than in Python."""

_ARGUMENT = (
    {"type": "string"},
    {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
)


def _when_kind(names: list[str], then: Schema) -> Schema:
    wanted: Schema = {"properties": {"kind": {"enum": names}}}
    if "text" not in names:
        wanted["required"] = ["kind"]
    return {"if": wanted, "then": {"properties": then}}


_OF_KINDS = [
    _when_kind(["boolean"], {"default": _YES_OR_NO}),
    _when_kind(["number", "range"], {"default": {"type": "integer"}}),
    _when_kind(["number-float", "range-float"], {"default": {"type": "number"}}),
    _when_kind([name for name in KINDS if "text" in name or name in {"list", "fixed", "password"}],
               {"default": {"type": "string"}}),
]  # fmt: skip

_NAME_SCHEMA: Schema = {"description": "The name of a variable.", "type": "string", "pattern": f"^{_NAME}$"}
_CONDITIONS: Schema = {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1}
_OF_WORDS: Mapping[str, Schema] = {
    "all": _CONDITIONS,
    "any": _CONDITIONS,
    "not": {"$ref": "#/$defs/condition"},
    "set": {"$ref": "#/$defs/name"},
    "repeats": {"$ref": "#/$defs/name"},
    "compare": {"type": "string"},
    "release": {"type": "string"},
    "gpu": {"const": "used"},
}
_NUMBER: Schema = {"type": "number"}
_INTEGER: Schema = {"type": "integer"}


def _limit(properties: Schema, required: tuple[str, ...]) -> Schema:
    return {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}


_TEXT: Schema = {"type": "string"}
_SHAPES = " ".join(f"`{name}`: {shape.words}." for name, shape in SHAPES.items())
_SPECIAL: Mapping[str, Schema] = {
    "name": _NAME_SCHEMA,
    "condition": {
        "description": "When something is so. Under the name of a variable stands the value that it has, or a list of "
        "those that it may have; several of them all have to hold.",
        "type": "object",
        "properties": {word: {"description": text, **_OF_WORDS[word]} for word, text in WORDS.items()},
        "patternProperties": {f"^{_NAME}$": {"anyOf": [_VALUE, {"type": "array", "items": _VALUE, "minItems": 1}]}},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "limit": {
        "description": "What a value must be beyond its kind.",
        "anyOf": [
            {
                **_limit({"from": _NUMBER, "above": _NUMBER, "to": _NUMBER, "below": _NUMBER}, ()),
                "minProperties": 1,
                "description": "A number between two ends; `from` and `to` are allowed themselves.",
            },
            {
                **_limit(
                    {
                        "matches": {"type": "string", "format": "regex"},
                        **dict.fromkeys(("description", "example", "counterexample"), _TEXT),
                        "longest": {"type": "integer", "minimum": 1},
                        "instead": {
                            "type": "array",
                            "description": "What people write in its place, and what to tell them.",
                            "items": _limit(
                                {"matches": {"type": "string", "format": "regex"}, "write": _TEXT}, ("matches", "write")
                            ),
                        },
                    },
                    ("matches", "description", "example", "counterexample"),
                ),
                "description": "A text of a shape, as a regular expression that POSIX and ECMAScript read alike.",
            },
            {
                **_limit(
                    {"none_of": {"type": "array", "items": {"type": "integer"}}, "why": _TEXT}, ("none_of", "why")
                ),
                "description": "Any number but a few.",
            },
            {**_limit({"one_of": {"type": "array", "items": _TEXT}}, ("one_of",)), "description": "One of some words."},
            {
                **_limit({"pem": {"type": "array", "items": _TEXT}, "description": _TEXT}, ("pem", "description")),
                "description": "Base64 of a PEM text that has a block of one of these labels.",
            },
            {
                **_limit({"is": {"enum": [*SHAPES], "description": _SHAPES}}, ("is",)),
                "description": f"A shape with a name. {_SHAPES}",
            },
        ],
    },
}


def _first_sentence(cls: type[Any]) -> str:
    text = inspect.getdoc(cls) or ""
    return " ".join(text.partition("\n\n")[0].split())


_ARGUMENT_TEXT = re.compile(r"^    (\w+): (.*(?:\n {6,}.*)*)", re.MULTILINE)


def argument_texts(cls: type[Any]) -> dict[str, str]:
    """Return the description of each field from the docstring of a class."""
    arguments = (inspect.getdoc(cls) or "").partition("Args:\n")[2].partition("\n\n")[0]
    return {name: " ".join(text.replace("``", "`").split()) for name, text in _ARGUMENT_TEXT.findall(arguments)}
