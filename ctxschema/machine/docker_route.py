"""How Docker would hand a GPU to a container, and whether it can.

``--gpus`` does not depend on daemon.json: up to 29.1 it needs nvidia-container-runtime-hook on the daemon's PATH, from
29.2 on it goes through CDI where nvidia-cdi-hook and a specification are there, and falls back to the hook. Source:
facts/gpu.md, sections 1 and 6.
"""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.core.outside import json_value, version_numbers
from ctxschema.machine.system import Outcome, System

DAEMON_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""Where the daemon looks for its helpers: the PATH that systemd gives a service."""

RUNTIME_HOOK = "nvidia-container-runtime-hook"
CDI_HOOK = "nvidia-cdi-hook"
CDI_FOLDERS = ("/etc/cdi", "/var/run/cdi", "/run/cdi")
CDI_FIRST = (29, 2)
"""From this engine on ``--gpus`` tries CDI first."""
CDI_BY_DEFAULT = (28, 2)
"""From this engine on CDI is on unless daemon.json switches it off."""

VERSION_SECONDS = 5.0
"""How long the daemon may take to tell its version; 17 ms on a healthy machine."""

_VERSION = re.compile(r"([0-9]+)\.([0-9]+)")


@frozen
class DockerRoute:
    """What Docker has to hand over a GPU with.

    Args:
        version: The engine's version; empty if it does not answer.
        runtime_hook: Where the runtime hook stands, if it is there.
        cdi_hook: Where the CDI hook stands, if it is there.
        cdi_specification: A specification for NVIDIA GPUs, if there is one.
        cdi_enabled: Whether the engine reads specifications.
        reason: Why there is no route, and what to do about it.
    """

    version: str = ""
    runtime_hook: str | None = None
    cdi_hook: str | None = None
    cdi_specification: str | None = None
    cdi_enabled: bool = False
    reason: str | None = None

    @property
    def usable(self) -> bool:
        """Whether ``--gpus`` can work."""
        return self.reason is None


def docker_route(system: System, seconds: float = VERSION_SECONDS) -> DockerRoute:
    """Ask the engine for its version and look at what stands on the disk; nothing is ever raised.

    Args:
        system: The machine.
        seconds: How long the engine may take.
    """
    outcome = system.run(["docker", "version", "--format", "{{.Server.Version}}"], seconds)
    match = _VERSION.match(outcome.answer.strip())
    if outcome.code != 0 or match is None:
        return DockerRoute(reason=no_engine(outcome, seconds))
    release = version_numbers(match[0])[:2]
    route = DockerRoute(
        outcome.answer.strip(),
        system.find_program(RUNTIME_HOOK, DAEMON_PATH),
        system.find_program(CDI_HOOK, DAEMON_PATH),
        _specification(system),
        release >= CDI_BY_DEFAULT and _cdi_wanted(system),
    )
    through_cdi = release >= CDI_FIRST and route.cdi_enabled and route.cdi_hook and route.cdi_specification
    if route.runtime_hook or through_cdi:
        return route
    return DockerRoute(
        route.version,
        None,
        route.cdi_hook,
        route.cdi_specification,
        route.cdi_enabled,
        f"Docker {route.version} has nothing to hand over a GPU with: install the NVIDIA Container Toolkit, run "
        "nvidia-ctk runtime configure --runtime=docker, and restart Docker",
    )


def no_engine(outcome: Outcome, seconds: float) -> str:
    """Return why the engine did not tell its version, and what to do about it."""
    if outcome.missing:
        return "the docker program is not there; install Docker"
    if outcome.timed_out:
        return f"Docker did not answer within {seconds:g} seconds; restart it with systemctl restart docker"
    return f"Docker does not answer: {outcome.said}"


def _specification(system: System) -> str | None:
    for folder in CDI_FOLDERS:
        for name in system.names(folder) or ():
            path = f"{folder}/{name}"
            if name.endswith((".yaml", ".json")) and "nvidia.com/gpu" in (system.read(path) or ""):
                return path
    return None


def _cdi_wanted(system: System) -> bool:
    try:
        features = json_value(system.read("/etc/docker/daemon.json") or "{}").get("features", {})
    except (ValueError, AttributeError):
        return True
    return not (isinstance(features, dict) and features.get("cdi") is False)
