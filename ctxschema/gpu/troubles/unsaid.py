"""Symptoms that no program prints: what somebody notices, and which check finds it."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CHECKS, HOST_CHECKS
from ctxschema.model.trouble import Cause, Program, Trouble


def _unsaid(  # noqa: PLR0913, PLR0917 - the parts of an entry
    name: str, program: Program, symptom: str, cause: str, check: str, source: str
) -> Trouble:
    return Trouble(name, program, symptom, (), (Cause(cause, check=check),), source)


UNSAID_TROUBLES = (
    _unsaid(
        "vfs-in-the-way",
        HOST_CHECKS,
        "OpenNebula lists the virtual functions of a card that is to be handed over whole",
        "the card still has its virtual functions",
        "virtual-functions/in-the-way",
        "OpenNebula, pci.rb",
    ),
    _unsaid(
        "one-narrowed",
        HOST_CHECKS,
        "pci.conf lets the GPU through, and OpenNebula does not list it",
        "PCI_FILTER of the host or its cluster narrows what pci.conf lets through",
        "opennebula-host/narrowed",
        "OpenNebula, pci.rb",
    ),
    _unsaid(
        "host-802",
        HOST_CHECKS,
        "CUDA in the virtual machine answers 802, and the host has NVSwitches",
        "the GPU was handed over without its NVLink fabric",
        "nvswitch/apart",
        "NVIDIA, Fabric Manager User Guide",
    ),
    _unsaid(
        "vm-802",
        CHECKS,
        "NVSwitches in the machine, and CUDA answers 802",
        "Fabric Manager is not installed, does not run, or has another version than the driver",
        "fabric-manager/not-installed",
        "NVIDIA, Fabric Manager User Guide",
    ),
    _unsaid(
        "vgpu-slow",
        CHECKS,
        "A vGPU becomes slow some 20 minutes after the start",
        "it got no licence",
        "vgpu-licence/restricted",
        "NVIDIA, Virtual GPU Client Licensing User Guide",
    ),
)
