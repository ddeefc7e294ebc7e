"""What starts the container without the agent does what the agent does; each output is read by its real reader."""

import itertools
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ctxschema.boot.container import env_file_path, plan_container
from ctxschema.boot.known import Known, context_facts
from ctxschema.boot.plan import dry_run
from ctxschema.catalog import BOOTABLE, get_appliance
from ctxschema.context.context_sh import write_context_sh
from ctxschema.context.load import load_context
from ctxschema.context.validate import validate
from ctxschema.core.source import SourceText
from ctxschema.generate.options import Options
from ctxschema.generate.planned import planned
from ctxschema.generate.registry import OUTPUTS
from ctxschema.gpu.decision import decide_gpu
from ctxschema.gpu.facts import GpuFacts
from ctxschema.model.appliance import Appliance
from ctxschema.model.conditions import Is, IsSet
from ctxschema.model.container import Argument, Container, EnvironmentEntry, Image, Mount, Port
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.kinds import BOOLEAN, TEXT
from ctxschema.model.variable import Variable
from tests.conftest import FROM_DEBIAN, Ended
from tests.generate.contexts import context

BY_NAME = {output.name: output for output in OUTPUTS}
NASTY = Variable("OWN_TEXT", TEXT, label="Text", default="a b")
ADDRESS = Variable("OWN_ADDRESS", TEXT, label="Address", default="127.0.0.1:8080")
ON = Variable("OWN_GPU", BOOLEAN, label="GPU", default=False, stops_boot=False)
OWN = Appliance(
    "own",
    "Own thing",
    "An appliance.",
    (NASTY, ADDRESS, ON),
    container=Container(
        Image("busybox", "1", "1-gpu"),
        arguments=(
            Argument("--text", "{OWN_TEXT}", IsSet(NASTY)),
            Argument("--both={OWN_TEXT} and {OWN_ADDRESS:port}"),
            Argument("--gpu", when=Is(ON, True)),
            Argument("sh -c 'exit $?'"),
        ),
        environment=(EnvironmentEntry("TEXT", "{OWN_TEXT}"), EnvironmentEntry("FIXED", "50% of $HOME")),
        mounts=(Mount("own-data", "/data", writable=True),),
        ports=(Port("{OWN_ADDRESS:port}", address="{OWN_ADDRESS:publishing-host}"),),
    ),
    gpu=GpuRequest(ON),
)
APPLIANCES = [*map(get_appliance, BOOTABLE), OWN]
TEXTS = ["x", "it's", 'say "x"', "a b", "$HOME", "`id`", "100%", "a\\b", "é", "--x", "*", "x;y", "#x", "a: b", "%n"]


def contexts(appliance: Appliance, count: int) -> list[dict[str, str]]:
    chance = random.Random(7)
    found = [{}, *(context(chance, appliance) for _ in range(count))]
    if "FL_SUPERLINK_ADDRESS" in appliance.by_name:
        found += [{"FL_SUPERLINK_ADDRESS": "10.0.0.1:9092", **each} for each in found]
    addresses = [name for name in ("FL_FLEET_API_ADDRESS", "FL_CONTROL_API_ADDRESS") if name in appliance.by_name]
    if addresses:
        values = ["", "0.0.0.0:9092", "10.1.1.1:9092", "[::]:9092", "link:9092"]
        found += [dict(zip(addresses, pair, strict=True)) for pair in itertools.product(values, repeat=2)]
        found += [
            {"ETH0_IP": text} for text in ("10.0.0.5", "0.0.0.0", "10.0.0.5,10.0.0.6", "10.0.0.256", "fe80::1", "x")
        ]
    if appliance is OWN:
        found += [{"OWN_TEXT": text, "OWN_GPU": "YES"} for text in TEXTS]
    return [each for each in found if all(value.isprintable() for value in each.values())]


def agents(appliance: Appliance, given: dict[str, str]) -> list[str] | None:
    """The agent's command for a context on a machine without a GPU, or None where it would not start anything."""
    raw = load_context(given)
    needs_gpu = appliance.gpu is not None and appliance.gpu.required  # of which --cpu makes nothing
    if not dry_run(
        appliance, raw, (lambda: GpuFacts(driver_loaded=True, nvidia_smi=True)) if needs_gpu else GpuFacts
    ).ok:
        return None
    values = validate(appliance, raw).values
    known = Known(appliance, values, {"gpu": "NO", **context_facts(raw)})
    has_file = appliance.container is not None and any(entry.in_file for entry in appliance.container.environment)
    file = env_file_path(appliance) if has_file else None
    return plan_container(known, decide_gpu(values, GpuFacts()), env_file=file).arguments()


@pytest.mark.parametrize("appliance", APPLIANCES, ids=lambda appliance: appliance.name)
def test_the_script_runs_the_command_of_the_agent(appliance: Appliance, tmp_path: Path) -> None:
    script = tmp_path / "run.sh"
    script.write_text(BY_NAME["docker-run"].text(appliance), encoding="utf-8")
    compared = 0
    for given in contexts(appliance, 80):
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **given}
        command = ["bash", str(script), "--print", "--cpu"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        wanted = agents(appliance, given)
        looked_up = appliance.container.discovers if appliance.container else ()
        if wanted is None:
            continue  # whether certificates belong together is the agent's to judge
        known = Known(appliance, validate(appliance, load_context(given)).values, {"gpu": "NO"})
        if any(not given.get(each.variable.name) and known.holds(each.when) for each in looked_up):
            assert ended.returncode == 1
            continue
        assert ended.returncode == 0, (given, ended.stderr)
        assert words_of(ended.stdout.splitlines()[0]) == wanted, given
        compared += 1
    assert compared > 5


def words_of(line: str) -> list[str]:
    """What bash makes of a line that it has printed with %q."""
    ended = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"}
    )
    return ended.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


def test_the_script_is_clean_for_shellcheck(tmp_path: Path) -> None:
    shellcheck = shutil.which("shellcheck", path=str(Path(sys.executable).parent)) or "shellcheck"
    for appliance in APPLIANCES:
        script = tmp_path / f"{appliance.name}.sh"
        script.write_text(BY_NAME["docker-run"].text(appliance), encoding="utf-8")
        ended = subprocess.run([shellcheck, script], capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("text", TEXTS)
def test_a_compose_file_carries_every_text(text: str) -> None:
    """As a reader of YAML and Compose's own expansion of dollars see it."""
    quoted = text.replace("'", "'\\''")
    options = Options(context=SourceText(f"OWN_TEXT='{quoted}'\n", name="context.sh"))
    (plan,) = planned(OWN, options)
    service = yaml.safe_load(BY_NAME["compose"].text(OWN, options))["services"]["own"]
    assert [word.replace("$$", "$") for word in service["command"]] == list(plan.command)
    environment = {name: value.replace("$$", "$") for name, value in service["environment"].items()}
    assert environment == plan.environment
    assert service["ports"] == ["127.0.0.1:8080:8080"]
    assert service["volumes"] == ["own-data:/data:rw"]


def test_docker_compose_takes_the_file(tmp_path: Path) -> None:
    program = shutil.which("docker-compose", path=FROM_DEBIAN)
    if not program:
        pytest.skip("docker-compose is not there; make test fetches it from Debian")
    for appliance in APPLIANCES:
        file = tmp_path / "compose.yaml"
        file.write_text(BY_NAME["compose"].text(appliance, Options(gpu=True)), encoding="utf-8")
        ended = subprocess.run([program, "-f", file, "config"], capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("appliance", APPLIANCES, ids=lambda appliance: appliance.name)
def test_systemd_takes_the_unit(appliance: Appliance, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not there")
    unit = tmp_path / "ctxschema-agent.service"
    unit.write_text(BY_NAME["unit"].text(appliance), encoding="utf-8")
    ended = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    said = [line for line in ended.stderr.splitlines() if "ctxschema-agent" in line and "docker.service" not in line]
    assert said == []


def test_podman_takes_the_quadlet(tmp_path: Path) -> None:
    generator = "/usr/libexec/podman/quadlet"
    if not os.path.exists(generator):
        pytest.skip("podman's Quadlet is not there")
    (tmp_path / "own.container").write_text(BY_NAME["quadlet"].text(OWN), encoding="utf-8")
    ended = subprocess.run(
        [generator, "-dryrun"], env={"QUADLET_UNIT_DIRS": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert "ExecStart=" in ended.stdout, ended.stderr


def test_a_quadlet_quotes_what_systemd_would_expand() -> None:
    text = BY_NAME["quadlet"].text(OWN, Options(context=SourceText("OWN_TEXT='50% of $HOME'\n", name="context.sh")))
    assert 'Exec=--text "50%% of $$HOME" "--both=50%% of $$HOME and 8080" "sh -c \'exit $$?\'"' in text
    assert "PublishPort=127.0.0.1:8080:8080" in text


def test_an_agent_for_one_appliance_boots_it_and_no_other(tmp_path: Path, ctx: Callable[..., Ended]) -> None:
    declared, agent = tmp_path / "own.yaml", tmp_path / "agent.pyz"
    declared.write_text(BY_NAME["declaration"].text(OWN), encoding="utf-8")
    assert ctx("generate", "agent", "--from", str(declared), "-o", str(agent)).code == 0
    with zipfile.ZipFile(agent) as opened:
        assert not [name for name in opened.namelist() if name.startswith("ctxschema/catalog")]
    (tmp_path / "context.sh").write_text("OWN_TEXT='it is'\n", encoding="utf-8")
    command: list[str | Path] = [sys.executable, "-IS", agent, "--dry-run", "--context", tmp_path / "context.sh"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/", env={})
    assert shlex.split(ended.stdout) == dry_run(OWN, load_context({"OWN_TEXT": "it is"}), GpuFacts).argv
    other = subprocess.run([*command[:3], "flower-supernode"], capture_output=True, text=True, check=False)
    assert other.returncode == 2
    assert "this agent boots own" in other.stderr


def test_there_is_no_agent_for_what_has_no_container(tmp_path: Path, ctx: Callable[..., Ended]) -> None:
    ended = ctx("generate", "agent", "flower-service", "-o", str(tmp_path / "agent.pyz"))
    assert ended.code == 2
    assert not (tmp_path / "agent.pyz").exists()


def test_the_script_names_the_file_that_can_be_sourced(tmp_path: Path) -> None:
    """What the server writes is sourced without running anything, as the head of the script says."""
    text = BY_NAME["docker-run"].text(get_appliance("flower-supernode"))
    (command,) = re.findall(r"`(set -a; \. \S+)`", text)
    value = "it's $(touch run) `touch run` \\"
    (tmp_path / "context").write_text(write_context_sh({"A": value}))
    script = f"{command.rpartition(' ')[0]} ./context; printenv A"
    ended = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (ended.stdout, (tmp_path / "run").exists()) == (f"{value}\n", False)
    assert "Never source one_env" in text
