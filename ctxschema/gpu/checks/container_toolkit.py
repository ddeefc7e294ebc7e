"""Can Docker hand over a GPU? ``ctxschema.machine.docker_route`` describes what ``--gpus`` depends on."""

from __future__ import annotations

from ctxschema.core.outside import version_numbers
from ctxschema.gpu.answers import CONFIGURE, NO_ENGINE, RESTART_DOCKER, SPECIFICATION
from ctxschema.gpu.engine import ask_route, engine_version
from ctxschema.gpu.machine import Found, Machine
from ctxschema.machine.docker_route import CDI_FIRST, DockerRoute
from ctxschema.model.check import Answer, Check, Layer, Status

_TOOLKIT = f"`apt install nvidia-container-toolkit`, {CONFIGURE}, then {RESTART_DOCKER}"
CHECK = Check(
    "container-toolkit",
    Layer.VM,
    "Can Docker hand over a GPU?",
    "the Container Toolkit's hooks on the engine's PATH, CDI specifications, the engine's version; daemon.json only "
    "for features.cdi, because --gpus depends on nothing else there",
    "there is the runtime hook, or from Docker 29.2 on the CDI hook with a specification",
    (
        Answer("hook", Status.PASS, "{path} is there"),
        Answer("cdi", Status.PASS, "{path} and {specification} are there, and Docker {version} uses CDI"),
        Answer(
            "not-installed",
            Status.FAIL,
            "Docker {version} has nothing to hand over a GPU with",
            _TOOLKIT,
        ),
        Answer(
            "too-old",
            Status.FAIL,
            "{specification} is there, and Docker {version} does not read it for --gpus; there is no runtime hook",
            f"`apt install nvidia-container-toolkit` and {RESTART_DOCKER}, or install Docker 29.2 or newer",
        ),
        Answer(
            "switched-off",
            Status.FAIL,
            "CDI is switched off in /etc/docker/daemon.json, and there is no runtime hook",
            f"remove `features.cdi` from /etc/docker/daemon.json, then {RESTART_DOCKER}",
        ),
        Answer(
            "no-hook",
            Status.FAIL,
            "{specification} is there, and neither the CDI hook nor the runtime hook",
            f"`apt install nvidia-container-toolkit-base`, then {RESTART_DOCKER}",
        ),
        Answer(
            "no-specification",
            Status.FAIL,
            "{path} is there, and neither a CDI specification nor the runtime hook",
            f"{SPECIFICATION}, or `systemctl start nvidia-cdi-refresh`",
        ),
        NO_ENGINE,
    ),
)


def probe(machine: Machine) -> Found:
    """Look for what the Docker engine needs for ``--gpus``: the runtime hook, or CDI."""
    if not engine_version(machine):
        yield "no-engine", {}
        return
    route = machine.cached(ask_route)
    path, specification = str(route.runtime_hook or route.cdi_hook), str(route.cdi_specification)
    yield _how(route), {"version": engine_version(machine), "path": path, "specification": specification}


def _how(route: DockerRoute) -> str:
    if route.usable:
        return "hook" if route.runtime_hook else "cdi"
    if not route.cdi_hook and not route.cdi_specification:
        return "not-installed"
    release = version_numbers(route.version)[: len(CDI_FIRST)]
    if not route.cdi_specification:
        return "no-specification" if release >= CDI_FIRST else "not-installed"
    if release < CDI_FIRST:
        return "too-old"
    return "no-hook" if route.cdi_enabled else "switched-off"
