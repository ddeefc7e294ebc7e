"""How Docker would give a container access to a GPU, and whether it can.

``--gpus`` does not depend on daemon.json. Up to 29.1 it needs nvidia-container-runtime-hook on the daemon's PATH; from
29.2 on it uses CDI if nvidia-cdi-hook and a specification exist, and otherwise the runtime hook. Source:
docs/facts/gpu.md, sections 1 and 6.
"""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.core.outside import json_value, version_numbers
from ctxschema.machine.system import Outcome, System

DAEMON_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""The folders in which the daemon looks for its helpers: the PATH that systemd gives a service."""

RUNTIME_HOOK = "nvidia-container-runtime-hook"
CDI_HOOK = "nvidia-cdi-hook"
CDI_FOLDERS = ("/etc/cdi", "/var/run/cdi", "/run/cdi")
CDI_FIRST = (29, 2)
"""Since this version of the engine ``--gpus`` tries CDI first."""
CDI_BY_DEFAULT = (28, 2)
"""Since this version of the engine CDI is on unless daemon.json switches it off."""

VERSION_SECONDS = 5.0
"""The time limit for asking the daemon for its version, in seconds; a healthy machine takes 17 ms."""

_VERSION = re.compile(r"([0-9]+)\.([0-9]+)")


@frozen
class DockerRoute:
    """What Docker could use to give a container access to a GPU.

    Args:
        version: The version of the engine; empty if it does not answer.
        runtime_hook: The path of nvidia-container-runtime-hook, if it exists.
        cdi_hook: The path of nvidia-cdi-hook, if it exists.
        cdi_specification: The path of a CDI specification for NVIDIA GPUs, if there is one.
        cdi_enabled: Whether the engine reads CDI specifications.
        reason: Why ``--gpus`` cannot work, and what to do about it; None if it can.
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
    """Ask the engine for its version and look for the hooks and specifications. Raises nothing.

    Args:
        system: The machine.
        seconds: The time limit for the engine.
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
    """Return why the engine did not report its version, and what to do about it."""
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
