"""Facts about the GPUs of a machine, collected within a time limit for the decision and the checks."""

from __future__ import annotations

import contextlib

from attrs import evolve, frozen

from ctxschema.gpu.checks import cuda_init
from ctxschema.gpu.cuda_library import ask_cuda_library
from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.engine import ask_route
from ctxschema.gpu.machine import Machine, UnreadableError
from ctxschema.gpu.pci import driver_of, pci_bus
from ctxschema.gpu.report import Result
from ctxschema.gpu.smi import ENABLED, Gpu, ask_smi
from ctxschema.gpu.values import SMI_SECONDS
from ctxschema.machine.system import Outcome, System
from ctxschema.model.check import Status


@frozen
class GpuFacts:
    """The facts about the GPUs of a machine.

    Args:
        driver_loaded: Whether the NVIDIA kernel driver is loaded.
        nvidia_smi: Whether nvidia-smi answers and lists at least one GPU.
        cuda: Whether CUDA initialises and finds a device; also True if it could not be asked.
        docker_route: Whether Docker can give a container access to a GPU.
        gpus: The GPUs that nvidia-smi lists.
        devices: How many devices CUDA finds; None if it could not be asked.
        reason: Why no GPU can be used, and what to do about it; None if one can.
    """

    driver_loaded: bool = False
    nvidia_smi: bool = False
    cuda: bool = True
    docker_route: bool = True
    gpus: tuple[Gpu, ...] = ()
    devices: int | None = None
    reason: str | None = None

    @property
    def usable(self) -> bool:
        """Whether a container could use a GPU."""
        return self.driver_loaded and self.nvidia_smi and self.cuda and self.docker_route

    @property
    def numbers(self) -> dict[str, str]:
        """The model of each GPU by the number that CUDA knows it by; empty if nothing is known.

        On a machine with MIG, CUDA gives a process one instance as device 0, whatever the numbers of nvidia-smi.
        """
        if any(gpu.mig_mode == ENABLED for gpu in self.gpus) and self.devices is not None:
            return {str(number): "an instance of MIG" for number in range(self.devices)}
        return {gpu.index: gpu.name for gpu in self.gpus}


def detect_gpu(system: System, seconds: float = SMI_SECONDS, attempts: int = 1) -> GpuFacts:
    """Ask the kernel, nvidia-smi, CUDA and Docker about GPUs.

    Args:
        system: The machine.
        seconds: The time limit of each program.
        attempts: How often nvidia-smi is run if it does not answer in time.

    Returns:
        The facts, with the first reason why no GPU can be used. Nothing is raised.
    """
    return gpu_facts(Machine(system, most=seconds, attempts=attempts))


def gpu_facts(machine: Machine) -> GpuFacts:
    """Return the same as `detect_gpu`, for a `Machine` that checks can use afterwards without asking again."""
    if not machine.cached(kernel_driver).loaded:
        return GpuFacts(reason=_no_driver(machine))
    smi = machine.cached(ask_smi)
    if not smi.gpus:
        return GpuFacts(driver_loaded=True, reason=_no_gpus(smi.outcome, machine.limit(SMI_SECONDS)))
    why_not = _no_cuda(machine)
    answer = machine.cached(ask_cuda_library)
    found = GpuFacts(
        driver_loaded=True,
        nvidia_smi=True,
        cuda=why_not is None,
        gpus=smi.gpus,
        devices=answer.count if answer.code == 0 else None,
        reason=why_not,
    )
    if why_not is not None:
        return found
    route = machine.cached(ask_route)
    return evolve(found, docker_route=route.usable, reason=route.reason)


def _no_driver(machine: Machine) -> str:
    """Return why there is no driver, judged by what is on the PCI bus."""
    absent = "the NVIDIA kernel driver is not loaded"
    bus = machine.cached(pci_bus)
    if not bus.gpus and bus.unreadable:
        return f"{absent}; install it, or load it with modprobe nvidia"
    if not bus.gpus:
        return f"{absent}, and no NVIDIA GPU is on the PCI bus; add a PCI section for one to the VM's template"
    addr = bus.gpus[0].addr
    with contextlib.suppress(UnreadableError):
        if driver := driver_of(machine, addr):
            return f"{absent}: the driver {driver} holds the GPU at {addr}; block {driver} and load nvidia"
    return f"{absent} for the GPU at {addr}; install it, or load it with modprobe nvidia"


def _no_cuda(machine: Machine) -> str | None:
    """Return why CUDA does not initialise, in the words of the check ``cuda-init``, or None if it does."""
    for name, details in cuda_init.probe(machine):
        result = Result(cuda_init.CHECK.answer(name), details)
        if result.status is Status.FAIL:
            return f"{result.message}; {result.fix}"
    return None


def _no_gpus(outcome: Outcome, seconds: float) -> str:
    if outcome.missing:
        return "nvidia-smi is not there; install the driver's own utilities"
    if outcome.timed_out:
        return f"nvidia-smi did not answer within {seconds:.3g} seconds; the driver hangs, so restart the machine"
    if "version mismatch" in outcome.output:
        return f"the driver in the kernel and its library are of two versions; restart the machine ({outcome.said})"
    if outcome.code:
        return f"nvidia-smi failed and ended with {outcome.code}: {outcome.said}"
    return f"nvidia-smi ended with 0 and named no GPU: {outcome.said}"
