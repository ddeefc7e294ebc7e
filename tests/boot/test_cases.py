"""What a boot says, asks of Docker, writes and publishes, to the letter: a file under tests/cases/boot for each.

Above the line of dashes stands the machine, as YAML: ``boots`` (an appliance of `APPLIANCES`), ``context``, and as far
as it matters ``docker`` (see `tests.docker_stand_in`; null takes a file away), ``gpu``, ``smi`` (what nvidia-smi does),
``files``, ``service`` (what another machine publishes, one after the other for each attempt) and ``before`` (the
contexts of earlier boots). Below it stands what came of it; of a dry run where ``dry`` says so.
``UPDATE_CASES=1 pytest`` writes the lower half anew, to be read before it is committed.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import evolve

from ctxschema import Appliance
from ctxschema.boot import actions
from ctxschema.boot.agent import Report
from ctxschema.boot.container import appliance_container
from ctxschema.boot.plan import dry_run
from ctxschema.core.secret import Secret
from ctxschema.gpu.facts import detect_gpu
from ctxschema.machine.onegate import NotReachedError, OneGateError
from ctxschema.machine.source import read_machine_context
from ctxschema.model.conditions import Is, IsSet, Not
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
from ctxschema.model.kinds import BOOLEAN, LIST, NUMBER, PASSWORD, SECRET_TEXT64, TEXT, TEXT64
from ctxschema.model.service import Discover, Publish
from ctxschema.model.step import Backoff
from ctxschema.model.variable import Maker, Variable
from tests.conftest import ROOT
from tests.machine import Machine
from tests.pem import CERTIFICATE, PRIVATE_KEY
from tests.said import said

FOLDER = ROOT / "tests/cases/boot"
LINE = "-" * 40 + "\n"
RELEASE = Variable("APP_VERSION", TEXT, label="Version", default="2.0.0")
PORT = Variable("APP_PORT", NUMBER, label="Port", default=8080)
WITH_GPU = Variable("APP_GPU", BOOLEAN, label="GPU", default=False, stops_boot=False)
DEVICES = Variable("APP_DEVICES", TEXT, label="Devices", default="all", stops_boot=False)
WATCH = Variable("APP_WATCH", BOOLEAN, label="Watch", default=False)
NAME = Variable("APP_NAME", TEXT, label="Name", default="")
WHERE = Variable("APP_ADDRESS", TEXT, label="Address", default="0.0.0.0:90", ask_empty=True)
PLACE = Variable("APP_FOLDER", TEXT, label="Folder", default="app/data")
TARGET = Variable("APP_TARGET", TEXT, label="Target", default="/data")
NOTE = Variable("APP_NOTE", TEXT, label="Note", default=None)
TOKEN = Variable("APP_TOKEN", PASSWORD, label="Token", default=Secret(""))
PHRASE = Variable("APP_PHRASE", PASSWORD, label="Phrase", default=Secret(""))
TLS = Variable("APP_TLS", BOOLEAN, label="TLS", default=False)
CERT = Variable("APP_CERT", TEXT64, label="Certificate", default="")
AUTHORITY = Variable("APP_CA", TEXT64, label="Authority", default="")
KEY = Variable("APP_KEY", SECRET_TEXT64, label="Key", default=Secret(""))
SAN = Variable("APP_SAN", TEXT, label="Names", default="")
HOST = Variable("APP_HOST", TEXT, label="Host", made=Maker.HOSTNAME)
PEER = Variable("APP_PEER", TEXT, label="Peer", default="")
PAUSES = Variable("APP_PAUSES", LIST, label="Pauses", default="even", options=("even", "growing"))
LONGEST = Variable("APP_LONGEST", NUMBER, label="Longest pause", default=30)

IMAGE = Image("example/app", "{APP_VERSION}", "{APP_VERSION}-cuda", RELEASE)
GPU = GpuRequest(WITH_GPU, DEVICES, (), (EnvironmentEntry("MODE", "fast"),), "APP_GPU_THERE")
SERVER = Appliance(
    "server",
    "Server",
    "Makes a certificate, and has something beside it.",
    (
        *(RELEASE, PORT, WITH_GPU, DEVICES, WATCH, NAME, WHERE, PLACE, TARGET, NOTE, TOKEN, PHRASE),
        *(TLS, CERT, AUTHORITY, KEY, SAN, HOST),
    ),
    prefixes=("APP_",),
    gpu=GPU,
    container=Container(
        IMAGE,
        arguments=(
            Argument("serve"),
            Argument("--port={APP_PORT}"),
            Argument("--name", "{APP_NAME}", IsSet(NAME)),
            Argument("--note", "{APP_NOTE}"),
            Argument("--cuda={gpu_count}", when=GpuUsed()),
        ),
        environment=(
            EnvironmentEntry("PLAIN", "{APP_NAME}"),
            EnvironmentEntry("HOST", "{APP_HOST}"),
            EnvironmentEntry("LOG", "info", in_file=True),
            EnvironmentEntry("TOKEN", "{APP_TOKEN}", IsSet(TOKEN), in_file=True),
        ),
        mounts=(
            Mount("/srv/{APP_FOLDER}", "{APP_TARGET}", writable=True, owner=7),
            Mount("models", "/models"),
            Mount("/srv/app/certs", "/certs", when=Is(TLS, True)),
        ),
        ports=(
            Port("{APP_PORT}", outside="80"),
            Port(
                "90",
                "{APP_ADDRESS:port}",
                "{APP_ADDRESS:publishing-host}",
                protocol="udp",
                unless_given="{address}",
                exposed_when=Is(TLS, False),
            ),
        ),
        files=(WrittenFile("/srv/app/secret/phrase", "{APP_PHRASE}\n", "/run/phrase", IsSet(PHRASE)),),
        certificates=Certificates(
            "/srv/app/certs", AUTHORITY, CERT, KEY, Is(TLS, True), "app", ("DNS:localhost,IP:{address}", "{APP_SAN}")
        ),
        owner=1000,
        user="1000:1000",
        rights=Rights(add=("CHOWN",)),
        shared_memory="1g",
        beside=(Container(Image("example/watch", "1"), name="watch", when=Is(WATCH, True), gpus=True),),
        publishes=(
            Publish("APP_READY", "YES"),
            Publish("APP_AT", "{address}"),
            Publish("APP_RUNS", "{APP_VERSION}"),
            Publish("APP_CERT", "{ca_certificate}"),
        ),
    ),
)
BACKOFF = {"even": Backoff(10, attempts=3), "growing": Backoff(10, factor=2, attempts=5)}
CLIENT = Appliance(
    "client",
    "Client",
    "Looks for a server.",
    (TLS, PEER, AUTHORITY, PAUSES, LONGEST, CERT, KEY),
    prefixes=("APP_",),
    container=Container(
        Image("example/client"),
        arguments=(
            Argument("--to", "{APP_PEER}"),
            Argument("--trust", "{APP_CA:pem}", Is(TLS, True)),
            Argument("--number={place}/{places}"),
        ),
        certificates=Certificates("/srv/app/certs", AUTHORITY, when=Is(TLS, True)),
        mounts=(Mount("/srv/app/certs", "/certs", when=Is(TLS, True)),),
        discovers=(
            Discover(
                PEER, "server", "APP_AT", {"APP_READY": "YES"}, BACKOFF, PAUSES, LONGEST,
                mismatch={"APP_TLS": "YES", "APP_OLD": "YES"}, mismatch_when=Is(TLS, False),
            ),
            Discover(AUTHORITY, "authority", "APP_CERT", when=Is(TLS, True), backoff={"": Backoff(5, attempts=2)}),
        ),
        publishes=(Publish("APP_READY", "YES"), Publish("APP_OLD", "YES", Not(IsSet(PEER)))),
    ),
)  # fmt: skip
ITS = appliance_container(SERVER)
DISCOVERS = appliance_container(CLIENT).discovers
PATIENT = evolve(DISCOVERS[0], chosen_by=None, longest=None, backoff={"": Backoff(10, factor=9)})


def with_container(gpu: GpuRequest | None = None, **changes: Any) -> Appliance:
    """Return the client with changes of its container."""
    return evolve(CLIENT, gpu=gpu, container=evolve(appliance_container(CLIENT), **changes))


APPLIANCES = {
    "server": SERVER,
    "server that needs a GPU": evolve(SERVER, gpu=evolve(GPU, required=True)),
    "server that always wants a GPU": evolve(SERVER, gpu=evolve(GPU, asked_by=None, devices=None, published_as="")),
    "server of one release": evolve(
        SERVER, container=evolve(appliance_container(SERVER), image=Image("example/app", "2"))
    ),
    "client": CLIENT,
    "client that counts": with_container(arguments=(Argument("--of={places}"),)),
    "client that has its place": with_container(arguments=(Argument("--at={place}"),)),
    "client that does not count": with_container(arguments=(Argument("--to", "{APP_PEER}"),)),
    "client that looks for its authority first": with_container(discovers=DISCOVERS[::-1]),
    "client of others": with_container(discovers=DISCOVERS[1:]),
    "client of one that is patient": with_container(discovers=(PATIENT,)),
    "client without a GPU": with_container(
        GpuRequest(TLS, published_as="APP_GPU_THERE"),
        discovers=(evolve(DISCOVERS[0], when=Not(GpuUsed())),),
        publishes=(),
    ),
    "client with a certificate": with_container(
        certificates=Certificates("/srv/app/certs", AUTHORITY, CERT, KEY, Is(TLS, True))
    ),
    "small": Appliance("small", "Small", "Small.", (), container=Container(Image("example/small", "1"))),
}


class Gate:
    """OneGate, which answers each question with the next of some services, and the last of them again and again."""

    token = Secret("t0ken")

    def __init__(self, services: list[Any], lines: list[str]) -> None:
        self.services = services
        self.lines = lines

    def discover(self, wanted: Discover, seconds: float) -> Mapping[str, str] | None:
        self.lines.append(f"asks for {wanted.attribute} within {seconds:g} s")
        service = self.services.pop(0) if len(self.services) > 1 else self.services[0]
        if isinstance(service, str):
            raise OneGateError(service)
        found: dict[str, str] = {name: spelt(text) for name, text in service.items() if isinstance(text, str)}
        return found if wanted.attribute in found else None

    def place(self, seconds: float) -> tuple[int, int] | None:
        self.lines.append(f"asks for its place within {seconds:g} s")
        service = self.services[-1]
        if not isinstance(service, dict) or "place" not in service:
            raise OneGateError("there is no place")
        return tuple(service["place"]) if service["place"] else None

    def put(self, name: str, value: str, seconds: float) -> None:
        self.lines.append(f"publishes {name}={value} within {seconds:.0f} s")
        if value == "refused" or name in self.services[-1]:
            raise OneGateError("refused, for t0ken")
        if value == "lost":
            raise NotReachedError("nobody is there")


def spelt(text: str) -> str:
    """Put the certificate and the key of these tests in their places."""
    return text.replace("<PEM>", CERTIFICATE).replace("<KEY>", PRIVATE_KEY)


def made(given: Mapping[str, Any], folder: Path) -> Machine:
    """Make the machine of a case."""
    machine = Machine.make(folder, gpu=given.get("gpu", False))
    machine.docker("images", "example/app:2.0.0\nexample/app:2.0.0-cuda\nexample/watch:1\nexample/client:latest\n")
    for name, text in given.get("docker", {}).items():
        machine.docker(name, text)
    for path, text in given.get("files", {}).items():
        machine.file(path, spelt(text))
    if "smi" in given:
        machine.smi(given["smi"])
    return machine


def written(root: Path) -> Iterator[str]:
    """What a boot wrote: each file and folder with its mode and owner; certificates and keys without their text."""
    for path in sorted(root.rglob("*")):
        name, status = path.relative_to(root).as_posix(), path.lstat()
        if name.split("/")[0] in {"run", "proc", "usr", "sys"}:
            continue
        text = path.read_text() if path.is_file() else ""
        shown = re.sub(r"-----BEGIN ([A-Z ]+)-----.*-----END \1-----", r"<\1>", text, flags=re.DOTALL)
        yield f"/{name} {status.st_mode & 0o777:o} {status.st_uid}{f' {shown!r}' if path.is_file() else ''}"


def told(given: Mapping[str, Any], folder: Path, log: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The lines of the lower half."""
    machine, lines = made(given, folder), list[str]()
    appliance = APPLIANCES[given["boots"]]
    gate = Gate(list(given.get("service", [{}])), lines)

    def find(*_arguments: object) -> Gate:
        if "service" not in given:
            raise OneGateError("there is no OneGate")
        return gate

    monkeypatch.setattr(actions, "find_onegate", find)
    contexts = [
        {name: spelt(text) for name, text in each.items()} for each in (*given.get("before", ()), given["context"])
    ]
    if given.get("dry"):
        raw, _ = read_machine_context(machine.context(**contexts[-1]).system())
        yield from dried(dry_run(appliance, raw, lambda: detect_gpu(machine.system())).as_dict())
        return
    for context in contexts[:-1]:
        machine.context(**context).boot(appliance, sleep=lambda _seconds: None)
    (machine.folder / "docker/log").unlink(missing_ok=True)
    lines.clear()
    log.readouterr()
    if contexts[-1]:
        machine.context(**contexts[-1])
    report = machine.boot(appliance, sleep=lambda seconds: lines.append(f"waits {seconds:g} s"))
    yield "booted" if report.ok else "stopped"
    yield from re.sub(r" \([0-9.]+ s\)$", "", log.readouterr().err, flags=re.MULTILINE).splitlines()
    yield "-- findings"
    yield from (said(finding) for finding in report.findings)
    yield "-- docker"
    yield from machine.commands
    yield "-- service"
    yield from lines
    yield "-- files"
    yield from written(machine.root)
    yield "-- report"
    yield from reported(report)


def reported(report: Report) -> Iterator[str]:
    """The report without its steps and findings, which are above."""
    for name, value in report.as_dict().items():
        if name not in {"began", "seconds", "steps", "findings"}:
            yield f"{name}: {value!r}"


def dried(plan: dict[str, Any]) -> Iterator[str]:
    """A dry run."""
    for name, value in plan.items():
        yield from (f"finding: {each}" for each in value) if name == "findings" else (f"{name}: {value!r}",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_what_becomes_of_a_machine(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given, _, expected = path.read_text(encoding="utf-8").partition(LINE)
    lines = "".join(f"{line}\n" for line in told(yaml.safe_load(given), tmp_path, capsys, monkeypatch))
    for text, word in ((str(tmp_path / "root"), ""), (CERTIFICATE.strip(), "<PEM>"), (PRIVATE_KEY.strip(), "<KEY>")):
        lines = lines.replace(text, word).replace(repr(text)[1:-1], word)
    lines = re.sub(r"LS0tLS1[A-Za-z0-9+/=]+", "<PEM64>", lines)
    if os.environ.get("UPDATE_CASES"):
        path.write_text(f"{given}{LINE}{lines}", encoding="utf-8")
    assert lines == expected
