"""What the machine says about its GPUs, in bounded time."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.runtime.system import Outcome, System

QUERY_SECONDS = 10.0
"""How long nvidia-smi may take: 25 ms on a healthy machine, 1 to 3 s per GPU at the first contact after a boot."""

DRIVER_VERSION_FILE = "/proc/driver/nvidia/version"
DRIVER_MODULE = "/sys/module/nvidia"

_IS_ROW = re.compile(r"[0-9]+,GPU-[0-9a-f-]+\Z", re.ASCII)
_FIELDS = ("index", "uuid", "name", "memory.total", "driver_version")


@frozen
class Gpu:
    """One row of nvidia-smi. A field that the driver does not know is empty."""

    index: str
    uuid: str
    name: str
    memory_mib: str
    driver_version: str


@frozen
class GpuFacts:
    """What is known of the GPUs of a machine.

    Args:
        driver_loaded: Whether the NVIDIA kernel driver is loaded.
        nvidia_smi: Whether nvidia-smi answers and names at least one GPU.
        gpus: The GPUs that it names.
        reason: Why a GPU cannot be used, and what to do about it, where something is missing.
    """

    driver_loaded: bool = False
    nvidia_smi: bool = False
    gpus: tuple[Gpu, ...] = ()
    reason: str | None = None

    @property
    def usable(self) -> bool:
        """Whether a container could use a GPU."""
        return self.driver_loaded and self.nvidia_smi


def detect_gpu(system: System, seconds: float = QUERY_SECONDS) -> GpuFacts:
    """Ask the kernel and nvidia-smi about GPUs.

    The kernel is asked by the names it gives the driver itself, never by a list of modules, in which other
    drivers carry nvidia in their names (gpu.md, section 4).

    Args:
        system: The machine.
        seconds: How long nvidia-smi may take.

    Returns:
        The facts, with the first reason why there is nothing to use. Nothing is ever raised.
    """
    if not (system.exists(DRIVER_VERSION_FILE) or system.exists(DRIVER_MODULE)):
        return GpuFacts(reason="the NVIDIA kernel driver is not loaded; install it, or load it with modprobe nvidia")
    query = [f"--query-gpu={','.join(_FIELDS)}", "--format=csv,noheader,nounits"]
    outcome = system.run(["nvidia-smi", *query], seconds)
    gpus = _rows(outcome.output) if outcome.code == 0 else ()
    if gpus:
        return GpuFacts(driver_loaded=True, nvidia_smi=True, gpus=gpus)
    return GpuFacts(driver_loaded=True, reason=_reason(outcome, seconds))


def _rows(output: str) -> tuple[Gpu, ...]:
    rows = [[cell.strip() for cell in line.split(",")] for line in output.split("\n")]
    return tuple(Gpu(*row) for row in rows if len(row) == len(_FIELDS) and _IS_ROW.match(f"{row[0]},{row[1]}"))


def _reason(outcome: Outcome, seconds: float) -> str:
    if outcome.missing:
        return "nvidia-smi is not there; install the driver's own utilities"
    if outcome.timed_out:
        return f"nvidia-smi did not answer within {seconds:g} seconds; the driver hangs, so restart the machine"
    said = " ".join(outcome.output.split())[:200]
    return f"nvidia-smi ended with {outcome.code} and named no GPU: {said or 'it printed nothing'}"
