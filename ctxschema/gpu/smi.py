"""Asking nvidia-smi. An exit code of 0 proves nothing without a row, and it prints errors to standard output."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Machine, printed_lines
from ctxschema.gpu.values import SMI_FIELDS, SMI_NEWER_FIELDS, SMI_NEWEST_FIELDS, SMI_SECONDS
from ctxschema.machine.system import Outcome

SMI = "nvidia-smi"

LATER_SHARE = 0.8
"""The fraction of the time limit for later attempts, so that a hung nvidia-smi costs a boot less than 20 seconds."""

UNKNOWN_FIELD = 2
"""The exit code of nvidia-smi for a field that its driver does not know."""

ENABLED = "Enabled"
DISABLED = "Disabled"

_IS_ROW = re.compile(r"[0-9]+,GPU-[0-9a-f-]+")
_NO_VALUE = re.compile(r"\[.*\]")
_NUMBER = re.compile("[0-9]+")
_CUDA = re.compile(r"CUDA[A-Za-z ]*Version *: *([0-9]+\.[0-9]+)")
_HEADING = re.compile(r"GPU ([0-9]+):")


@frozen
class Gpu:
    """One row of nvidia-smi's output; a field that the driver does not know is empty.

    Args:
        index: The number of the GPU, in the order of PCI addresses.
        uuid: Its UUID, with ``GPU-`` before it.
        name: Its model.
        memory_mib: Its memory in MiB.
        driver_version: The version of the driver.
        compute_capability: Its compute capability, such as ``9.0``.
        mig_mode: ``Enabled`` or ``Disabled``; empty for a GPU without MIG.
        persistence_mode: ``Enabled`` or ``Disabled``.
    """

    index: str
    uuid: str
    name: str
    memory_mib: str
    driver_version: str
    compute_capability: str = ""
    mig_mode: str = ""
    persistence_mode: str = ""

    @property
    def memory(self) -> str:
        """The memory with its unit."""
        return f"{self.memory_mib} MiB" if _NUMBER.fullmatch(self.memory_mib) else "an unknown amount of memory"


_ATTRIBUTES = {
    "compute_cap": "compute_capability",
    "mig.mode.current": "mig_mode",
    "persistence_mode": "persistence_mode",
}
"""The attribute of `Gpu` for each field that not every driver reports."""


@frozen
class Smi:
    """The result of the query, and the GPUs that it listed."""

    outcome: Outcome
    gpus: tuple[Gpu, ...]


def ask_smi(machine: Machine) -> Smi:
    """Ask for every GPU; if an old driver refuses the newer fields, ask again without them."""
    for newer in (SMI_NEWEST_FIELDS, SMI_NEWER_FIELDS):
        outcome = _query(machine, (*SMI_FIELDS, *newer))
        if outcome.code != UNKNOWN_FIELD:
            return Smi(outcome, _gpus(outcome, newer))
    outcome = _query(machine, SMI_FIELDS)
    return Smi(outcome, _gpus(outcome, ()))


def _query(machine: Machine, fields: tuple[str, ...]) -> Outcome:
    command = [SMI, f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"]
    outcome = machine.run(command, SMI_SECONDS)
    for _ in range(machine.attempts - 1):
        if outcome.timed_out:
            # The driver has been waking up the GPUs since the first attempt.
            outcome = machine.run(command, machine.limit(SMI_SECONDS) * LATER_SHARE, again=True)
    return outcome


def _gpus(outcome: Outcome, newer: tuple[str, ...]) -> tuple[Gpu, ...]:
    if outcome.code != 0:
        return ()
    gpus = []
    for line in printed_lines(outcome):
        cells = [cell.strip() for cell in line.split(",")]
        common, others = cells[: len(SMI_FIELDS)], cells[len(SMI_FIELDS) :]
        if len(common) == len(SMI_FIELDS) and len(others) <= len(newer) and _IS_ROW.fullmatch(",".join(cells[:2])):
            known = {_ATTRIBUTES[newer[at]]: _NO_VALUE.sub("", cell) for at, cell in enumerate(others)}
            gpus.append(Gpu(*common, **known))
    return tuple(gpus)


def gpus_of(machine: Machine) -> tuple[Gpu, ...]:
    """Return a row for each GPU; none without the kernel driver, since nvidia-smi is then not run."""
    return machine.cached(ask_smi).gpus if machine.cached(kernel_driver).loaded else ()


def ask_cuda(machine: Machine) -> str:
    """Return the newest CUDA version that the driver runs, or nothing."""
    outcome = machine.run([SMI], SMI_SECONDS)
    lines = printed_lines(outcome) if outcome.code == 0 else []
    return next((match[1] for line in lines if (match := _CUDA.search(line))), "")


def ask_instances(machine: Machine) -> dict[str, int] | None:
    """Return the number of MIG instances by GPU, or None if nvidia-smi does not list them."""
    outcome = machine.run([SMI, "-L"], SMI_SECONDS)
    if outcome.code != 0:
        return None
    instances: dict[str, int] = {}
    index = ""
    for line in printed_lines(outcome):
        heading = _HEADING.match(line)
        if heading:
            index = heading[1]
        elif line.startswith("MIG "):
            instances[index] = instances.get(index, 0) + 1
    return instances
