"""The Docker engine for the checks: its version, how it hands over a GPU, and its images."""

from __future__ import annotations

import re

from ctxschema.gpu.machine import Machine, printed_lines
from ctxschema.gpu.values import DOCKER_SECONDS, GOOD_IMAGES, PULLED_IMAGE
from ctxschema.machine.docker_route import DockerRoute, docker_route
from ctxschema.machine.system import Outcome

_VERSION = re.compile(r"[0-9]+\.[0-9]+")
_CUDA = re.compile(r"CUDA_VERSION=([0-9]+\.[0-9]+)")
_REQUIRES = re.compile(r"NVIDIA_REQUIRE_CUDA=cuda>=([0-9]+\.[0-9]+)")


def ask_version(machine: Machine) -> Outcome:
    """Ask the engine for its version."""
    return machine.run(["docker", "version", "--format", "{{.Server.Version}}"], DOCKER_SECONDS)


def engine_version(machine: Machine) -> str:
    """Return the version of the engine, or nothing if it does not answer."""
    outcome = machine.cached(ask_version)
    first = printed_lines(outcome)[0]
    return first if outcome.code == 0 and _VERSION.match(first) else ""


def ask_route(machine: Machine) -> DockerRoute:
    """Look for a way in which the engine could give a container access to a GPU."""
    return docker_route(machine.system, machine.limit(DOCKER_SECONDS))


def choose_image(machine: Machine) -> str:
    """Return the image to start: the given one, the best one on the machine, or one to download if that is allowed.

    It is empty if there is none.
    """
    if machine.image is not None:
        return machine.image
    outcome = machine.run(["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}"], DOCKER_SECONDS)
    images = printed_lines(outcome) if outcome.code == 0 else []
    from fnmatch import fnmatchcase

    fits = (image for pattern in GOOD_IMAGES for image in images if fnmatchcase(image, pattern))
    return next((image for image in fits if "<none>" not in image), PULLED_IMAGE if machine.pull else "")


def cuda_of(machine: Machine, image: str) -> str | None:
    """Return the CUDA version that an image requires; empty if it declares none, None if the image is not there."""
    form = "{{range .Config.Env}}{{println .}}{{end}}"
    outcome = machine.run(["docker", "image", "inspect", "--format", form, "--", image], DOCKER_SECONDS)
    if outcome.code != 0:
        return None
    lines = printed_lines(outcome)
    versions = (match[1] for form in (_CUDA, _REQUIRES) for line in lines if (match := form.match(line)))
    return next(versions, "")
