"""CUDA itself, asked in a process of its own: it may hang or crash there, and nvidia-smi works where it does not."""

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
    """What CUDA said.

    Args:
        outcome: How the program ended that asked it; None if below this root there is no library to ask.
        code: What cuInit answered; None if it did not come to that.
        count: How many devices there are.
        closed: How many of them let no program in.
    """

    outcome: Outcome | None = None
    code: int | None = None
    count: int = 0
    closed: int = 0


def ask_cuda_library(machine: Machine) -> CudaAnswer:
    """Initialise CUDA and count its devices, whatever CUDA_VISIBLE_DEVICES says."""
    library = _library(machine)
    if not library:
        return CudaAnswer()
    outcome = machine.run(["python3", "-ISc", CUDA_PROGRAM, library], CUDA_SECONDS)
    answer = next(filter(None, map(_ANSWER.fullmatch, printed_lines(outcome))), None) if outcome.code == 0 else None
    return CudaAnswer(outcome, *map(int, answer.groups())) if answer else CudaAnswer(outcome)


def _library(machine: Machine) -> str:
    """Return what to load: the machine's own library, or what stands below a folder that stands for /."""
    root = machine.system.root.rstrip("/")
    if not root:
        return CUDA_LIBRARY
    folders = [folder for folder in os.environ.get("LD_LIBRARY_PATH", "").split(":") if folder.startswith("/")]
    paths = [f"{folder}/{CUDA_LIBRARY}" for folder in (*folders, *(root + folder for folder in CUDA_FOLDERS))]
    return next(filter(os.path.isfile, paths), "")
