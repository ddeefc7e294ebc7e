"""Declare the context variables of an OpenNebula appliance once; derive everything else.

The public names are imported when they are first used, so that the boot path pays for nothing it does not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ctxschema.boot.container import docker_arguments as docker_arguments
    from ctxschema.catalog import get_appliance as get_appliance
    from ctxschema.context.load import load_context as load_context
    from ctxschema.context.raw import RawContext as RawContext
    from ctxschema.context.validate import Result as Result
    from ctxschema.context.validate import validate as validate
    from ctxschema.context.values import Values as Values
    from ctxschema.core.errors import CtxschemaError as CtxschemaError
    from ctxschema.core.errors import FindingError as FindingError
    from ctxschema.core.finding import Finding as Finding
    from ctxschema.core.finding import Severity as Severity
    from ctxschema.gpu.decision import GpuDecision as GpuDecision
    from ctxschema.gpu.decision import decide_gpu as decide_gpu
    from ctxschema.gpu.facts import GpuFacts as GpuFacts
    from ctxschema.grammar.ast import Template as Template
    from ctxschema.grammar.ast import UserInput as UserInput
    from ctxschema.grammar.parser import parse_template as parse_template
    from ctxschema.grammar.parser import parse_user_input as parse_user_input
    from ctxschema.model.appliance import Appliance as Appliance
    from ctxschema.model.appliance import Rule as Rule
    from ctxschema.model.variable import Variable as Variable

    __version__: str

_HOMES = {
    "Appliance": "model.appliance",
    "CtxschemaError": "core.errors",
    "Finding": "core.finding",
    "FindingError": "core.errors",
    "GpuDecision": "gpu.decision",
    "GpuFacts": "gpu.facts",
    "RawContext": "context.raw",
    "Result": "context.validate",
    "Rule": "model.appliance",
    "Severity": "core.finding",
    "Template": "grammar.ast",
    "UserInput": "grammar.ast",
    "Values": "context.values",
    "Variable": "model.variable",
    "decide_gpu": "gpu.decision",
    "docker_arguments": "boot.container",
    "get_appliance": "catalog",
    "load_context": "context.load",
    "parse_template": "grammar.parser",
    "parse_user_input": "grammar.parser",
    "validate": "context.validate",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("ctxschema")
    if name not in _HOMES:
        raise AttributeError(f"module 'ctxschema' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"ctxschema.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES, "__version__"])
