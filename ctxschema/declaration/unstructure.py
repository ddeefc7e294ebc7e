"""Turning an `Appliance` into plain data; fields that equal their default are left out."""

from __future__ import annotations

from functools import cache
from typing import Any, get_origin

from attrs import NOTHING, Factory, fields, has
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from ctxschema.core.secret import Secret
from ctxschema.declaration.conditions import condition_data, limit_data
from ctxschema.declaration.kinds import kind_name, value_data
from ctxschema.declaration.structure import MODES, resolved
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import Condition
from ctxschema.model.container import Argument
from ctxschema.model.kinds import TEXT
from ctxschema.model.limits import Limit
from ctxschema.model.variable import Variable


def appliance_data(appliance: Appliance) -> dict[str, Any]:
    """Return an appliance as plain data in the form of the schema, from which an equal one can be built."""
    made: dict[str, Any] = {}
    for attribute in fields(resolved(Appliance)):
        value = getattr(appliance, attribute.name)
        if attribute.name == "variables":
            made["variables"] = {variable.name: variable_data(variable) for variable in value}
        elif attribute.name == "rules":
            if value:
                made["rules"] = {rule.id: _rule_data(rule) for rule in value}
        elif attribute.name == "extra":
            made |= {"extra": dict(value)} if value else {}
        elif value != default_of(attribute):
            made[attribute.name] = _converter().unstructure(value)
    return made


def variable_data(variable: Variable[Any]) -> dict[str, Any]:
    """Return a variable as plain data, without its name."""
    made: dict[str, Any] = {}
    for attribute in fields(resolved(Variable)):
        value = getattr(variable, attribute.name)
        if attribute.name == "name" or value == default_of(attribute):
            continue
        if attribute.name == "kind":
            if value is not TEXT:
                made["kind"] = kind_name(value)
        elif attribute.name == "default":
            if value is not None:
                made["default"] = value_data(variable.kind, value)
        elif attribute.name == "limits":
            limits = [limit_data(each) for each in value]
            made["limits"] = limits[0] if len(limits) == 1 else limits
        else:
            made[attribute.name] = _converter().unstructure(value)
    return made


def _rule_data(rule: Rule) -> dict[str, Any]:
    made: dict[str, Any] = _converter().unstructure(rule)
    return {name: value for name, value in made.items() if name != "id"}


def default_of(attribute: Any) -> Any:
    """Return the default of a field; NOTHING if it has none that is independent of other fields."""
    default = attribute.default
    if not isinstance(default, Factory):  # type: ignore[arg-type]
        return default
    return NOTHING if default.takes_self else default.factory()


@cache
def _converter() -> Converter:
    made = Converter(unstruct_collection_overrides={tuple: list})
    made.register_unstructure_hook(Secret, Secret.reveal)
    made.register_unstructure_hook(float, _number)
    made.register_unstructure_hook_factory(
        has, lambda cls: make_dict_unstructure_fn(resolved(cls), made, _cattrs_omit_if_default=True, **_modes(cls))
    )
    made.register_unstructure_hook_func(_is_a(Condition), condition_data)
    made.register_unstructure_hook_func(_is_a(Limit), limit_data)
    made.register_unstructure_hook_func(_is_a(Variable), lambda variable: variable.name)
    argument = make_dict_unstructure_fn(resolved(Argument), made, _cattrs_omit_if_default=True)
    made.register_unstructure_hook(Argument, lambda each: _short(argument(each)))
    return made


def _modes(cls: type[Any]) -> dict[str, Any]:
    return {each.name: override(unstruct_hook=_mode) for each in fields(cls) if each.name in MODES}


def _is_a(base: type[Any]) -> Any:
    def judge(cls: Any) -> bool:
        cls = get_origin(cls) or cls
        return isinstance(cls, type) and issubclass(cls, base)

    return judge


def _number(number: float) -> float:
    return int(number) if type(number) is float and number.is_integer() else number


def _mode(mode: int) -> str:
    return f"0{mode:o}"


def _short(argument: dict[str, Any]) -> Any:
    if set(argument) == {"flag"}:
        return argument["flag"]
    return [argument["flag"], argument["value"]] if set(argument) == {"flag", "value"} else argument
