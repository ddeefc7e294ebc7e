"""Attributes of templates, shared by the outputs in template text, YAML and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ctxschema.core import codes
from ctxschema.core.errors import NotPortableError
from ctxschema.generate.names import Names
from ctxschema.grammar.emit import user_input_text
from ctxschema.grammar.types import TYPES, Params
from ctxschema.model.appliance import Appliance
from ctxschema.model.input_names import GROUPED, app_of
from ctxschema.model.kinds import Shape
from ctxschema.model.limits import Between
from ctxschema.model.variable import Variable

Attribute: TypeAlias = "tuple[str, str | Mapping[str, str]]"
"""One attribute of a template: its name, and its value or a mapping of its members."""

GPU_VENDOR, GPU_CLASS = "10de", "0302"
"""The PCI IDs of NVIDIA and of GPUs without a display, as lspci prints them (docs/facts/opennebula.md, section 7)."""


def definition(variable: Variable[Any]) -> str:
    """Return the USER_INPUTS definition of a variable."""
    return user_input_text(
        variable.kind.name,
        variable.question,
        mandatory=variable.mandatory,
        params=_params(variable),
        default=variable.asked_text,
    )


def _params(variable: Variable[Any]) -> str:
    if variable.options:
        return ",".join(variable.options)
    if TYPES[variable.kind.name].params is Params.RANGE:
        bounds = next((limit for limit in variable.limits if isinstance(limit, Between)), None)
        if bounds is None or bounds.low is None or bounds.high is None:
            message = f"{variable.name} is a {variable.kind.name} and has no two bounds"
            repair = "declare both, such as `limits: {from: 1, to: 10}`"
            raise NotPortableError(message, [codes.NOT_CARRIED.at(message, variable=variable.name, repair=repair)])
        if variable.kind.shape is not Shape.INTEGER:
            return f"{bounds.low}..{bounds.high}"  # a form cannot leave out the end itself
        return f"{bounds.low + (not bounds.low_included)}..{bounds.high - (not bounds.high_included)}"
    return ""


def definitions(inputs: dict[str, Variable[Any]]) -> dict[str, str]:
    """Return the definition of each input."""
    return {name: definition(variable) for name, variable in inputs.items()}


def order(inputs: Iterable[str]) -> str:
    """Return INPUTS_ORDER: all inputs in the order of the declaration, separated by commas without blanks."""
    return ",".join(inputs)


def metadata(appliance: Appliance, inputs: dict[str, Variable[Any]]) -> list[dict[str, str]]:
    """Return USER_INPUTS_METADATA: the declared tabs, or else those that Sunstone makes of the inputs' names."""
    if appliance.tabs:
        return [
            {"TYPE": tab.type.value, "NAME": tab.name}
            | ({"TITLE": tab.title} if tab.title else {})
            | ({"DESCRIPTION": tab.description} if tab.description else {})
            for tab in appliance.tabs
        ]
    entries: dict[tuple[str, str], dict[str, str]] = {}
    own = app_of(appliance)
    for name, variable in inputs.items():
        grouped = GROUPED.match(name)
        if grouped is None:
            continue
        app, group = grouped["app"], grouped["group"]
        # Two tabs of one title could not be told apart, so that of another app has the app's name.
        words = {"TITLE": appliance.title, "DESCRIPTION": appliance.summary} if app == own else {"TITLE": app}
        title = appliance.group_title(variable.group) or group
        both = {"TYPE": "APP", "NAME": app, **words}, {"TYPE": "GROUP", "NAME": group, "TITLE": title}
        for entry in both:
            entries.setdefault((entry["TYPE"], entry["NAME"]), entry)
    return list(entries.values())


def context(appliance: Appliance, inputs: dict[str, Variable[Any]]) -> dict[str, str]:
    """Return CONTEXT: every variable as a reference to its input, then the declared infrastructure."""
    author = {entry.name: entry.value for entry in appliance.infrastructure}
    entries = {variable.name: f"${name}" for name, variable in inputs.items()}
    renamed = {name for name in entries.values() if name in author.values()}  # under another name
    own = {name: value for name, value in entries.items() if value not in renamed}
    return {**own, **author, **_members(appliance.extra.get("template", {}).get("CONTEXT"))}


def _members(value: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in value.items()} if isinstance(value, Mapping) else {}


def machine(appliance: Appliance, *, gpu: bool) -> Iterator[Attribute]:
    """Yield the size of the machine and, with a GPU, the attributes of OpenNebula's page on NVIDIA passthrough."""
    size = appliance.machine
    yield "CPU", str(size.cpu)
    yield "VCPU", str(size.vcpu)
    yield "MEMORY", str(size.memory)
    if not gpu:
        return
    yield "OS", {"ARCH": "x86_64", "FIRMWARE": "UEFI", "MACHINE": "q35"}
    yield "CPU_MODEL", {"MODEL": "host-passthrough"}
    yield "TOPOLOGY", {"PIN_POLICY": "CORE", "CORES": str(size.vcpu), "SOCKETS": "1", "THREADS": "1"}
    yield "PCI", {"VENDOR": GPU_VENDOR, "CLASS": GPU_CLASS}


def vm_attributes(appliance: Appliance, names: Names, *, gpu: bool) -> Iterator[Attribute]:
    """Yield the attributes of the template of a virtual machine, without NAME."""
    inputs = names.inputs(appliance, appliance.asked)
    others = _others(appliance)
    for name, value in machine(appliance, gpu=gpu):
        # The members that a GPU needs take precedence; further members that the author declares are added.
        declared = [each for key, each in others if key == name]
        if isinstance(value, str):
            yield name, next((each for each in declared if isinstance(each, str)), value)
        else:
            yield name, {**next((each for each in declared if isinstance(each, Mapping)), {}), **value}
    done = {name for name, _ in machine(appliance, gpu=gpu)}
    for name, value in others:
        if name not in done and name not in {"NAME", "DESCRIPTION", "CONTEXT", "USER_INPUTS_METADATA"}:
            yield name, value
    if inputs:
        yield "USER_INPUTS", definitions(inputs)
        yield "INPUTS_ORDER", order(inputs)
    tabs = [each for key, each in others if key == "USER_INPUTS_METADATA"]
    for entry in tabs or metadata(appliance, inputs):
        yield "USER_INPUTS_METADATA", entry
    if entries := context(appliance, inputs):
        yield "CONTEXT", entries


def _others(appliance: Appliance) -> list[Attribute]:
    """Return the attributes in the declaration's ``extra``; a list stands for an attribute that is repeated."""
    found: list[Attribute] = []
    for name, value in appliance.extra.get("template", {}).items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Mapping):
                found += [(name.upper(), _members(each))] if each else []
            elif each is not None:
                found.append((name.upper(), str(each)))
    return found
