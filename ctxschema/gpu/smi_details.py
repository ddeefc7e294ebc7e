"""Facts from ``nvidia-smi -q``: the NVLink fabric and the vGPU licence of each GPU."""

from __future__ import annotations

import re

from attrs import define

from ctxschema.gpu.machine import Machine, printed_lines
from ctxschema.gpu.smi import SMI
from ctxschema.gpu.values import SMI_SECONDS

_HEADING = re.compile("GPU ([0-9A-Fa-f]+:[0-9A-Fa-f:.]+)")
_FABRIC = "Fabric"
_STATE = "State : "
_STATUS = "Status : "
_LICENCE = "License Status : "


@define
class SmiDetails:
    """The details of one GPU; a detail that is not reported is empty.

    Attributes:
        addr: Its PCI address, as nvidia-smi writes it.
        state: The state of its registration in the NVLink fabric.
        status: The result of that registration.
        licence: The state of its vGPU licence.
    """

    addr: str
    state: str = ""
    status: str = ""
    licence: str = ""


def ask_details(machine: Machine) -> list[SmiDetails] | None:
    """Ask for the details of each GPU; return None if nvidia-smi reports none."""
    outcome = machine.run([SMI, "-q"], SMI_SECONDS)
    if outcome.code != 0:
        return None
    found: list[SmiDetails] = []
    section = ""
    for line in printed_lines(outcome):
        heading = _HEADING.fullmatch(line)
        if heading:
            found.append(SmiDetails(heading[1]))
        if " : " not in line:
            section = line
        elif found and line.startswith(_LICENCE):
            found[-1].licence = line.removeprefix(_LICENCE)
        elif found and section == _FABRIC and line.startswith(_STATE):
            found[-1].state = line.removeprefix(_STATE)
        elif found and section == _FABRIC and line.startswith(_STATUS):
            found[-1].status = line.removeprefix(_STATUS)
    return found
