"""A container, a GPU request and steps that contradict themselves are refused when they are declared, all at once."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from ctxschema.core.errors import DeclarationError
from ctxschema.core.finding import Severity
from ctxschema.core.secret import Secret
from ctxschema.model.appliance import Appliance, Rule
from ctxschema.model.conditions import AllOf, CompareRelease, Is, IsSet, Not
from ctxschema.model.container import (
    Argument,
    Certificates,
    Container,
    EnvironmentEntry,
    Image,
    Mount,
    Port,
    WrittenFile,
)
from ctxschema.model.gpu_request import GpuRequest, GpuUsed
from ctxschema.model.kinds import BOOLEAN, LIST, LIST_MULTIPLE, NUMBER, NUMBER_FLOAT, PASSWORD, TEXT
from ctxschema.model.service import Discover, Publish
from ctxschema.model.step import Backoff, Step, StepKind
from ctxschema.model.variable import Variable

RELEASE = Variable("APP_VERSION", TEXT, label="Version", default="1.2.3")
PORT = Variable("APP_PORT", NUMBER, label="Port", default=8080)
FLAG = Variable("APP_FLAG", BOOLEAN, label="Flag", default=False)
NAME = Variable("APP_NAME", TEXT, label="Name", default="")
DEVICES = Variable("APP_DEVICES", TEXT, label="Devices", default="all")
TOKEN = Variable("APP_TOKEN", PASSWORD, label="Token", default=Secret(""))
OTHER = Variable("APP_OTHER", TEXT, label="Other", default="")
ON, OFF = Is(FLAG, True), Is(FLAG, False)
IMAGE = Image("app/app", "{APP_VERSION}", release=RELEASE)


def build(container: Container | None = None, gpu: GpuRequest | None = None, **details: Any) -> Appliance:
    variables = (RELEASE, PORT, FLAG, NAME, DEVICES, TOKEN)
    return Appliance("app", "App", "An app.", variables, container=container, gpu=gpu, **details)


SOUND = Container(
    IMAGE,
    arguments=(Argument("--port", "{APP_PORT}"), Argument("--new", when=CompareRelease(RELEASE, ">=", "1.40"))),
    environment=(EnvironmentEntry("NAME", "{APP_NAME}"), EnvironmentEntry("TOKEN", "{APP_TOKEN}", in_file=True)),
    mounts=(
        *(Mount("/opt/a", "/data", when=ON), Mount("/opt/b", "/data", when=OFF), Mount("/opt/c", "/dataX")),
        Mount("volume", "/models"),
    ),
    ports=(Port("{APP_PORT}"), Port("53", protocol="udp"), Port("53")),
    files=(
        WrittenFile("/opt/app/token", "{APP_TOKEN}", inside="/run/token"),
        WrittenFile("/opt/app/all", "for all", mode=0o777),
        WrittenFile("/opt/app/others", "for others", mode=0o001),
    ),
    publishes=(Publish("APP_READY", "YES"), Publish("APP_GPU", "{gpu}", GpuUsed())),
    beside=(Container(Image("app/exporter"), ports=(Port("9400"),), name="exporter", when=GpuUsed(), gpus=True),),
)
GPU = GpuRequest(FLAG, DEVICES, published_as="APP_GPU_AVAILABLE")


def test_a_sound_container_stands() -> None:
    assert build(SOUND, GPU).container is SOUND


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"arguments": (Argument("--x", "{APP_OTHER}"),)}, "argument --x: {APP_OTHER} names APP_OTHER, which is not"),
    ({"arguments": (Argument("--x", when=IsSet(OTHER)),)}, "APP_OTHER is set names APP_OTHER, which is not declared"),
    ({"arguments": (Argument("--x", "{APP_NAME:prot}"),)}, "names the function prot; there are port"),
    ({"arguments": (Argument("--x", "{APP_TOKEN}"),)}, "argument --x: APP_TOKEN is a secret"),
    ({"arguments": (Argument("--x={APP_TOKEN}"),)}, "APP_TOKEN is a secret"),
    ({"arguments": (Argument("--x", when=CompareRelease(NAME, ">", "1")),)}, "whose default is no release"),
    ({"environment": (EnvironmentEntry("A", "{APP_TOKEN}"),)}, "environment A: APP_TOKEN is a secret"),
    ({"environment": (EnvironmentEntry("A B", ""),)}, "A B is no name"),
    ({"environment": (EnvironmentEntry("A", "1"), EnvironmentEntry("A", "2", ON))}, "A is set twice"),
    ({"publishes": (Publish("A", "{APP_TOKEN}"),)}, "publication A: APP_TOKEN is a secret"),
    ({"publishes": (Publish("A", "1"), Publish("A", "2"))}, "A is published twice"),
    ({"mounts": (Mount("/a", "/x"), Mount("/b", "/x/"))}, "/a and /b would both be mounted at /x"),
    ({"mounts": (Mount("/a", "/x", when=ON), Mount("/b", "/x", when=IsSet(NAME)))}, "would both be mounted"),
    ({"mounts": (Mount("/a", "x"),)}, "has to stand at a path from the root"),
    ({"mounts": (Mount("/a:b", "/x"),)}, "has a colon"),
    ({"mounts": (Mount("", "/x"),)}, "an empty source"),
    ({"mounts": (Mount("/", "/x"),)}, "the root"),
    ({"files": (WrittenFile("/a", "1", inside="/x"),), "mounts": (Mount("/b", "/x"),)}, "would both be mounted at /x"),
    ({"files": (WrittenFile("/a", "1"), WrittenFile("/a", "2"))}, "/a is written twice"),
    ({"files": (WrittenFile("a", "1"),)}, "a is no path"),
    ({"files": (WrittenFile("/a", "{APP_TOKEN}", mode=0o644),)}, "/a has a secret in it, and its mode 0644"),
    ({"ports": (Port("80"), Port("81", outside="80"))}, "the port 80 of the machine is published twice"),
    ({"ports": (Port("{APP_PORT}"), Port("8080"))}, "published twice"),
    ({"ports": (Port("70000"),)}, "70000 is no number"),
    ({"ports": (Port("80", protocol="sctp"),)}, "sctp"),
    ({"image": Image("--app")}, "--app is no repository"),
    ({"image": Image("app", "latest", release=RELEASE)}, "does not have {APP_VERSION} in it once"),
    ({"image": Image("app", "{APP_OTHER}", release=OTHER)}, "the release of the image names APP_OTHER, which is not"),
    ({"certificates": Certificates("/certs", OTHER)}, "the certificates names APP_OTHER, which is not declared"),
    (
        {"certificates": Certificates("/certs", NAME, when=IsSet(OTHER))},
        "is set names APP_OTHER, which is not declared",
    ),
    ({"files": (WrittenFile("/a", "1", mode=0o1000),)}, "the mode 1000 of /a is none"),
    ({"beside": (Container(Image("x")),)}, "needs a name"),
    ({"beside": (Container(Image("x"), name="x"),) * 2}, "two containers are called x"),
    ({"beside": (Container(Image("x"), name="x", gpus=True),)}, "wants GPUs, and the appliance asks for none"),
    ({"beside": (Container(Image("x"), name="x", ports=(Port("8080"),)),), "ports": (Port("8080"),)}, "twice"),
    ({"when": ON}, "that of an appliance is always there"),
    ({"arguments": (Argument("--x", when=GpuUsed()),)}, "waits for a GPU, and the appliance asks for none"),
    ({"shared_memory": "much"}, "no size such as 1g"),
    ({"certificates": Certificates("/certs", NAME, NAME)}, "a certificate and its key come together"),
    ({"discovers": (Discover(PORT, "r", "A"),)}, "default has to be empty"),  # type: ignore[arg-type]
    ({"discovers": (Discover(NAME, "r", "A", backoff={"a": Backoff(1), "b": Backoff(2)}),)}, "several pauses"),
]


@pytest.mark.parametrize(("details", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_a_fault_is_named(details: dict[str, Any], fault: str, said: Callable[[object], None]) -> None:
    with pytest.raises(DeclarationError) as refused:
        build(Container(**{"image": IMAGE, **details}))
    assert fault in str(refused.value)
    said(refused.value)


@pytest.mark.parametrize(
    ("gpu", "fault"),
    [
        (GpuRequest(NAME), "APP_NAME asks for it and is no boolean"),  # type: ignore[arg-type]
        (GpuRequest(FLAG, OTHER), "GPU names APP_OTHER, which is not declared"),
        (GpuRequest(FLAG, TOKEN), "is a secret"),  # type: ignore[arg-type]
        (GpuRequest(FLAG, environment=(EnvironmentEntry("NAME", "x"),)), "NAME is set twice"),
        (GpuRequest(FLAG, environment=(EnvironmentEntry("X", "x", in_file=True),)), "not known yet"),
    ],
)
def test_a_fault_of_a_gpu_request_is_named(gpu: GpuRequest, fault: str, said: Callable[[object], None]) -> None:
    with pytest.raises(DeclarationError) as refused:
        build(SOUND, gpu)
    assert fault in str(refused.value)
    said(refused.value)


def test_all_faults_come_at_once(said: Callable[[object], None]) -> None:
    wrong = Container(IMAGE, arguments=(Argument("{A}"), Argument("{B}")), ports=(Port("0"), Port("0")), when=ON)
    with pytest.raises(DeclarationError) as refused:
        build(wrong, GpuRequest(NAME))  # type: ignore[arg-type]
    for fault in ("names A,", "names B,", "port 0 is no", "published twice", "always there", "no boolean"):
        assert fault in str(refused.value)
    said(refused.value)


@pytest.mark.parametrize(
    ("kind", "default", "wrong"),
    [
        (NUMBER, "8080", True),
        (NUMBER, 8080, False),
        (NUMBER, True, True),
        (NUMBER, 1.0, True),
        (NUMBER_FLOAT, 1, False),
        (NUMBER_FLOAT, "0.5", True),
        (BOOLEAN, "NO", True),
        (BOOLEAN, 1, True),
        (TEXT, 5, True),
        (PASSWORD, "", True),
        (LIST_MULTIPLE, "a", True),
    ],
)
def test_a_default_has_the_type_of_its_kind(
    kind: Any, default: object, said: Callable[[object], None], *, wrong: bool
) -> None:
    options = ("a", "b") if kind in {LIST, LIST_MULTIPLE} else ()
    declared = Variable[Any]("A", kind, label="L", default=default, options=options)
    if not wrong:
        assert Appliance("app", "App", "An app.", (declared,)).by_name["A"].default == default
        return
    with pytest.raises(DeclarationError, match="is of the type") as refused:
        Appliance("app", "App", "An app.", (declared,))
    said(refused.value)


def test_what_is_decided_at_boot_is_no_condition_of_values() -> None:
    effect = Variable("A", TEXT, label="L", default="", effective=Not(GpuUsed()))
    rule = Rule("r", Severity.ERROR, NAME, "m", "r", when=AllOf((GpuUsed(), ON)))
    with pytest.raises(DeclarationError) as refused:
        Appliance("app", "App", "An app.", (effect, NAME, FLAG), rules=(rule,))
    assert "A: its effect hangs on the decision" in str(refused.value)
    assert "rule r hangs on the decision" in str(refused.value)


def step(kind: StepKind) -> Step:
    return Step(kind.value, kind.value, "w", "w", ("a",), Severity.ERROR, "r", seconds=1, kind=kind)


@pytest.mark.parametrize(
    ("container", "fault"),
    [
        (Container(IMAGE, environment=(EnvironmentEntry("A", "{gpu}", in_file=True),)), "A hangs on the decision"),
        (Container(IMAGE, files=(WrittenFile("/a", "x", when=GpuUsed()),)), "/a hangs on the decision"),
        (Container(IMAGE, mounts=(Mount("/a", "/x", when=Not(GpuUsed())),)), "/a hangs on the decision"),
        (
            Container(IMAGE, files=(WrittenFile("/a", "{APP_NAME}"),), discovers=(Discover(NAME, "r", "A"),)),
            "/a names APP_NAME, which is discovered after",
        ),
    ],
)
def test_what_is_written_hangs_on_nothing_that_comes_later(
    container: Container, fault: str, said: Callable[[object], None]
) -> None:
    with pytest.raises(DeclarationError) as refused:
        build(container, GPU)
    assert fault in str(refused.value)
    said(refused.value)


def test_a_step_that_may_fail_decides_about_no_gpu_that_is_required() -> None:
    needed = GpuRequest(FLAG, required=True)
    steps = [
        evolve(each, severity=Severity.WARNING) if each.kind is StepKind.GPU else each
        for each in build(SOUND, needed).boot_steps
    ]
    with pytest.raises(DeclarationError, match="step gpu is a warning, and the appliance cannot do without"):
        build(SOUND, needed, steps=tuple(steps))


def test_an_appliance_with_a_container_boots_in_the_steps_that_follow_from_it() -> None:
    kinds = [each.kind for each in build(SOUND, GPU).boot_steps if each.kind is not StepKind.IMAGE]
    assert kinds == [kind for kind in StepKind if kind not in {StepKind.IMAGE, StepKind.DISCOVER}]
    plain = [each.kind for each in build(Container(IMAGE)).boot_steps]
    assert not {StepKind.GPU, StepKind.DISCOVER, StepKind.PUBLISH} & {*plain}
    assert build().boot_steps == ()


@pytest.mark.parametrize(
    ("kinds", "fault"),
    [
        ([StepKind.READ, StepKind.VALIDATE], "no step does start"),
        ([StepKind.READ, StepKind.READ], "two steps do the same: read"),
        ([StepKind.DISCOVER], "a step does discover, and there is nothing to do"),
        ([StepKind.START, StepKind.FILES], "files has to come before the one that does start"),
    ],
)
def test_steps_go_with_the_container(kinds: list[StepKind], fault: str, said: Callable[[object], None]) -> None:
    with pytest.raises(DeclarationError) as refused:
        build(SOUND, GPU, steps=tuple(step(kind) for kind in kinds))
    assert fault in str(refused.value)
    said(refused.value)


@pytest.mark.parametrize(
    ("release", "sign", "other", "holds"),
    [
        ("1.9.0", ">=", "1.40", False),
        ("1.40", ">=", "1.40.0", True),
        ("1.40.0", "=", "1.40", True),
        ("1.40.1", ">", "1.40", True),
        ("2", "<", "10", True),
        ("latest", ">=", "1.40", None),
        ("1.40-rc1", "<", "2", None),
    ],
)
def test_releases_compare_number_by_number(release: str, sign: str, other: str, holds: bool | None) -> None:  # noqa: FBT001
    condition = CompareRelease(RELEASE, sign, other)
    assert condition.holds({RELEASE: release}) is holds
    assert condition.holds({}) is None
    assert condition.words == f"APP_VERSION {sign} {other}"


def test_what_is_no_release_is_compared_with_nothing() -> None:
    with pytest.raises(ValueError, match="no release"):
        CompareRelease(RELEASE, ">=", "latest")
