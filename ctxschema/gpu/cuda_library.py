"""CUDA's own library, called in a separate process, where it may hang or crash. It can fail where nvidia-smi works."""

from __future__ import annotations

import os
import re

from attrs import frozen

from ctxschema.gpu.machine import Machine, printed_lines
from ctxschema.gpu.values import CUDA_FOLDERS, CUDA_LIBRARY, CUDA_PROGRAM, CUDA_SECONDS
from ctxschema.machine.system import Outcome

_ANSWER = re.compile("cuda ([0-9]+) ([0-9]+) ([0-9]+)")


@frozen
class CudaAnswer:
    """The answer of CUDA's library.

    Args:
        outcome: The result of the program that called it; None if there is no library below this root.
        code: The return value of cuInit; None if it was not reached.
        count: The number of devices.
        closed: The number of devices that are in compute mode Prohibited.
    """

    outcome: Outcome | None = None
    code: int | None = None
    count: int = 0
    closed: int = 0


def ask_cuda_library(machine: Machine) -> CudaAnswer:
    """Initialise CUDA and count its devices, ignoring CUDA_VISIBLE_DEVICES."""
    library = _library(machine)
    if not library:
        return CudaAnswer()
    outcome = machine.run(["python3", "-ISc", CUDA_PROGRAM, library], CUDA_SECONDS)
    answer = next(filter(None, map(_ANSWER.fullmatch, printed_lines(outcome))), None) if outcome.code == 0 else None
    return CudaAnswer(outcome, *map(int, answer.groups())) if answer else CudaAnswer(outcome)


def _library(machine: Machine) -> str:
    """Return the library to load: by name on the machine itself, or its path below another root."""
    root = machine.system.root.rstrip("/")
    if not root:
        return CUDA_LIBRARY
    folders = [folder for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":") if folder.startswith("/")]
    paths = [f"{folder}/{CUDA_LIBRARY}" for folder in (*folders, *(root + folder for folder in CUDA_FOLDERS))]
    return next(filter(os.path.isfile, paths), "")
