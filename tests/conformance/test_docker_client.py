"""The real ``docker`` client takes our arguments, and sends the engine what we mean, field by field.

Both the client of this machine and the one that ``make test`` fetches; without either these tests skip, and the
recorded probes stand in.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ctxschema import GpuFacts, decide_gpu, docker_arguments, get_appliance, load_context, validate
from ctxschema.boot.container import plan_beside
from ctxschema.boot.known import Known
from tests.conftest import FROM_DEBIAN, probes
from tests.docker_engine import Engine, engine
from tests.machine import ADDRESS, NODE, Machine
from tests.pem import CERTIFICATE, PRIVATE_KEY

CLIENTS = [path for path in (shutil.which("docker"), shutil.which("docker", path=FROM_DEBIAN)) if path]
GPU = GpuFacts(driver_loaded=True, nvidia_smi=True)


def planned(name: str, facts: GpuFacts = GPU, **context: str) -> list[str]:
    appliance = get_appliance(name)
    values = validate(appliance, load_context({**(ADDRESS if name == NODE else {}), **context})).values
    return docker_arguments(appliance, values, decide_gpu(values, facts))


@pytest.fixture(params=[*CLIENTS, *([] if CLIENTS else [None])])
def served(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    if request.param is None:
        pytest.skip("no docker client on this machine")
    monkeypatch.setenv("PATH", f"{os.path.dirname(request.param)}:{os.environ['PATH']}")
    with tempfile.TemporaryDirectory() as folder, engine(Path(folder) / "engine.sock") as made:
        monkeypatch.setenv("DOCKER_HOST", made.host)
        yield made


def client(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DOCKER_HOST": os.environ["DOCKER_HOST"], "HOME": "/nonexistent"}
    return subprocess.run(arguments, capture_output=True, text=True, env=environment, check=False, timeout=30)


def sent(served: Engine, arguments: list[str]) -> dict[str, Any]:
    """Return how what the client sends differs from a container without any option, and check that it started."""
    plain = client("docker", "create", "--name", "plain", "image")
    assert plain.returncode == 0, plain.stderr
    ended = client(*arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    name = arguments[arguments.index("--name") + 1]
    assert served.running == [name]
    found = dict(differences(served.created["plain"], served.created[name]))
    # The client keeps these as sets, and sends them in any order.
    return {key: sorted(value) if key in {"Env", "HostConfig.Binds"} else value for key, value in found.items()}


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() | after.keys():
            yield from differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif before != after:
        yield path, after


DETACHED = {"AttachStdout": False, "AttachStderr": False}
HARDENED = {"HostConfig.CapDrop": ["ALL"], "HostConfig.SecurityOpt": ["no-new-privileges"]}
RESTARTED = {"HostConfig.RestartPolicy.Name": "unless-stopped"}
ALL_GPUS = [{"Driver": "", "Count": -1, "DeviceIDs": None, "Capabilities": [["gpu"]], "Options": {}}]
NODE_SETTINGS = [
    *("FLWR_LOG_LEVEL=INFO", "FL_GRPC_KEEPALIVE_TIME=60", "FL_GRPC_KEEPALIVE_TIMEOUT=20"),
    *("ML_FRAMEWORK=pytorch", "FL_USE_CASE=none", "FL_LOG_FORMAT=text"),
]
GPU_SETTINGS = ["CUDA_DEVICE_ORDER=PCI_BUS_ID", "FL_GPU_MEMORY_FRACTION=0.8", "CUDA_VISIBLE_DEVICES=0,1"]


def test_a_supernode_on_its_cpu(served: Engine) -> None:
    value = "a=1 name=\"a b\" c='$(id) `x`'"
    assert sent(served, planned(NODE, FL_NODE_CONFIG=value, FL_TLS_ENABLED="NO")) == {
        **DETACHED,
        **HARDENED,
        **RESTARTED,
        "Image": "flwr/supernode:1.25.0",
        "Env": sorted(NODE_SETTINGS),
        "HostConfig.Binds": ["/opt/flower/data:/app/data:ro"],
        "Cmd": [
            *("--insecure", "--superlink", "10.0.0.1:9092", "--isolation", "subprocess", f"--node-config={value}"),
        ],
    }


def test_a_supernode_with_chosen_gpus_and_tls(served: Engine) -> None:
    found = sent(
        served,
        planned(
            NODE,
            FL_GPU_ENABLED="YES",
            FL_CUDA_VISIBLE_DEVICES="0,1",
            FL_TLS_ENABLED="YES",
            FL_SSL_CA_CERTFILE=CERTIFICATE,
        ),
    )
    assert found == {
        **DETACHED,
        **HARDENED,
        **RESTARTED,
        "Image": "flwr/supernode:1.25.0-py3.13-ubuntu24.04",
        "Env": sorted([*NODE_SETTINGS, *GPU_SETTINGS]),
        "HostConfig.Binds": ["/opt/flower/certs:/app/certs:ro", "/opt/flower/data:/app/data:ro"],
        "HostConfig.DeviceRequests": ALL_GPUS,
        "Cmd": [
            *("--root-certificates", "/app/certs/ca.crt", "--superlink", "10.0.0.1:9092", "--isolation", "subprocess"),
        ],
    }


def test_a_superlink_with_everything(served: Engine) -> None:
    found = sent(
        served,
        planned(
            "flower-superlink",
            FL_TLS_ENABLED="YES",
            FL_SSL_CERTFILE=CERTIFICATE,
            FL_SSL_KEYFILE=PRIVATE_KEY,
            FL_CHECKPOINT_ENABLED="YES",
            FL_METRICS_ENABLED="YES",
            FL_CONTROL_API_ADDRESS="127.0.0.2:9093",
        ),
    )
    assert [setting for setting in found.pop("Env") if "PRIVATE" in setting] == []
    assert found == {
        **DETACHED,
        **HARDENED,
        **RESTARTED,
        "Image": "flwr/superlink:1.25.0",
        "ExposedPorts": {"9092/tcp": {}, "9093/tcp": {}, "9101/tcp": {}},
        "HostConfig.PortBindings.9092/tcp": [{"HostIp": "127.0.0.1", "HostPort": "9092"}],
        "HostConfig.PortBindings.9093/tcp": [{"HostIp": "127.0.0.2", "HostPort": "9093"}],
        "HostConfig.PortBindings.9101/tcp": [{"HostIp": "127.0.0.1", "HostPort": "9101"}],
        "HostConfig.Binds": [
            "/opt/flower/certs:/app/certs:ro",
            "/opt/flower/checkpoints:/app/checkpoints:rw",
            "/opt/flower/state:/app/state:rw",
        ],
        "Cmd": [
            *("--ssl-ca-certfile", "/app/certs/ca.crt", "--ssl-certfile", "/app/certs/server.crt"),
            *("--ssl-keyfile", "/app/certs/server.key", "--isolation", "subprocess", "--database", "state/state.db"),
            *("--fleet-api-address", "0.0.0.0:9092", "--control-api-address", "0.0.0.0:9093"),
        ],
    }


def test_without_hardening_nothing_is_taken_away(served: Engine) -> None:
    values = validate(get_appliance(NODE), load_context(ADDRESS)).values
    arguments = docker_arguments(get_appliance(NODE), values, decide_gpu(values, GPU), hardened=False)
    assert not sent(served, arguments).keys() & HARDENED.keys()


def test_the_exporter_of_gpu_metrics(served: Engine) -> None:
    appliance = get_appliance(NODE)
    values = validate(appliance, load_context({"FL_GPU_ENABLED": "YES", "FL_DCGM_ENABLED": "YES"})).values
    decision = decide_gpu(values, GPU)
    ((_, exporter),) = plan_beside(Known(appliance, values, decision.facts), decision)
    assert exporter
    found = sent(served, exporter.arguments())
    assert found["HostConfig.DeviceRequests"] == ALL_GPUS
    assert found["HostConfig.CapAdd"] in (["SYS_ADMIN"], ["CAP_SYS_ADMIN"])  # clients differ, and engines take both
    assert found["HostConfig.PortBindings.9400/tcp"] == [{"HostIp": "127.0.0.1", "HostPort": "9400"}]


@pytest.mark.parametrize("refuses", ["", 'could not select device driver "" with capabilities: [[gpu]]'])
def test_the_agent_boots_through_the_real_client(served: Engine, tmp_path: Path, refuses: str) -> None:
    """The whole boot: the env file is read by the client itself, and a refused GPU is a second start without it."""
    served.refuses_gpu = refuses
    machine = Machine.make(tmp_path, gpu=True).context(**ADDRESS, FL_GPU_ENABLED="YES", FL_USE_CASE="llm-fine-tuning")
    (machine.folder / "bin/docker").unlink()
    docker = shutil.which("docker")
    assert docker
    (machine.folder / "bin/docker").symlink_to(docker)
    report = machine.boot()
    assert report.ok, report.findings
    assert report.as_dict()["gpu"]["available"] == (not refuses)
    body = served.created[NODE]
    assert body["HostConfig"]["DeviceRequests"] == (None if refuses else ALL_GPUS)
    assert "FL_USE_CASE=llm-fine-tuning" in body["Env"]
    assert served.running == [NODE]


def test_every_option_that_we_use_is_one_that_the_recorded_client_took() -> None:
    recorded = {option for probe in probes("docker-client-probes.json") if not probe["rc"] for option in probe["argv"]}
    assert recorded
    for arguments in (planned(NODE, FL_GPU_ENABLED="YES", FL_CUDA_VISIBLE_DEVICES="0"), planned("flower-superlink")):
        image = next(index for index, word in enumerate(arguments) if word.startswith("flwr/"))
        assert {word for word in arguments[:image] if word.startswith("-")} <= recorded
