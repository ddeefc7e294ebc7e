"""Flower's own programs, of the default release and of the newest, read the arguments that we give them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from ctxschema import Appliance, GpuFacts, decide_gpu, docker_arguments, get_appliance, load_context, validate
from ctxschema.catalog.flower import (
    FL_CONTROL_API_ADDRESS,
    FL_DATABASE,
    FL_FLEET_API_ADDRESS,
    FL_ISOLATION,
    FL_MAX_RETRIES,
    FL_MAX_WAIT_TIME,
    FL_TLS_ENABLED,
    FLOWER_VERSION,
)
from ctxschema.catalog.flower.container import ONE_LISTENER
from ctxschema.context.values import Values
from ctxschema.model.node_config import NODE_CONFIG
from ctxschema.testing import contexts
from tests.conftest import ROOT
from tests.pem import CERTIFICATE, PRIVATE_KEY

NODE, LINK = get_appliance("flower-supernode"), get_appliance("flower-superlink")
WHEELS = sorted((ROOT / ".venv/flower").glob("flwr-*.whl"))
TLS = {"FL_TLS_ENABLED": "YES", "FL_SSL_CERTFILE": CERTIFICATE, "FL_SSL_KEYFILE": PRIVATE_KEY}


class Programs:
    """The programs of one release."""

    def __init__(self, wheel: Path) -> None:
        found = re.match(r"flwr-([0-9.]+)-", wheel.name)
        assert found
        self.release = found[1]
        self.process = subprocess.Popen(
            [sys.executable, "-I", ROOT / "tests/flower_programs.py", wheel],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def read(self, program: str, arguments: list[str]) -> dict[str, Any]:
        """Return the values that a program's parser makes of arguments."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps([program, arguments]), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer["error"][-2000:]
        values: dict[str, Any] = answer["values"]
        return values


@pytest.fixture(
    scope="module",
    params=list[Path | None](WHEELS) or [None],
    ids=lambda wheel: wheel.name.split("-")[1] if wheel else "none",
)
def flower(request: pytest.FixtureRequest) -> Iterator[Programs]:
    if request.param is None:
        pytest.skip("Flower's wheels are not there; make test fetches them")
    programs = Programs(request.param)
    yield programs
    programs.process.kill()
    programs.process.wait()
    programs.process.stdin.close()  # type: ignore[union-attr]
    programs.process.stdout.close()  # type: ignore[union-attr]


def arguments(flower: Programs, appliance: Appliance, **context: str) -> tuple[list[str], Values]:
    """Return what stands behind the image, and the values that it comes from."""
    values = validate(appliance, load_context({**context, FLOWER_VERSION.name: flower.release})).values
    argv = docker_arguments(appliance, values, decide_gpu(values, GpuFacts()), superlink_address="10.0.0.9:9092")
    image = next(index for index, word in enumerate(argv) if word.startswith("flwr/"))
    return argv[image + 1 :], values


def test_there_are_two_releases(flower: Programs) -> None:
    del flower
    assert any(f"flwr-{FLOWER_VERSION.default}-" in wheel.name for wheel in WHEELS)
    assert len(WHEELS) >= 2


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"FL_MAX_RETRIES": "3", "FL_MAX_WAIT_TIME": "60", "FL_ISOLATION": "process"},
        {"FL_TLS_ENABLED": "YES", "FL_SSL_CA_CERTFILE": CERTIFICATE},
        {"FL_TLS_ENABLED": "YES"},
        {"FL_NODE_CONFIG": 'partition-id=0 site="north a" -x=1'},
        {"FL_SUPERLINK_ADDRESS": "[2001:db8::1]:9092"},
    ],
)
def test_a_supernode(flower: Programs, context: dict[str, str]) -> None:
    words, values = arguments(flower, NODE, **context)
    read = flower.read("supernode", words)
    assert read["superlink"] == (context.get("FL_SUPERLINK_ADDRESS") or "10.0.0.9:9092")
    assert read["insecure"] is not values[FL_TLS_ENABLED]
    assert bool(read["root_certificates"]) == ("FL_SSL_CA_CERTFILE" in context)
    assert read["isolation"] == values[FL_ISOLATION]
    # None is no limit to Flower, and 0 would be none at all.
    assert read["max_retries"] == (values[FL_MAX_RETRIES] or None)
    assert read["max_wait_time"] == (values[FL_MAX_WAIT_TIME] or None)
    if "FL_NODE_CONFIG" in context:
        assert read["node_config"] == {"partition-id": 0, "site": "north a", "-x": 1}


@pytest.mark.parametrize(
    "context",
    [
        {},
        TLS,
        {"FL_DATABASE": "state/other.db", "FL_ISOLATION": "process"},
        {"FL_FLEET_API_ADDRESS": "0.0.0.0:19092", "FL_CONTROL_API_ADDRESS": "127.0.0.1:19093"},
        {"FL_FLEET_API_ADDRESS": "[::]:9092"},
    ],
)
def test_a_superlink(flower: Programs, context: dict[str, str]) -> None:
    words, values = arguments(flower, LINK, **context)
    read = flower.read("superlink", words)
    assert (read["database"], read["isolation"]) == (values[FL_DATABASE], values[FL_ISOLATION])
    assert read["insecure"] is not values[FL_TLS_ENABLED]
    certificates = [read[f"ssl_{name}"] for name in ("ca_certfile", "certfile", "keyfile")]
    expected = [f"/app/certs/{name}" for name in ("ca.crt", "server.crt", "server.key")]
    assert certificates == (expected if values[FL_TLS_ENABLED] else [None] * 3)
    fleet, control = values[FL_FLEET_API_ADDRESS], values[FL_CONTROL_API_ADDRESS]
    inside = "[::]" if fleet.startswith("[") else "0.0.0.0"
    port = fleet.rpartition(":")[2]
    if ONE_LISTENER.holds(values):
        assert (read["host"], str(read["port"])) == (inside.strip("[]"), port)
    else:
        assert read["fleet_api_address"] == f"{inside}:{port}"
        assert read["control_api_address"] == f"0.0.0.0:{control.rpartition(':')[2]}"


@given(context=contexts(NODE))
def test_whatever_passes_our_checks_passes_the_supernodes(flower: Programs, context: dict[str, str]) -> None:
    result = validate(NODE, load_context(context))
    if result.ok:
        flower.read("supernode", arguments(flower, NODE, **context)[0])


@given(context=contexts(LINK))
def test_whatever_passes_our_checks_passes_the_superlinks(flower: Programs, context: dict[str, str]) -> None:
    result = validate(LINK, load_context(context))
    if result.ok:
        flower.read("superlink", arguments(flower, LINK, **context)[0])


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("a=1 b=2.5", {"a": 1, "b": 2.5}),
        ("a=\"x y\" b='z'", {"a": "x y", "b": "z"}),
        ("a=true\nb=0x10", {"a": True, "b": 16}),
        ("a=text", None),
        ("a=True", None),
        ("a=1,b=2", None),
        ("a", None),
        ("a = 1", None),
        ("a=10.0.0.1", None),
        ("a=1 a=2", None),
        ("x.toml", None),
        ("a=[1,2]", None),
    ],
)
def test_node_config_is_read_as_flower_reads_it(flower: Programs, value: str, meant: dict[str, Any] | None) -> None:
    """What Flower refuses or drops, we refuse; what we take, it reads as it was meant."""
    assert (NODE_CONFIG.problem(value) is None) == (meant is not None)
    if meant is not None:
        assert flower.read("supernode", ["--insecure", f"--node-config={value}"])["node_config"] == meant
