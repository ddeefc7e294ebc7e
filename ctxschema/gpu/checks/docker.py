"""Does Docker answer?"""

from __future__ import annotations

from ctxschema.gpu.answers import RESTART_DOCKER
from ctxschema.gpu.engine import ask_version, engine_version
from ctxschema.gpu.machine import Found, Machine, said
from ctxschema.gpu.values import DOCKER_SECONDS
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "docker",
    Layer.VM,
    "Does Docker answer?",
    "docker version",
    "the engine tells its version",
    (
        Answer("answers", Status.PASS, "Docker {version} answers"),
        Answer(
            "not-found",
            Status.FAIL,
            "docker is not there",
            "install Docker (`apt install docker.io`)",
        ),
        Answer(
            "timeout",
            Status.FAIL,
            "Docker did not answer within {seconds} seconds",
            RESTART_DOCKER,
        ),
        Answer(
            "denied",
            Status.FAIL,
            "Docker lets this user not in: {said}",
            "run it again as root",
        ),
        Answer(
            "silent",
            Status.FAIL,
            "Docker does not answer: {said}",
            "`systemctl start docker`, and read `journalctl -u docker` if that fails",
        ),
    ),
)


def probe(machine: Machine) -> Found:
    """Ask the Docker engine for its version."""
    outcome = machine.cached(ask_version)
    words, version = said(outcome), engine_version(machine)
    if version:
        yield "answers", {"version": version}
    elif outcome.missing:
        yield "not-found", {}
    elif outcome.timed_out:
        yield "timeout", {"seconds": f"{machine.limit(DOCKER_SECONDS):g}"}
    else:
        yield ("denied" if "permission denied" in words else "silent"), {"said": words}
