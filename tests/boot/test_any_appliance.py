"""The agent boots whatever declares a container: an appliance of somebody's own, from its declaration alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from ctxschema import Appliance, GpuFacts, decide_gpu, docker_arguments, load_context, validate
from ctxschema.boot.plan import dry_run
from ctxschema.core import codes
from ctxschema.core.errors import UnknownNameError
from ctxschema.core.finding import Severity
from ctxschema.core.secret import Secret
from ctxschema.gpu.decision import FALLBACK_WARNING, NOTHING_WITHOUT
from ctxschema.model.conditions import CompareRelease, Is, IsSet
from ctxschema.model.container import Argument, Container, EnvironmentEntry, Image, Mount, Port, Rights, WrittenFile
from ctxschema.model.gpu_request import GpuRequest, GpuUsed
from ctxschema.model.kinds import BOOLEAN, NUMBER, PASSWORD, TEXT
from ctxschema.model.service import Publish
from ctxschema.model.variable import Variable
from tests.conftest import ROOT, Ended
from tests.documents import blocks
from tests.machine import Machine

RELEASE = Variable("APP_VERSION", TEXT, label="Version", default="2.0.0")
PORT = Variable("APP_PORT", NUMBER, label="Port", default=8080)
WITH_GPU = Variable("APP_GPU", BOOLEAN, label="GPU", default=False, stops_boot=False)
NAME = Variable("APP_NAME", TEXT, label="Name", default="")
TOKEN = Variable("APP_TOKEN", PASSWORD, label="Token", default=Secret(""))
PASSPHRASE = Variable("APP_PASSPHRASE", PASSWORD, label="Passphrase", default=Secret(""))
NOTE = Variable("APP_NOTE", TEXT, label="Note", default=None)
SECRETS = {"APP_TOKEN": "t0ken-s3cret", "APP_PASSPHRASE": "p4ssphrase"}
GOOD = GpuFacts(driver_loaded=True, nvidia_smi=True)
GPU = GpuRequest(WITH_GPU, published_as="APP_GPU_AVAILABLE", environment=(EnvironmentEntry("MODE", "fast"),))

CONTAINER = Container(
    Image("example/app", "{APP_VERSION}", "{APP_VERSION}-cuda", RELEASE),
    arguments=(
        Argument("serve"),
        Argument("--port={APP_PORT}"),
        Argument("--name", "{APP_NAME}", IsSet(NAME)),
        Argument("--note", "{APP_NOTE}"),
        Argument("--modern", when=CompareRelease(RELEASE, ">=", "2")),
        Argument("--cuda", when=GpuUsed()),
    ),
    environment=(
        EnvironmentEntry("PLAIN", "{APP_NAME}"),
        EnvironmentEntry("LOG", "info", in_file=True),
        EnvironmentEntry("TOKEN", "{APP_TOKEN}", IsSet(TOKEN), in_file=True),
    ),
    mounts=(Mount("/srv/app/data", "/data", writable=True, owner=7), Mount("models", "/models", writable=True)),
    ports=(Port("{APP_PORT}", outside="80"), Port("53", protocol="udp", address="127.0.0.1")),
    files=(WrittenFile("/srv/app/secret/phrase", "{APP_PASSPHRASE}\n", "/run/phrase", IsSet(PASSPHRASE)),),
    owner=1000,
    user="1000:1000",
    rights=Rights(add=("CHOWN",)),
    shared_memory="1g",
    publishes=(Publish("APP_READY", "YES"), Publish("APP_AT", "{address}"), Publish("APP_RUNS", "{APP_VERSION}")),
)
APP = Appliance(
    "app", "App", "An app.", (RELEASE, PORT, WITH_GPU, NAME, TOKEN, PASSPHRASE, NOTE), container=CONTAINER, gpu=GPU
)


def plan(facts: GpuFacts = GOOD, appliance: Appliance = APP, /, **context: str) -> list[str]:
    return dry_run(appliance, load_context(context), lambda: facts).argv


def test_the_whole_command() -> None:
    assert plan(APP_NAME="my app", **SECRETS) == [
        *("docker", "run", "-d", "--name", "app", "--restart", "unless-stopped"),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--cap-add", "CHOWN"),
        *("--user", "1000:1000", "--shm-size", "1g", "-p", "80:8080", "-p", "127.0.0.1:53:53/udp"),
        *("-v", "/srv/app/data:/data:rw", "-v", "models:/models:rw", "-v", "/srv/app/secret/phrase:/run/phrase:ro"),
        *("--env-file", "/etc/ctxschema/app.env", "-e", "PLAIN=my app", "-e", "LOG=info"),
        *("example/app:2.0.0", "serve", "--port=8080", "--name", "my app", "--modern"),
    ]


def test_with_a_gpu_come_its_flags_its_environment_and_its_image() -> None:
    words = plan(APP_GPU="YES")
    assert words[words.index("--gpus") + 1] == "all"
    assert {"MODE=fast", "example/app:2.0.0-cuda", "--cuda"} <= set(words)
    assert "--gpus" not in plan(GpuFacts(reason="none"), APP_GPU="YES")


def test_what_has_no_value_takes_its_entry_along() -> None:
    assert "--note" not in plan()
    assert plan(APP_NOTE="n")[-2] == "n"
    assert "--modern" not in plan(APP_VERSION="1.9.0")
    assert "--modern" not in plan(APP_VERSION="latest")


@pytest.mark.parametrize("changed", ["argument", "environment", "mount", "port", "image"])
def test_each_declared_line_is_a_line_of_the_command(changed: str) -> None:
    other: dict[str, Container] = {
        "argument": evolve(CONTAINER, arguments=CONTAINER.arguments[1:]),
        "environment": evolve(CONTAINER, environment=CONTAINER.environment[1:]),
        "mount": evolve(CONTAINER, mounts=CONTAINER.mounts[1:]),
        "port": evolve(CONTAINER, ports=CONTAINER.ports[1:]),
        "image": evolve(CONTAINER, image=Image("example/other")),
    }
    assert plan(GOOD, evolve(APP, container=other[changed])) != plan()


def test_a_machine_boots_and_secrets_are_in_files_of_their_own(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(ETH0_IP="10.0.0.4", APP_GPU="YES", **SECRETS)
    machine.docker("images", "example/app:2.0.0-cuda\n")
    report = machine.boot(APP)
    assert report.ok, report.findings
    argv = machine.argv("app")
    assert "example/app:2.0.0-cuda" in argv
    assert not [word for word in argv for secret in SECRETS.values() if secret in word]
    env_file = machine.root / "etc/ctxschema/app.env"
    assert env_file.read_text() == "LOG=info\nTOKEN=t0ken-s3cret\n"
    phrase = machine.root / "srv/app/secret/phrase"
    assert phrase.read_text() == "p4ssphrase\n"
    assert [path.stat().st_mode & 0o777 for path in (env_file, phrase)] == [0o600, 0o600]
    assert (machine.root / "srv/app/data").is_dir()
    assert not (machine.root / "models").exists()
    text = str(report.as_dict())
    assert not [secret for secret in SECRETS.values() if secret in text]


def test_what_opens_the_gate_of_oneflow_is_published_last() -> None:
    planned = dry_run(APP, load_context({"ETH0_IP": "10.0.0.4"}), lambda: GOOD)
    assert list(planned.onegate) == ["APP_AT", "APP_RUNS", "APP_GPU_AVAILABLE", "APP_READY"]


def test_an_image_of_another_release_is_found_by_its_declared_tag(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(APP_GPU="YES")
    machine.docker("images", "example/app:latest\nexample/app:1.9.0\nexample/app:1.10.0-cuda\nexample/app:1.10.0\n")
    report = machine.boot(APP)
    assert report.ok
    assert "example/app:1.10.0-cuda" in machine.argv("app")
    assert "--modern" not in machine.argv("app")  # the release that runs decides, not the one that was asked for


NEEDS = evolve(APP, gpu=evolve(GPU, required=True))


def test_an_appliance_that_cannot_do_without_a_gpu_ends_its_boot_where_there_is_none(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path).context(APP_GPU="YES")
    report = machine.boot(NEEDS)
    assert not report.ok
    assert codes.GPU_REQUIRED.id in {finding.code for finding in report.findings}
    assert machine.containers == []
    planned = dry_run(NEEDS, load_context({"APP_GPU": "YES"}), lambda: GpuFacts(reason="there is none"))
    (finding,) = planned.findings
    assert (planned.ok, finding.severity, finding.message) == (False, Severity.ERROR, NOTHING_WITHOUT)
    assert "CPU" not in NOTHING_WITHOUT
    other = dry_run(APP, load_context({"APP_GPU": "YES"}), lambda: GpuFacts(reason="there is none"))
    assert (other.ok, other.decision.warning) == (True, FALLBACK_WARNING)


def test_a_container_that_needs_its_gpu_is_not_started_without_it(tmp_path: Path) -> None:
    machine = Machine.make(tmp_path, gpu=True).context(APP_GPU="YES")
    machine.docker("images", "example/app:2.0.0-cuda\n").docker("no-driver", "no GPU here")
    report = machine.boot(NEEDS)
    assert not report.ok
    assert sum(command.startswith("run") for command in machine.commands) == 1


def test_what_always_asks_for_a_gpu_needs_nobody_to_ask() -> None:
    always = evolve(APP, gpu=GpuRequest(None))
    assert "--gpus" in plan(GOOD, always)
    decision = decide_gpu(validate(always, load_context({})).values, GpuFacts(reason="none"))
    assert (decision.requested, decision.use_gpu, decision.onegate) == (True, False, {})


@pytest.mark.parametrize(
    ("context", "what"),
    [
        ({"APP_VERSION": "a b"}, "no tag of an image"),
        ({"APP_PORT": "70000"}, "no number of a port"),
        ({"APP_TOKEN": "two\nlines"}, "a line end"),
        ({"APP_TOKEN": "x" * 70000}, "more than 60000 bytes"),
    ],
)
def test_what_docker_would_read_otherwise_is_an_error_before_it_is_started(context: dict[str, str], what: str) -> None:
    planned = dry_run(APP, load_context(context), lambda: GOOD)
    (finding,) = [each for each in planned.findings if each.severity is Severity.ERROR]
    assert not planned.ok
    assert (finding.code, finding.variable) == (codes.MISPLACED.id, next(iter(context)))
    assert what in finding.message
    assert context[str(finding.variable)] not in finding.message or "TOKEN" not in str(finding.variable)


def test_what_has_no_container_is_not_booted() -> None:
    bare = Appliance("bare", "Bare", "Nothing.", (NAME,))
    with pytest.raises(UnknownNameError, match="bare declares no container"):
        dry_run(bare, load_context({}), lambda: GOOD)
    values = validate(bare, load_context({})).values
    with pytest.raises(UnknownNameError, match="no container"):
        docker_arguments(bare, values, decide_gpu(values, GOOD))


def test_the_command_line_boots_a_module(ctx: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(
        "from ctxschema.model.appliance import Appliance\n"
        "from ctxschema.model.container import Container, Image\n"
        'SMALL = Appliance("small", "Small", "Small.", (), container=Container(Image("example/small", "1")))\n'
    )
    (tmp_path / "context.sh").write_text("A='1'\n")
    ended = ctx("boot", "--from", str(tmp_path / "small.py"), "--context", str(tmp_path / "context.sh"), "--dry-run")
    assert ended.code == 0, ended.err
    assert "example/small:1" in ended.out


def test_a_condition_on_a_boolean_turns_a_whole_entry() -> None:
    switched = evolve(CONTAINER, ports=(Port("9", when=Is(WITH_GPU, True)),))
    assert "-p" not in plan(GOOD, evolve(APP, container=switched))
    assert "9:9" in plan(GOOD, evolve(APP, container=switched), APP_GPU="YES")


def test_the_appliance_of_the_guide_boots(tmp_path: Path) -> None:
    page = blocks(ROOT / "docs/guides/appliance.md")
    declared: dict[str, Any] = {}
    exec(next(block.text for block in page if block.title == "wordpress.py"), declared)
    machine = Machine.make(tmp_path)
    machine.docker("images", "wordpress:6-apache\n")
    machine.file("run/one-context/context.sh.network", next(b.text for b in page if b.title == "machine.sh"))
    report = machine.boot(declared["WORDPRESS"])
    assert report.ok, report.findings
    assert machine.containers == ["wordpress"]
    assert "as secret as that" in (machine.root / "etc/ctxschema/wordpress.env").read_text()
    assert not [word for word in machine.argv("wordpress") if "secret" in word]
    assert (machine.root / "opt/wordpress/html").is_dir()
