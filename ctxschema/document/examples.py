"""Examples for the reference of the public names of declarations, as Python that runs."""

from __future__ import annotations

from collections.abc import Mapping

BEFORE = """\
from ctxschema import *

ON = Variable("APP_DB_ENABLED", BOOLEAN, label="Use a database", default=False)
HOST_NAME = Variable("APP_DB_HOST", TEXT, label="Host of the database", default="")
CLIENTS = Variable("APP_CLIENTS", NUMBER, label="Clients", default=3)
MODE = Variable("APP_MODE", LIST, label="Mode", default="fast", options=("fast", "safe"))
VERSION = Variable("APP_VERSION", TEXT, label="Version", default="1.40.0", limits=(RELEASE,))
CERTIFICATE = Variable("APP_CERT", TEXT64, label="Certificate", default="")
DEVICES = Variable("APP_DEVICES", TEXT, label="GPUs", default="all", limits=(DEVICE_IDS,))
"""
"""The code before each example."""

_KINDS = {
    "BOOLEAN": "default=False",
    "FIXED": 'default="eth0"',
    "LIST": 'default="fast", options=("fast", "safe")',
    "LIST_MULTIPLE": 'default=("a", "b"), options=("a", "b", "c")',
    "NUMBER": "default=8080, limits=(Between(1, 65535),)",
    "NUMBER_FLOAT": "default=0.5",
    "PASSWORD": "mandatory=True",
    "RANGE": "default=3, limits=(Between(1, 9),)",
    "RANGE_FLOAT": "default=0.5, limits=(Between(0.0, 1.0),)",
    "SECRET_TEXT64": 'default=Secret("")',
    "TEXT": 'default="My blog"',
    "TEXT64": 'default=""',
}
_SHAPES = ("ABSOLUTE_PATH", "ALTERNATIVE_NAMES", "DEVICE_IDS", "HOST", "HOST_PORT", "NODE_CONFIG", "RELATIVE_PATH",
           "RELEASE")  # fmt: skip

EXAMPLES: Mapping[str, str] = {
    **{name: f'Variable("APP_SETTING", {name}, label="Setting", {more})' for name, more in _KINDS.items()},
    **{name: f'Variable("APP_SETTING", TEXT, label="Setting", limits=({name},))' for name in _SHAPES},
    "AllOf": 'AllOf((Is(ON, True), Is(MODE, "safe")))',
    "AnyOf": 'AnyOf((Is(ON, True), Is(MODE, "safe")))',
    "Appliance": 'Appliance("app", "App", "An app.", (ON, HOST_NAME), prefixes=("APP_",))',
    "Argument": 'Argument("--clients", "{APP_CLIENTS}", when=Is(ON, True))',
    "Backoff": "Backoff(5, factor=2, attempts=10)",
    "Between": "Between(0.0, 1.0, low_included=False)",
    "Certificates": 'Certificates("/etc/app", authority=CERTIFICATE, when=Is(ON, True))',
    "Compare": 'Compare(CLIENTS, ">=", 2)',
    "CompareRelease": 'CompareRelease(VERSION, ">=", "1.40")',
    "Container": 'Container(Image("example/app", "{APP_VERSION}"), ports=(Port("8080"),))',
    "Deprecation": 'Variable("APP_OLD", TEXT, deprecated=Deprecation("2.0", instead="APP_MODE"))',
    "Discover": 'Discover(HOST_NAME, role="Server", attribute="APP_ADDRESS")',
    "EnvironmentEntry": 'EnvironmentEntry("DB_HOST", "{APP_DB_HOST}", when=IsSet(HOST_NAME))',
    "GpuRequest": "GpuRequest(asked_by=ON, devices=DEVICES)",
    "GpuUsed": 'EnvironmentEntry("DEVICE", "cuda", when=GpuUsed())',
    "Image": 'Image("example/app", "{APP_VERSION}", gpu_tag="{APP_VERSION}-cuda", release=VERSION)',
    "Infrastructure": 'Infrastructure("SSH_PUBLIC_KEY", "$USER[SSH_PUBLIC_KEY]", "lets the operator in")',
    "Instead": 'Matches("[0-9]+", "a number", "1", "x", instead=(Instead("all", "write how many"),))',
    "Is": "Is(ON, True)",
    "IsOneOf": 'IsOneOf(MODE, ("fast", "safe"))',
    "IsSet": "IsSet(HOST_NAME)",
    "Linear": 'Compare(CLIENTS, ">=", Linear(CLIENTS, 2, 3))',
    "Machine": "Machine(cpu=2, vcpu=2, memory=4096)",
    "Matches": 'Matches("[^@ ]+@[^@ ]+", "an e-mail address", "anna@example.org", "anna")',
    "Mount": 'Mount("/opt/app/data", "/data", writable=True)',
    "NoneOf": 'NoneOf((22,), "sshd listens there")',
    "Not": "Not(IsSet(HOST_NAME))",
    "OneOf": 'OneOf(("fast", "safe"))',
    "Pem": 'Pem("a certificate", ("CERTIFICATE",))',
    "Port": 'Port("8080", outside="80")',
    "Publish": 'Publish("APP_ADDRESS", "{APP_DB_HOST}:8080")',
    "Repeats": "Not(Repeats(DEVICES))",
    "Rights": 'Rights(add=("NET_BIND_SERVICE",))',
    "Rule": """\
Rule(
    "db-host",
    Severity.ERROR,
    HOST_NAME,
    "a database has a host",
    "write it",
    when=Is(ON, True),
    must=IsSet(HOST_NAME),
)""",
    "Secret": 'Secret("hunter2").reveal()',
    "Variable": 'Variable("APP_PORT", NUMBER, label="Port", default=8080, limits=(Between(1, 65535),))',
    "WrittenFile": 'WrittenFile("/etc/app/app.conf", "host = {APP_DB_HOST}\\n", inside="/app.conf")',
}
