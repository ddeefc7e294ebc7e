"""Examples of the parts of a declaration, which the reference shows as YAML and as Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Any

from attrs import evolve, fields

from ctxschema.core.finding import Severity
from ctxschema.core.secret import Secret
from ctxschema.declaration.python_form import python_expression
from ctxschema.declaration.unstructure import appliance_data
from ctxschema.declaration.yaml_form import data_yaml
from ctxschema.model import kinds, shapes
from ctxschema.model.appliance import Appliance, Infrastructure, Level, Machine, Rule, Tab
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
from ctxschema.model.container import (
    Argument,
    Certificates,
    Container,
    EnvironmentEntry,
    Image,
    Mount,
    Port,
    Rights,
    WrittenFile,
)
from ctxschema.model.gpu_request import GpuRequest, GpuUsed
from ctxschema.model.kinds import BOOLEAN, LIST, NUMBER, NUMBER_FLOAT, TEXT, TEXT64, Kind
from ctxschema.model.limits import Between, Instead, Limit, Matches, NoneOf, OneOf
from ctxschema.model.pem import Pem
from ctxschema.model.service import Discover, Publish
from ctxschema.model.shapes import DEVICE_IDS, RELEASE
from ctxschema.model.step import Backoff
from ctxschema.model.variable import Deprecation, Maker, Variable

ON = Variable("APP_DB_ENABLED", BOOLEAN, label="Use a database", default=False)
HOST_NAME = Variable("APP_DB_HOST", TEXT, label="Host of the database", default="")
CLIENTS = Variable("APP_CLIENTS", NUMBER, label="Clients", default=3)
MODE = Variable("APP_MODE", LIST, label="Mode", default="fast", options=("fast", "safe"))
VERSION = Variable("APP_VERSION", TEXT, label="Version", default="1.40.0", limits=(RELEASE,))
CERTIFICATE = Variable("APP_CERT", TEXT64, label="Certificate", default="")
DEVICES = Variable("APP_DEVICES", TEXT, label="GPUs", default="all", limits=(DEVICE_IDS,))

BASE = Appliance("app", "App", "An app.", (ON, HOST_NAME, CLIENTS, MODE, VERSION, CERTIFICATE, DEVICES))
"""An appliance with the variables that the examples refer to; a declaration that has them can contain any example."""

USED = Is(ON, value=True)
IMAGE = Image("example/app", "{APP_VERSION}")
SETTING = "APP_SETTING"

_KINDS: Mapping[str, Mapping[str, Any]] = {
    "BOOLEAN": {"default": False},
    "FIXED": {"default": "eth0"},
    "LIST": {"default": "fast", "options": ("fast", "safe")},
    "LIST_MULTIPLE": {"default": ("a", "b"), "options": ("a", "b", "c")},
    "NUMBER": {"default": 8080, "limits": (Between(1, 65535),)},
    "NUMBER_FLOAT": {"default": 0.5},
    "PASSWORD": {"mandatory": True},
    "RANGE": {"default": 3, "limits": (Between(1, 9),)},
    "RANGE_FLOAT": {"default": 0.5, "limits": (Between(0.0, 1.0),)},
    "SECRET_TEXT64": {"default": Secret("")},
    "TEXT": {"default": "My blog"},
    "TEXT64": {"default": ""},
}


def _variable(kind: Kind[Any], **more: Any) -> Variable[Any]:
    return Variable(SETTING, kind, label="Setting", **more)


KINDS: Mapping[str, Variable[Any]] = {name: _variable(getattr(kinds, name), **more) for name, more in _KINDS.items()}
"""A variable of each kind, by the name of the kind in Python."""

SHAPES: Mapping[str, Limit] = {
    name: limit for name, limit in vars(shapes).items() if limit in tuple(shapes.SHAPES.values())
}
"""The shared limits, by their names in Python."""

LIMITS: Mapping[str, tuple[Limit, ...]] = {
    "Between": (
        Between(1, 65535),
        Between(0.0, 1.0, low_included=False),
        Between(low=1),
        Between(high=100, high_included=False),
    ),
    "NoneOf": (NoneOf((22,), "sshd listens there"),),
    "OneOf": (OneOf(("fast", "safe")),),
    "Matches": (Matches("[^@ ]+@[^@ ]+", "an e-mail address", "anna@example.org", "anna", longest=100),),
    "Instead": (Matches("[0-9]+", "a number", "1", "x", instead=(Instead("all", "write how many"),)),),
    "Pem": (Pem("a certificate", ("CERTIFICATE",)),),
}
"""The other limits, each in all of its forms."""

CONDITIONS: Mapping[str, tuple[Condition, ...]] = {
    "Is": (USED,),
    "IsOneOf": (IsOneOf(MODE, ("fast", "safe")),),
    "IsSet": (IsSet(HOST_NAME),),
    "Not": (Not(IsSet(HOST_NAME)),),
    "AllOf": (AllOf((USED, Is(MODE, "safe"))), AllOf((IsSet(HOST_NAME), Compare(CLIENTS, ">", 1)))),
    "AnyOf": (AnyOf((USED, Is(MODE, "safe"))),),
    "Compare": (Compare(CLIENTS, ">=", 2),),
    "Linear": (Compare(CLIENTS, ">=", Linear(CLIENTS, 2, 3)),),
    "CompareRelease": (CompareRelease(VERSION, ">=", "1.40"),),
    "Repeats": (Repeats(DEVICES),),
    "GpuUsed": (GpuUsed(),),
}
"""The conditions, each in all of its forms."""

_BROKEN = ("a database has a host", "write it")
RULES: Mapping[str, Rule] = {
    "when and must": Rule("db-host", Severity.ERROR, HOST_NAME, *_BROKEN, when=USED, must=IsSet(HOST_NAME)),
    "must alone": Rule(
        "clients", Severity.WARNING, CLIENTS, "one client is no federation", "take two", must=Compare(CLIENTS, ">=", 2)
    ),
    "when alone": Rule("devices", Severity.INFO, DEVICES, "a GPU comes twice", "name it once", when=Repeats(DEVICES)),
}
"""A rule in each of its forms."""

PARTS: Mapping[str, Any] = {
    "Image": Image("example/app", "{APP_VERSION}", gpu_tag="{APP_VERSION}-cuda", release=VERSION),
    "Argument": Argument("--clients", "{APP_CLIENTS}", when=USED),
    "EnvironmentEntry": EnvironmentEntry("DB_HOST", "{APP_DB_HOST}", when=IsSet(HOST_NAME)),
    "Mount": Mount("/opt/app/data", "/data", writable=True),
    "Port": Port("8080", outside="80"),
    "WrittenFile": WrittenFile("/etc/app/app.conf", "host = {APP_DB_HOST}\n", inside="/app.conf"),
    "Certificates": Certificates("/etc/app", authority=CERTIFICATE, when=USED),
    "Rights": Rights(add=("NET_BIND_SERVICE",)),
    "Discover": Discover(HOST_NAME, role="Server", attribute="APP_ADDRESS"),
    "Backoff": Discover(
        HOST_NAME,
        role="Server",
        attribute="APP_ADDRESS",
        backoff={"fast": Backoff(2), "safe": Backoff(5, factor=2, attempts=10)},
        chosen_by=MODE,
    ),
    "Publish": Publish("APP_ADDRESS", "{APP_DB_HOST}:8080"),
    "Container": Container(Image("example/exporter"), name="exporter", when=USED, ports=(Port("9100"),)),
}
"""The parts of a container, and a container beside it."""

OF_APPLIANCE: Mapping[str, Any] = {
    "GpuRequest": GpuRequest(asked_by=ON, devices=DEVICES),
    "Machine": Machine(cpu=2, vcpu=2, memory=4096),
    "Infrastructure": Infrastructure("SSH_PUBLIC_KEY", "$USER[SSH_PUBLIC_KEY]", "lets the operator in"),
    "Tab": Tab(Level.GROUP, "DB", "Database"),
}
"""The other parts of an appliance."""

OF_VARIABLE: Mapping[str, Variable[Any]] = {
    "Variable": Variable("APP_PORT", NUMBER, label="Port", default=8080, limits=(Between(1, 65535),)),
    "Deprecation": Variable("APP_OLD", TEXT, deprecated=Deprecation("2.0", instead="APP_MODE")),
    "Maker": Variable("APP_PASSWORD", kinds.PASSWORD, label="Password", made=Maker.PASSWORD),
    "effective": Variable("APP_DB_PORT", NUMBER, label="Port", default=5432, effective=USED),
    "aliases": Variable("APP_SHARE", NUMBER_FLOAT, label="Share", default=0.5, aliases=("SHARE",)),
    "hidden": Variable("APP_DEBUG", BOOLEAN, label="Debug", default=False, hidden=True),
}
"""Variables that each show a further field."""

_PUBLIC: tuple[Mapping[str, Any], ...] = (KINDS, LIMITS, CONDITIONS, PARTS, OF_APPLIANCE, OF_VARIABLE)


def examples() -> dict[str, str]:
    """Return an example in Python for each public name of declarations."""
    found = {
        name: python_expression(each[0] if isinstance(each, tuple) else each)
        for group in _PUBLIC
        for name, each in group.items()
        if name[0].isupper()
    }
    found |= {name: python_expression(_variable(TEXT, limits=(limit,))) for name, limit in SHAPES.items()}
    found |= {"Rule": python_expression(RULES["when and must"]), "Appliance": python_expression(BASE)}
    return {**found, "Secret": python_expression(Secret("hunter2"))}


def base() -> tuple[str, str]:
    """Return the variables that the examples refer to, as YAML and as Python."""
    constants = "\n".join(f"{each.name} = {python_expression(each)}" for each in BASE.variables)
    return data_yaml(appliance_data(BASE)), constants


@singledispatch
def whole(part: Any) -> Appliance:
    """Return an appliance that contains a part: in its container, unless the type of the part belongs elsewhere."""
    field = next(each for each in fields(Container) if type(part).__name__ in str(each.type))
    value = (part,) if str(field.type).startswith("tuple") else part
    changes: dict[str, Any] = {field.name: value}
    return evolve(BASE, container=evolve(Container(IMAGE), **changes))


@whole.register(Variable)
def _(part: Variable[Any]) -> Appliance:
    return evolve(BASE, variables=(*BASE.variables, part))


@whole.register(Limit)
def _(part: Limit) -> Appliance:
    return whole(_variable(_kind_for(part), limits=(part,)))


@whole.register(Condition)
def _(part: Condition) -> Appliance:
    entry = EnvironmentEntry("SETTING", "1", when=part)
    return evolve(BASE, container=Container(IMAGE, environment=(entry,)), gpu=GpuRequest())


@whole.register(Rule)
def _(part: Rule) -> Appliance:
    return evolve(BASE, rules=(part,))


@whole.register(GpuRequest)
def _(part: GpuRequest) -> Appliance:
    return evolve(BASE, gpu=part, container=Container(IMAGE))


@whole.register(Machine)
def _(part: Machine) -> Appliance:
    return evolve(BASE, machine=part)


@whole.register(Infrastructure)
def _(part: Infrastructure) -> Appliance:
    return evolve(BASE, infrastructure=(part,))


@whole.register(Tab)
def _(part: Tab) -> Appliance:
    return evolve(BASE, tabs=(part,))


def _kind_for(limit: Limit) -> Kind[Any]:
    if isinstance(limit, Between):
        return NUMBER_FLOAT if isinstance(limit.low, float) else NUMBER
    return NUMBER if isinstance(limit, NoneOf) else TEXT64 if isinstance(limit, Pem) else TEXT


def yaml_of(part: Any) -> str:
    """Return a part as YAML below the keys that contain it; a limit or a condition below its own key only."""
    data = appliance_data(whole(part))
    if isinstance(part, Limit):
        return data_yaml({"limits": data["variables"][SETTING]["limits"]}).lstrip()
    if isinstance(part, Condition):
        return data_yaml({"when": data["container"]["environment"][0]["when"]}).lstrip()
    return data_yaml(dict(_difference(data, appliance_data(BASE), part))).lstrip()


def _difference(data: Mapping[str, Any], without: Mapping[str, Any], part: Any) -> Iterator[tuple[str, Any]]:
    """Yield the fields in which the data of an appliance with a part differs from that of one without it."""
    for key, value in data.items():
        if key == "variables":
            added = {name: each for name, each in value.items() if name not in without[key]}
            if added:
                yield key, added
        elif key == "container":
            parts = {name: each for name, each in value.items() if name != "image" or isinstance(part, Image)}
            if parts:
                yield key, parts
        elif key not in without:
            yield key, value
