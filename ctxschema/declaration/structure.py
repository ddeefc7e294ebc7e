"""From plain data to an `Appliance`: cattrs makes the parts, and every fault of all of them is told at once."""

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
from ctxschema.declaration.kinds import KINDS, BareWordError, bare_message, value_of
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Condition
from ctxschema.model.container import Argument
from ctxschema.model.limits import Limit
from ctxschema.model.variable import Variable

_FIELD_WORDS = {"the default": "default", "the label": "label", "the limit": "limits", "option ": "options"}
"""How a fault of one field of a variable begins."""

MODES = {"mode"}
"""Fields that are permissions, which a declaration writes as ``"0750"``."""


@define
class Fault:
    """Something in plain data of which nothing can be made.

    Args:
        path: Where.
        message: What is wrong, as a sentence.
        bare: Whether quotes mend it.
    """

    path: Path
    message: str
    bare: bool = False


class FaultsError(ValueError):
    """Plain data of which no appliance can be made."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


@functools.cache
def resolved(cls: Any) -> Any:
    """Return an attrs class with the types of its fields resolved."""
    names = {"Condition": Condition, "Variable": Variable}
    return resolve_types(cls, globalns=None, localns=names)


def appliance_of(data: Mapping[str, Any]) -> Appliance:
    """Return the appliance that plain data declares, which has the form of the schema.

    Args:
        data: The data.

    Raises:
        FaultsError: It names what is not declared, or contradicts itself; all faults are in it.
    """
    return _Structure(data).appliance()


@define
class _Structure:
    data: Mapping[str, Any]
    variables: dict[str, Variable[Any]] = field(factory=dict)
    being_made: list[str] = field(factory=list)
    faults: list[Fault] = field(factory=list)

    def appliance(self) -> Appliance:
        for name in self.data.get("variables", {}):
            self.attempt(("variables", name), functools.partial(self.variable, name))
        arguments: dict[str, Any] = {}
        for attribute in fields(resolved(Appliance)):
            if attribute.name in self.data and attribute.name not in {"variables", "rules"}:
                told = self.data[attribute.name]
                make = functools.partial(self.converter.structure, told, attribute.type)
                if attribute.name == "extra":
                    make = functools.partial(_verbatim, told)
                arguments[attribute.name] = self.attempt((attribute.name,), make)
        rules = [
            self.attempt(("rules", name), functools.partial(self.rule, name, told))
            for name, told in self.data.get("rules", {}).items()
        ]
        if self.faults:
            raise FaultsError(self.faults)
        arguments.setdefault("title", arguments["name"])
        arguments.setdefault("summary", arguments["title"])
        try:
            variables = tuple(self.variables[name] for name in self.data.get("variables", {}))
            return Appliance(**arguments, variables=variables, rules=tuple(rules))
        except DeclarationError as error:
            raise FaultsError([Fault(self.where(told), told) for told in error.faults]) from None

    def where(self, told: str) -> Path:
        """Return where the thing stands with which the text of a fault begins."""
        first, _, rest = told.partition(" ")
        first, second = first.rstrip(":"), rest.partition(" ")[0].rstrip(":")
        if first in self.data.get("variables", {}):
            field = next((name for words, name in _FIELD_WORDS.items() if rest.startswith(words)), "")
            return ("variables", first, field) if field in self.data["variables"][first] else ("variables", first)
        if first == "rule" and second in self.data.get("rules", {}):
            return ("rules", second)
        if first in self.data:
            return (first,)
        return ()

    def attempt(self, path: Path, make: Callable[[], Any]) -> Any:
        """Return what a function makes, or None and keep what is wrong."""
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - every fault is kept, and told where it stands
            self.faults.extend(_faults(error, path))
            return None

    def lookup(self, name: str) -> Variable[Any]:
        """Return a variable by its name, which may be declared further down."""
        declared = self.data.get("variables", {})
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
        """Return a variable, made when it is first asked for."""
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

    def variable_of(self, name: str, told: Mapping[str, Any]) -> Variable[Any]:
        kind = KINDS[told.get("kind", "text")]
        arguments: dict[str, Any] = {"name": name, "kind": kind}
        errors: list[Fault] = []
        for attribute in fields(resolved(Variable)):
            if attribute.name not in told or attribute.name == "kind":
                continue
            value, path = told[attribute.name], ("variables", name, attribute.name)
            try:
                if attribute.name == "default":
                    arguments["default"] = value_of(kind, value)
                elif attribute.name == "limits":
                    limits = [value] if isinstance(value, dict) else value
                    arguments["limits"] = tuple(limit_of(each) for each in limits)
                else:
                    arguments[attribute.name] = self.converter.structure(value, attribute.type)
            except Exception as error:  # noqa: BLE001 - every fault is kept, and told where it stands
                errors.extend(_faults(error, path))
        if errors:
            raise FaultsError(errors)
        return Variable(**arguments)

    def rule(self, name: str, told: Mapping[str, Any]) -> Rule:
        made: Rule = self.converter.structure({"id": name, **told}, Rule)
        return made

    @functools.cached_property
    def converter(self) -> Converter:
        """What makes the parts of this declaration."""
        made = Converter()
        made.register_structure_hook_factory(
            has, lambda cls: make_dict_structure_fn(resolved(cls), made, _cattrs_forbid_extra_keys=True)
        )
        made.register_structure_hook(str, _text)
        made.register_structure_hook(int, _integer)
        made.register_structure_hook(bool, lambda told, _: told)  # to Python a boolean is an integer
        made.register_structure_hook_func(
            lambda cls: Variable in (cls, get_origin(cls)), lambda told, _: self.lookup(_text(told, str))
        )
        made.register_structure_hook_func(
            lambda cls: isinstance(cls, type) and issubclass(cls, Condition),
            lambda told, _: condition_of(told, self.lookup),
        )
        made.register_structure_hook_func(
            lambda cls: isinstance(cls, type) and issubclass(cls, Limit), lambda told, _: limit_of(told)
        )
        argument = make_dict_structure_fn(resolved(Argument), made, _cattrs_forbid_extra_keys=True)
        made.register_structure_hook(Argument, lambda told, cls: argument(argument_data(told), cls))
        return made


def argument_data(told: Any) -> Any:
    """Return an argument in its long form: ``--insecure`` and ``[--port, "80"]`` are short for it."""
    if isinstance(told, str):
        return {"flag": told}
    if isinstance(told, list):
        return {"flag": told[0], "value": told[1]} if len(told) > 1 else {"flag": told[0]}
    return told


class _KnownError(Exception):
    """Something hangs on what has a fault of its own, which is told there."""


def _verbatim(told: Any) -> Any:
    """Return plain data as it stands there."""
    if isinstance(told, BareWord):
        raise BareWordError(told)
    if isinstance(told, dict):
        return {name: _verbatim(value) for name, value in told.items()}
    return [_verbatim(value) for value in told] if isinstance(told, list) else told


def _text(told: Any, _: Any) -> str:
    if isinstance(told, BareWord):
        raise BareWordError(told)
    if not isinstance(told, str):
        raise ValueError(f"{told} is no text")  # noqa: TRY004 - a fault of the declaration
    return told


def _integer(told: Any, _: Any) -> int:
    """Return an integer; permissions stand there as text, in octal digits."""
    if isinstance(told, str):
        return int(told, 8)
    if type(told) is not int:
        raise ValueError(f"{told} is no integer")
    return told


def _faults(error: BaseException, path: Path) -> Iterator[Fault]:
    """Yield what an exception of cattrs or of a hook says, with the place that its notes tell."""
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
