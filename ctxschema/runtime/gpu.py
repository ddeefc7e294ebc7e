"""What the machine says about its GPUs, in bounded time."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.runtime.docker_route import docker_route
from ctxschema.runtime.system import Outcome, System

QUERY_SECONDS = 10.0
"""How long nvidia-smi may take: 25 ms on a healthy machine, 1 to 3 s for each GPU at the first contact after a boot."""

DRIVER_VERSION_FILE = "/proc/driver/nvidia/version"
DRIVER_MODULE = "/sys/module/nvidia"

UNKNOWN_FIELD = 2
"""The exit code of nvidia-smi for a field that the driver is too old to know."""

_FIELDS = ("index", "uuid", "name", "memory.total", "driver_version")
_NEWER_FIELDS = ("compute_cap", "mig.mode.current")
_IS_ROW = re.compile(r"[0-9]+,GPU-[0-9a-f-]+\Z", re.ASCII)
_NO_VALUE = re.compile(r"\[.*\]\Z")


@frozen
class Gpu:
    """One row of nvidia-smi; what the driver does not know is empty.

    Args:
        index: Its number, by PCI address.
        uuid: ``GPU-`` and a UUID.
        name: The model.
        memory_mib: Its memory in MiB.
        driver_version: The version of the driver.
        compute_capability: Such as ``9.0``.
        mig_mode: ``Enabled`` or ``Disabled``; empty for a GPU that cannot be cut up.
    """

    index: str
    uuid: str
    name: str
    memory_mib: str
    driver_version: str
    compute_capability: str = ""
    mig_mode: str = ""


@frozen
class GpuFacts:
    """What is known of the GPUs of a machine.

    Args:
        driver_loaded: Whether the NVIDIA kernel driver is loaded.
        nvidia_smi: Whether nvidia-smi answers and names at least one GPU.
        docker_route: Whether Docker can hand a GPU to a container.
        gpus: The GPUs that nvidia-smi names.
        reason: Why a GPU cannot be used, and what to do about it, where something is missing.
    """

    driver_loaded: bool = False
    nvidia_smi: bool = False
    docker_route: bool = True
    gpus: tuple[Gpu, ...] = ()
    reason: str | None = None

    @property
    def usable(self) -> bool:
        """Whether a container could use a GPU."""
        return self.driver_loaded and self.nvidia_smi and self.docker_route


def detect_gpu(system: System, seconds: float = QUERY_SECONDS) -> GpuFacts:
    """Ask the kernel, nvidia-smi and Docker about GPUs.

    The kernel is asked by the names it gives the driver itself, never by a list of modules, in which other drivers
    carry nvidia in their names (gpu.md, section 4).

    Args:
        system: The machine.
        seconds: How long nvidia-smi may take.

    Returns:
        The facts, with the first reason why there is nothing to use. Nothing is ever raised.
    """
    if not driver_loaded(system):
        return GpuFacts(reason="the NVIDIA kernel driver is not loaded; install it, or load it with modprobe nvidia")
    gpus, reason = query_gpus(system, seconds)
    if not gpus:
        return GpuFacts(driver_loaded=True, reason=reason)
    route = docker_route(system)
    return GpuFacts(driver_loaded=True, nvidia_smi=True, docker_route=route.usable, gpus=gpus, reason=route.reason)


def driver_loaded(system: System) -> bool:
    """Say whether the kernel has the NVIDIA driver."""
    return system.exists(DRIVER_VERSION_FILE) or system.exists(DRIVER_MODULE)


def query_gpus(system: System, seconds: float = QUERY_SECONDS) -> tuple[tuple[Gpu, ...], str | None]:
    """Ask nvidia-smi for every GPU.

    Returns:
        The GPUs, or none and the reason.
    """
    outcome = _query(system, (*_FIELDS, *_NEWER_FIELDS), seconds)
    if outcome.code == UNKNOWN_FIELD:
        outcome = _query(system, _FIELDS, seconds)
    # The exit code alone proves nothing, and neither does the output: its errors go to standard output.
    gpus = _rows(outcome.output) if outcome.code == 0 else ()
    return gpus, None if gpus else _reason(outcome, seconds)


def _query(system: System, fields: tuple[str, ...], seconds: float) -> Outcome:
    return system.run(["nvidia-smi", f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"], seconds)


def _rows(output: str) -> tuple[Gpu, ...]:
    rows = []
    for line in output.split("\n"):
        cells = [_NO_VALUE.sub("", cell.strip()) for cell in line.split(",")]
        if len(cells) in {len(_FIELDS), len(_FIELDS) + len(_NEWER_FIELDS)} and _IS_ROW.match(",".join(cells[:2])):
            rows.append(Gpu(*cells))
    return tuple(rows)


def _reason(outcome: Outcome, seconds: float) -> str:
    if outcome.missing:
        return "nvidia-smi is not there; install the driver's own utilities"
    if outcome.timed_out:
        return f"nvidia-smi did not answer within {seconds:g} seconds; the driver hangs, so restart the machine"
    said = " ".join(outcome.output.split())[:200]
    if "version mismatch" in said:
        return f"the driver in the kernel and its library are of two versions; restart the machine ({said})"
    return f"nvidia-smi ended with {outcome.code} and named no GPU: {said or 'it printed nothing'}"
