"""Building an `Appliance` from plain data with cattrs; all faults are collected and reported together."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_origin

from attrs import define, field, fields, has, resolve_types
from cattrs import AttributeValidationNote, BaseValidationError, Converter, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

from ctxschema.core.errors import DeclarationError
from ctxschema.core.names import suggestion
from ctxschema.declaration.conditions import condition_of, limit_of
from ctxschema.declaration.document import BareWord, Path
from ctxschema.declaration.entries import entry_path
from ctxschema.declaration.kinds import KINDS, BareWordError, bare_message, value_of
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Condition
from ctxschema.model.container import Argument
from ctxschema.model.limits import Limit
from ctxschema.model.variable import Variable

_FIELD_WORDS = {"the default": "default", "the label": "label", "the limit": "limits", "option ": "options"}
"""The field of a variable that a fault is about, by the beginning of its message."""

MODES = {"mode"}
"""Fields for permissions, which a declaration writes as ``"0750"``."""


@define
class Fault:
    """A part of the data that is not valid.

    Args:
        path: The path to it.
        message: What is wrong, as a sentence.
        bare: Whether quotes would repair it.
    """

    path: Path
    message: str
    bare: bool = False


class FaultsError(ValueError):
    """The data does not declare an appliance."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


@functools.cache
def resolved(cls: Any) -> Any:
    """Return an attrs class with the types of its fields resolved."""
    names = {"Condition": Condition, "Variable": Variable}
    return resolve_types(cls, globalns=None, localns=names)


def appliance_of(data: Mapping[str, Any]) -> Appliance:
    """Return the appliance that plain data declares. The data has the form of the schema.

    Args:
        data: The data.

    Raises:
        FaultsError: It names something that is not declared, or contradicts itself; it holds all faults.
    """
    return _Structure(data).appliance()


@define
class _Structure:
    data: Mapping[str, Any]
    variables: dict[str, Variable[Any]] = field(factory=dict)
    being_made: list[str] = field(factory=list)
    faults: list[Fault] = field(factory=list)

    def appliance(self) -> Appliance:
        for name in self.data["variables"]:
            self.attempt(("variables", name), functools.partial(self.variable, name))
        arguments: dict[str, Any] = {}
        for attribute in fields(resolved(Appliance)):
            if attribute.name in self.data and attribute.name not in {"variables", "rules"}:
                value = self.data[attribute.name]
                make = functools.partial(self.converter.structure, value, attribute.type)
                if attribute.name == "extra":
                    make = functools.partial(_verbatim, value)
                arguments[attribute.name] = self.attempt((attribute.name,), make)
        rules = [
            self.attempt(("rules", name), functools.partial(self.rule, name, value))
            for name, value in self.data.get("rules", {}).items()
        ]
        if self.faults:
            raise FaultsError(self.faults)
        arguments.setdefault("title", arguments["name"])
        arguments.setdefault("summary", arguments["title"])
        try:
            variables = tuple(self.variables[name] for name in self.data["variables"])
            return Appliance(**arguments, variables=variables, rules=tuple(rules))
        except DeclarationError as error:
            raise FaultsError([Fault(self.where(message), message) for message in error.faults]) from None

    def where(self, message: str) -> Path:
        """Return the path of the part that a fault's message begins with."""
        first, _, rest = message.partition(" ")
        first, second = first.rstrip(":"), rest.partition(" ")[0]
        if first in self.data["variables"]:
            field = next((name for words, name in _FIELD_WORDS.items() if rest.startswith(words)), "")
            return ("variables", first, field) if field in self.data["variables"][first] else ("variables", first)
        if first == "rule" and second in self.data.get("rules", {}):
            return ("rules", second)
        if first == "container" and isinstance(self.data.get("container"), dict):
            return entry_path(message, self.data["container"])
        if first in self.data:
            return (first,)
        return ()

    def attempt(self, path: Path, make: Callable[[], Any]) -> Any:
        """Return the result of a function; or, if it raises, note the fault and return None."""
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - every fault is reported with its place
            self.faults.extend(_faults(error, path))
            return None

    def lookup(self, name: str) -> Variable[Any]:
        """Return a variable by its name; it may be declared further below."""
        declared = self.data["variables"]
        if name not in declared:
            raise ValueError(f"{name} is not declared{suggestion(name, declared)}")
        if name in self.being_made:
            raise ValueError(f"the effect of {name} hangs on itself")
        if name not in self.variables:
            self.attempt(("variables", name), lambda: self.variable(name))
        if name not in self.variables:
            raise _KnownError
        return self.variables[name]

    def variable(self, name: str) -> Variable[Any]:
        """Return a variable; it is built at the first use."""
        if name in self.variables:
            return self.variables[name]
        if any(fault.path[:2] == ("variables", name) for fault in self.faults):
            raise _KnownError
        self.being_made.append(name)
        try:
            made = self.variable_of(name, self.data["variables"][name])
        finally:
            self.being_made.pop()
        self.variables[name] = made
        return made

    def variable_of(self, name: str, data: Mapping[str, Any]) -> Variable[Any]:
        kind = KINDS[data.get("kind", "text")]
        arguments: dict[str, Any] = {"name": name, "kind": kind}
        errors: list[Fault] = []
        for attribute in fields(resolved(Variable)):
            if attribute.name not in data or attribute.name == "kind":
                continue
            value, path = data[attribute.name], ("variables", name, attribute.name)
            try:
                if attribute.name == "default":
                    arguments["default"] = value_of(kind, value)
                elif attribute.name == "limits":
                    limits = [value] if isinstance(value, dict) else value
                    arguments["limits"] = tuple(limit_of(each) for each in limits)
                else:
                    arguments[attribute.name] = self.converter.structure(value, attribute.type)
            except Exception as error:  # noqa: BLE001 - every fault is reported with its place
                errors.extend(_faults(error, path))
        if errors:
            raise FaultsError(errors)
        return Variable(**arguments)

    def rule(self, name: str, data: Mapping[str, Any]) -> Rule:
        made: Rule = self.converter.structure({"id": name, **data}, Rule)
        return made

    @functools.cached_property
    def converter(self) -> Converter:
        """The cattrs converter for the parts of this declaration."""
        made = Converter()
        made.register_structure_hook_factory(
            has, lambda cls: make_dict_structure_fn(resolved(cls), made, _cattrs_forbid_extra_keys=True)
        )
        made.register_structure_hook(str, _text)
        made.register_structure_hook(int, _integer)
        made.register_structure_hook(bool, lambda value, _: value)  # in Python a boolean is an integer as well
        made.register_structure_hook_func(
            lambda cls: Variable in (cls, get_origin(cls)), lambda value, _: self.lookup(_text(value, str))
        )
        made.register_structure_hook_func(
            lambda cls: isinstance(cls, type) and issubclass(cls, Condition),
            lambda value, _: condition_of(value, self.lookup),
        )
        made.register_structure_hook_func(
            lambda cls: isinstance(cls, type) and issubclass(cls, Limit), lambda value, _: limit_of(value)
        )
        argument = make_dict_structure_fn(resolved(Argument), made, _cattrs_forbid_extra_keys=True)
        made.register_structure_hook(Argument, lambda value, cls: argument(argument_data(value), cls))
        return made


def argument_data(value: Any) -> Any:
    """Return an argument in its long form; ``--insecure`` and ``[--port, "80"]`` are short forms."""
    if isinstance(value, str):
        return {"flag": value}
    if isinstance(value, list):
        return {"flag": value[0], "value": value[1]} if len(value) > 1 else {"flag": value[0]}
    return value


class _KnownError(Exception):
    """A part depends on another part that is at fault, which is reported already."""


def _verbatim(value: Any) -> Any:
    """Return plain data unchanged, except that a bare word is refused."""
    if isinstance(value, BareWord):
        raise BareWordError(value)
    if isinstance(value, dict):
        return {name: _verbatim(value) for name, value in value.items()}
    return [_verbatim(value) for value in value] if isinstance(value, list) else value


def _text(value: Any, _: Any) -> str:
    if isinstance(value, BareWord):
        raise BareWordError(value)
    if not isinstance(value, str):
        raise ValueError(f"{value} is no text")  # noqa: TRY004 - a fault of the declaration
    return value


def _integer(value: Any, _: Any) -> int:
    """Return an integer; permissions are given as text with octal digits."""
    if isinstance(value, str):
        return int(value, 8)
    if type(value) is not int:
        raise ValueError(f"{value} is no integer")
    return value


def _faults(error: BaseException, path: Path) -> Iterator[Fault]:
    """Yield the faults in an exception of cattrs or of a hook, with the paths from its notes."""
    if isinstance(error, FaultsError):
        yield from error.faults
        return
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _faults(inner, (*path, *_steps(inner)))
        return
    if isinstance(error, _KnownError):
        return
    if isinstance(error, BareWordError):
        yield Fault(path, bare_message(error.text), bare=True)
        return
    yield Fault(path, str(error))


def _steps(error: BaseException) -> Iterator[str | int]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            yield note.name
        elif isinstance(note, IterableValidationNote):
            yield note.index
