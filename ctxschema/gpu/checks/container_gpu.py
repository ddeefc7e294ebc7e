"""Does a container reach the GPU? Nothing is downloaded unless that was asked for."""

from __future__ import annotations

import os
import re

from ctxschema.gpu.engine import ask_route, choose_image, engine_version
from ctxschema.gpu.facts import SMI
from ctxschema.gpu.machine import Found, Machine, printed_lines, said
from ctxschema.gpu.rows import rows_of
from ctxschema.gpu.values import CONTAINER_SECONDS, DOCKER_SECONDS, PULL_SECONDS
from ctxschema.machine.system import Outcome

_GPU_LINE = re.compile("GPU [0-9]+:")
_NO_IMAGE = re.compile("no such image|manifest unknown|manifest for|pull access denied", re.IGNORECASE)
_HOOK = re.compile("nvidia-container-cli|hook|CDI")
_REFUSED = 125
_NOT_STARTED = (126, 127)


def probe(machine: Machine) -> Found:
    """See the declaration."""
    if not engine_version(machine):
        yield "no-engine", {}
    elif not machine.once(ask_route).usable:
        yield "no-route", {}
    elif not rows_of(machine):
        yield "no-rows", {}
    elif not (image := machine.once(choose_image)):
        yield "no-image", {}
    else:
        yield _start(machine, image)


def _start(machine: Machine, image: str) -> tuple[str, dict[str, str]]:
    name = f"ctxschema-gpu-check-{os.getpid()}"
    seconds = PULL_SECONDS if machine.pull else CONTAINER_SECONDS
    pull = "missing" if machine.pull else "never"
    # Behind -- an image that begins with a dash is no option.
    options = ["--rm", "--name", name, "--pull", pull, "--network", "none", "--gpus", "all", "--entrypoint", SMI]
    outcome = machine.run(["docker", "run", *options, "--", image, "-L"], seconds)
    details = {"image": image, "code": str(outcome.code), "said": said(outcome)}
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
