"""Does a container reach the GPU? Nothing is downloaded unless that was asked for."""

from __future__ import annotations

import os
import re

from ctxschema.gpu.answers import CONFIGURE, NO_ENGINE, NO_IMAGE, RESTART_DOCKER, SPECIFICATION
from ctxschema.gpu.engine import ask_route, choose_image, engine_version
from ctxschema.gpu.machine import Found, Machine, exit_code, printed_lines, said
from ctxschema.gpu.smi import SMI, gpus_of
from ctxschema.gpu.values import CONTAINER_SECONDS, DOCKER_SECONDS, PULL_SECONDS
from ctxschema.machine.system import Outcome
from ctxschema.model.check import Answer, Check, Layer, Status

_NOT_THERE = Answer(
    "not-there",
    Status.FAIL,
    "the image {image} is not there",
    "`docker pull {image}`, or add `--pull`",
)
CHECK = Check(
    "container-gpu",
    Layer.VM,
    "Does a container reach the GPU?",
    "nvidia-smi -L in a container without a network, from an image that is there",
    "it ends with 0 and names at least one GPU",
    (
        Answer("reaches", Status.PASS, "GPUs that nvidia-smi names in a container of {image}: {count}"),
        Answer(
            "refused",
            Status.FAIL,
            "Docker could not start a container of {image} with a GPU: {said}",
            f"{CONFIGURE}, then {RESTART_DOCKER}",
        ),
        Answer(
            "no-program",
            Status.FAIL,
            "nvidia-smi does not start in a container of {image}: {said}",
            "use an image with glibc, such as `flwr/supernode:<version>-py3.13-ubuntu24.04`; the plain tags are Alpine",
        ),
        Answer(
            "blind",
            Status.FAIL,
            "nvidia-smi in a container of {image} ended with {code} and named no GPU: {said}",
            f"{SPECIFICATION} if CDI is used, else {CONFIGURE}, then {RESTART_DOCKER}",
        ),
        Answer(
            "timeout",
            Status.FAIL,
            "a container of {image} did not answer within {seconds} seconds",
            "`nvidia-smi` on the virtual machine itself; if that hangs, too, restart the machine",
        ),
        Answer("no-route", Status.SKIP, "Docker cannot hand over a GPU"),
        Answer("no-rows", Status.SKIP, "nvidia-smi names no GPU on the virtual machine itself"),
        NO_ENGINE,
        NO_IMAGE,
        _NOT_THERE,
    ),
    needs_container=True,
)


_GPU_LINE = re.compile("GPU [0-9]+:")
_NO_IMAGE = re.compile("no such image|manifest unknown|manifest for|pull access denied", re.IGNORECASE)
_HOOK = re.compile("nvidia-container-cli|hook|CDI")
_REFUSED = 125
_NOT_STARTED = (126, 127)


def probe(machine: Machine) -> Found:
    """Start a container with all GPUs and compare what nvidia-smi lists in it with what it lists outside."""
    if not engine_version(machine):
        yield "no-engine", {}
    elif not machine.cached(ask_route).usable:
        yield "no-route", {}
    elif not gpus_of(machine):
        yield "no-rows", {}
    elif not (image := machine.cached(choose_image)):
        yield "no-image", {}
    else:
        yield _start(machine, image)


def _start(machine: Machine, image: str) -> tuple[str, dict[str, str]]:
    name = f"ctxschema-gpu-check-{os.getpid()}"
    seconds = PULL_SECONDS if machine.pull else CONTAINER_SECONDS
    pull = "missing" if machine.pull else "never"
    # After "--" an image whose name begins with a dash is not taken for an option.
    options = ["--rm", "--name", name, "--pull", pull, "--network", "none", "--gpus", "all", "--entrypoint", SMI]
    outcome = machine.run(["docker", "run", *options, "--", image, "-L"], seconds)
    details = {"image": image, "code": exit_code(outcome), "said": said(outcome)}
    if outcome.timed_out:
        machine.run(["docker", "rm", "-f", name], DOCKER_SECONDS)
        return "timeout", {"image": image, "seconds": f"{machine.limit(seconds):g}"}
    count = sum(_GPU_LINE.match(line) is not None for line in printed_lines(outcome))
    return _judged(outcome, details["said"], count), {**details, "count": str(count)}


def _judged(outcome: Outcome, words: str, count: int) -> str:
    if outcome.code == 0 and count:
        return "reaches"
    if outcome.code == _REFUSED:
        return "not-there" if _NO_IMAGE.search(words) else "refused"
    if outcome.code in _NOT_STARTED:
        return "refused" if _HOOK.search(words) else "no-program"
    return "no-program" if "no such file or directory" in words else "blind"
