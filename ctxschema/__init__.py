"""Declare the context variables of an OpenNebula appliance once; derive everything else.

Each public name is imported when it is first used, so that the boot, which needs few of them, starts fast.
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
    from ctxschema.core.errors import DeclarationError as DeclarationError
    from ctxschema.core.errors import FindingError as FindingError
    from ctxschema.core.finding import Finding as Finding
    from ctxschema.core.finding import Severity as Severity
    from ctxschema.core.secret import Secret as Secret
    from ctxschema.declaration.load import load_declaration as load_declaration
    from ctxschema.declaration.yaml_form import declaration_yaml as declaration_yaml
    from ctxschema.gpu.decision import GpuDecision as GpuDecision
    from ctxschema.gpu.decision import decide_gpu as decide_gpu
    from ctxschema.gpu.facts import GpuFacts as GpuFacts
    from ctxschema.grammar.ast import Template as Template
    from ctxschema.grammar.ast import UserInput as UserInput
    from ctxschema.grammar.parser import parse_template as parse_template
    from ctxschema.grammar.parser import parse_user_input as parse_user_input
    from ctxschema.model.appliance import Appliance as Appliance
    from ctxschema.model.appliance import Infrastructure as Infrastructure
    from ctxschema.model.appliance import Machine as Machine
    from ctxschema.model.appliance import Rule as Rule
    from ctxschema.model.conditions import AllOf as AllOf
    from ctxschema.model.conditions import AnyOf as AnyOf
    from ctxschema.model.conditions import Compare as Compare
    from ctxschema.model.conditions import CompareRelease as CompareRelease
    from ctxschema.model.conditions import Condition as Condition
    from ctxschema.model.conditions import Is as Is
    from ctxschema.model.conditions import IsOneOf as IsOneOf
    from ctxschema.model.conditions import IsSet as IsSet
    from ctxschema.model.conditions import Linear as Linear
    from ctxschema.model.conditions import Not as Not
    from ctxschema.model.conditions import Repeats as Repeats
    from ctxschema.model.container import Argument as Argument
    from ctxschema.model.container import Certificates as Certificates
    from ctxschema.model.container import Container as Container
    from ctxschema.model.container import EnvironmentEntry as EnvironmentEntry
    from ctxschema.model.container import Image as Image
    from ctxschema.model.container import Mount as Mount
    from ctxschema.model.container import Port as Port
    from ctxschema.model.container import Rights as Rights
    from ctxschema.model.container import WrittenFile as WrittenFile
    from ctxschema.model.gpu_request import GpuRequest as GpuRequest
    from ctxschema.model.gpu_request import GpuUsed as GpuUsed
    from ctxschema.model.kinds import BOOLEAN as BOOLEAN
    from ctxschema.model.kinds import FIXED as FIXED
    from ctxschema.model.kinds import LIST as LIST
    from ctxschema.model.kinds import LIST_MULTIPLE as LIST_MULTIPLE
    from ctxschema.model.kinds import NUMBER as NUMBER
    from ctxschema.model.kinds import NUMBER_FLOAT as NUMBER_FLOAT
    from ctxschema.model.kinds import PASSWORD as PASSWORD
    from ctxschema.model.kinds import RANGE as RANGE
    from ctxschema.model.kinds import RANGE_FLOAT as RANGE_FLOAT
    from ctxschema.model.kinds import SECRET_TEXT64 as SECRET_TEXT64
    from ctxschema.model.kinds import TEXT as TEXT
    from ctxschema.model.kinds import TEXT64 as TEXT64
    from ctxschema.model.kinds import Kind as Kind
    from ctxschema.model.limits import Between as Between
    from ctxschema.model.limits import Instead as Instead
    from ctxschema.model.limits import Limit as Limit
    from ctxschema.model.limits import Matches as Matches
    from ctxschema.model.limits import NoneOf as NoneOf
    from ctxschema.model.limits import OneOf as OneOf
    from ctxschema.model.node_config import NODE_CONFIG as NODE_CONFIG
    from ctxschema.model.pem import Pem as Pem
    from ctxschema.model.service import Discover as Discover
    from ctxschema.model.service import Publish as Publish
    from ctxschema.model.shapes import ABSOLUTE_PATH as ABSOLUTE_PATH
    from ctxschema.model.shapes import ALTERNATIVE_NAMES as ALTERNATIVE_NAMES
    from ctxschema.model.shapes import DEVICE_IDS as DEVICE_IDS
    from ctxschema.model.shapes import HOST as HOST
    from ctxschema.model.shapes import HOST_PORT as HOST_PORT
    from ctxschema.model.shapes import RELATIVE_PATH as RELATIVE_PATH
    from ctxschema.model.shapes import RELEASE as RELEASE
    from ctxschema.model.step import Backoff as Backoff
    from ctxschema.model.step import Runner as Runner
    from ctxschema.model.step import Step as Step
    from ctxschema.model.step import StepKind as StepKind
    from ctxschema.model.variable import Deprecation as Deprecation
    from ctxschema.model.variable import Variable as Variable

    __version__: str

_HOMES = {
    "ABSOLUTE_PATH": "model.shapes",
    "ALTERNATIVE_NAMES": "model.shapes",
    "AllOf": "model.conditions",
    "AnyOf": "model.conditions",
    "Appliance": "model.appliance",
    "Argument": "model.container",
    "BOOLEAN": "model.kinds",
    "Backoff": "model.step",
    "Between": "model.limits",
    "Certificates": "model.container",
    "Compare": "model.conditions",
    "CompareRelease": "model.conditions",
    "Condition": "model.conditions",
    "Container": "model.container",
    "CtxschemaError": "core.errors",
    "DEVICE_IDS": "model.shapes",
    "DeclarationError": "core.errors",
    "Deprecation": "model.variable",
    "Discover": "model.service",
    "EnvironmentEntry": "model.container",
    "FIXED": "model.kinds",
    "Finding": "core.finding",
    "FindingError": "core.errors",
    "GpuDecision": "gpu.decision",
    "GpuFacts": "gpu.facts",
    "GpuRequest": "model.gpu_request",
    "GpuUsed": "model.gpu_request",
    "HOST": "model.shapes",
    "HOST_PORT": "model.shapes",
    "Image": "model.container",
    "Infrastructure": "model.appliance",
    "Instead": "model.limits",
    "Is": "model.conditions",
    "IsOneOf": "model.conditions",
    "IsSet": "model.conditions",
    "Kind": "model.kinds",
    "LIST": "model.kinds",
    "LIST_MULTIPLE": "model.kinds",
    "Limit": "model.limits",
    "Linear": "model.conditions",
    "Machine": "model.appliance",
    "Matches": "model.limits",
    "Mount": "model.container",
    "NODE_CONFIG": "model.node_config",
    "NUMBER": "model.kinds",
    "NUMBER_FLOAT": "model.kinds",
    "NoneOf": "model.limits",
    "Not": "model.conditions",
    "OneOf": "model.limits",
    "PASSWORD": "model.kinds",
    "Pem": "model.pem",
    "Port": "model.container",
    "Publish": "model.service",
    "RANGE": "model.kinds",
    "RANGE_FLOAT": "model.kinds",
    "RELATIVE_PATH": "model.shapes",
    "RELEASE": "model.shapes",
    "RawContext": "context.raw",
    "Repeats": "model.conditions",
    "Result": "context.validate",
    "Rights": "model.container",
    "Rule": "model.appliance",
    "Runner": "model.step",
    "SECRET_TEXT64": "model.kinds",
    "Secret": "core.secret",
    "Severity": "core.finding",
    "Step": "model.step",
    "StepKind": "model.step",
    "TEXT": "model.kinds",
    "TEXT64": "model.kinds",
    "Template": "grammar.ast",
    "UserInput": "grammar.ast",
    "Values": "context.values",
    "Variable": "model.variable",
    "WrittenFile": "model.container",
    "decide_gpu": "gpu.decision",
    "declaration_yaml": "declaration.yaml_form",
    "docker_arguments": "boot.container",
    "get_appliance": "catalog",
    "load_context": "context.load",
    "load_declaration": "declaration.load",
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
