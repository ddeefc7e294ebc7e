"""What nvidia-smi says; its exit code proves nothing without a row, and its errors go to standard output."""

from __future__ import annotations

import re

from attrs import frozen

from ctxschema.gpu.facts import SMI, UNKNOWN_FIELD
from ctxschema.gpu.machine import Machine, printed_lines
from ctxschema.gpu.values import SMI_FIELDS, SMI_NEWER_FIELDS, SMI_SECONDS
from ctxschema.machine.system import Outcome

_IS_ROW = re.compile(r"[0-9]+,GPU-[0-9a-f-]+")
_NUMBER = re.compile("[0-9]+")
_CUDA = re.compile(r"CUDA[A-Za-z ]*Version *: *([0-9]+\.[0-9]+)")
_HEADING = re.compile(r"GPU ([0-9]+):")


@frozen
class Row:
    """What nvidia-smi says of one GPU, in the order of the fields that were asked for."""

    index: str
    uuid: str
    name: str
    memory_mib: str
    version: str
    mig: str = ""
    persistence: str = ""

    @property
    def memory(self) -> str:
        """The memory with its unit."""
        return f"{self.memory_mib} MiB" if _NUMBER.fullmatch(self.memory_mib) else "an unknown amount of memory"


@frozen
class Smi:
    """How the query ended, and what it named."""

    outcome: Outcome
    rows: tuple[Row, ...]


def ask_smi(machine: Machine) -> Smi:
    """Ask for every GPU; an old driver refuses the newer fields, and is asked again without them."""
    outcome = _query(machine, (*SMI_FIELDS, *SMI_NEWER_FIELDS))
    if outcome.code == UNKNOWN_FIELD:
        outcome = _query(machine, SMI_FIELDS)
    return Smi(outcome, _rows(outcome) if outcome.code == 0 else ())


def _query(machine: Machine, fields: tuple[str, ...]) -> Outcome:
    return machine.run([SMI, f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"], SMI_SECONDS)


def _rows(outcome: Outcome) -> tuple[Row, ...]:
    rows = []
    for line in printed_lines(outcome):
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) in {len(SMI_FIELDS), len(SMI_FIELDS + SMI_NEWER_FIELDS)} and _IS_ROW.fullmatch(
            ",".join(cells[:2])
        ):
            rows.append(Row(*cells))
    return tuple(rows)


def ask_cuda(machine: Machine) -> str:
    """Return the newest CUDA that the driver runs, or nothing."""
    outcome = machine.run([SMI], SMI_SECONDS)
    lines = printed_lines(outcome) if outcome.code == 0 else []
    return next((match[1] for line in lines if (match := _CUDA.search(line))), "")


def ask_instances(machine: Machine) -> dict[str, int] | None:
    """Return how many MIG instances each GPU has, or None if nvidia-smi does not tell."""
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
