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
            "docker: command not found",
            "Docker is not installed",
            ("docker: command not found", "docker: not found"),
        ),
        Answer(
            "timeout",
            Status.FAIL,
            "Docker did not answer within {seconds} seconds",
            RESTART_DOCKER,
            "docker commands hang",
            "the engine hangs",
        ),
        Answer(
            "denied",
            Status.FAIL,
            "Docker lets this user not in: {said}",
            "run it again as root",
            "permission denied while trying to connect to the Docker daemon socket",
            "the user is not root and not in the group docker",
            ("permission denied while trying to connect", "dial unix /var/run/docker.sock: connect: permission denied"),
        ),
        Answer(
            "silent",
            Status.FAIL,
            "Docker does not answer: {said}",
            "`systemctl start docker`, and read `journalctl -u docker` if that fails",
            "Cannot connect to the Docker daemon",
            "the engine does not run",
            (
                "Cannot connect to the Docker daemon",
                "Is the docker daemon running",
                "failed to connect to the docker API",
            ),
        ),
    ),
)


def probe(machine: Machine) -> Found:
    """See the declaration."""
    outcome = machine.once(ask_version)
    words, version = said(outcome), engine_version(machine)
    if version:
        yield "answers", {"version": version}
    elif outcome.missing:
        yield "not-found", {}
    elif outcome.timed_out:
        yield "timeout", {"seconds": f"{machine.limit(DOCKER_SECONDS):g}"}
    else:
        yield ("denied" if "permission denied" in words else "silent"), {"said": words}
