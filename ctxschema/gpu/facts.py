"""What the machine says about its GPUs, in bounded time."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.machine.docker_route import docker_route
from ctxschema.machine.system import Outcome, System

QUERY_SECONDS = 10.0
"""How long nvidia-smi may take: 25 ms on a healthy machine, 1 to 3 s for each GPU at the first contact after a boot."""

LATER_SHARE = 0.8
"""Of that time, what a later attempt gets: a hung nvidia-smi costs a boot less than 20 seconds altogether."""

SMI = "nvidia-smi"

DRIVER_VERSION_FILE = "/proc/driver/nvidia/version"
DRIVER_MODULE = "/sys/module/nvidia"

_PCI = "/sys/bus/pci/devices"
_NVIDIA = "0x10de"
_GPU_CLASSES = ("0x0300", "0x0302")
"""VGA and 3D controllers, by the upper two of the three bytes."""

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
        silent: The programs that did not answer in their time, which nobody needs to ask again.
    """

    driver_loaded: bool = False
    nvidia_smi: bool = False
    docker_route: bool = True
    gpus: tuple[Gpu, ...] = ()
    reason: str | None = None
    silent: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether a container could use a GPU."""
        return self.driver_loaded and self.nvidia_smi and self.docker_route


def detect_gpu(system: System, seconds: float = QUERY_SECONDS, attempts: int = 1) -> GpuFacts:
    """Ask the kernel, nvidia-smi and Docker about GPUs.

    The kernel is asked by the names it gives the driver itself, never by a list of modules, in which other drivers
    carry nvidia in their names (gpu.md, section 4).

    Args:
        system: The machine.
        seconds: How long nvidia-smi may take.
        attempts: How often it is asked when it does not answer in time; the first contact with many GPUs takes long.

    Returns:
        The facts, with the first reason why there is nothing to use. Nothing is ever raised.
    """
    if not driver_loaded(system):
        return GpuFacts(reason=_no_driver(system))
    gpus, reason, hung = query_gpus(system, seconds, attempts)
    if not gpus:
        return GpuFacts(driver_loaded=True, reason=reason, silent=(SMI,) if hung else ())
    route = docker_route(system)
    return GpuFacts(driver_loaded=True, nvidia_smi=True, docker_route=route.usable, gpus=gpus, reason=route.reason)


def _no_driver(system: System) -> str:
    """Return why there is no driver, by what stands on the PCI bus."""
    absent = "the NVIDIA kernel driver is not loaded"
    on_the_bus = pci_gpus(system)
    if on_the_bus is None:
        return f"{absent}; install it, or load it with modprobe nvidia"
    if not on_the_bus:
        return f"{absent}, and no NVIDIA GPU is on the PCI bus; add a PCI section for one to the VM's template"
    address, driver = next(iter(on_the_bus.items()))
    if driver:
        return f"{absent}: the driver {driver} holds the GPU at {address}; block {driver} and load nvidia"
    return f"{absent} for the GPU at {address}; install it, or load it with modprobe nvidia"


def pci_gpus(system: System) -> dict[str, str | None] | None:
    """Return the NVIDIA GPUs on the PCI bus with the driver that holds each, or None if the bus cannot be read."""
    addresses = system.names(_PCI)
    if addresses is None:
        return None
    found = {}
    for address in addresses:
        folder = f"{_PCI}/{address}"
        graphics = (system.read(f"{folder}/class") or "").startswith(_GPU_CLASSES)
        if graphics and system.read(f"{folder}/vendor") == _NVIDIA:
            found[address] = system.link(f"{folder}/driver")
    return found


def driver_loaded(system: System) -> bool:
    """Say whether the kernel has the NVIDIA driver."""
    return system.exists(DRIVER_VERSION_FILE) or system.exists(DRIVER_MODULE)


def query_gpus(
    system: System, seconds: float = QUERY_SECONDS, attempts: int = 1
) -> tuple[tuple[Gpu, ...], str | None, bool]:
    """Ask nvidia-smi for every GPU; see `detect_gpu`.

    Returns:
        The GPUs, or none and the reason; and whether it did not answer in its time.
    """
    outcome = _query(system, (*_FIELDS, *_NEWER_FIELDS), seconds)
    while outcome.timed_out and attempts > 1:
        attempts -= 1
        # The driver has had all that time already to come up.
        outcome = _query(system, (*_FIELDS, *_NEWER_FIELDS), seconds * LATER_SHARE)
    if outcome.code == UNKNOWN_FIELD:
        outcome = _query(system, _FIELDS, seconds)
    # The exit code alone proves nothing, and neither does the output: its errors go to standard output.
    gpus = _rows(outcome.answer) if outcome.code == 0 else ()
    return gpus, None if gpus else _reason(outcome, seconds), outcome.timed_out


def _query(system: System, fields: tuple[str, ...], seconds: float) -> Outcome:
    return system.run([SMI, f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"], seconds)


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
        return f"nvidia-smi did not answer within {seconds:.3g} seconds; the driver hangs, so restart the machine"
    if "version mismatch" in outcome.output:
        return f"the driver in the kernel and its library are of two versions; restart the machine ({outcome.said})"
    if outcome.code:
        return f"nvidia-smi failed and ended with {outcome.code}: {outcome.said}"
    return f"nvidia-smi ended with 0 and named no GPU: {outcome.said}"
