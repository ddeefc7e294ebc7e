"""Symptoms that no program prints: what somebody notices, and which check finds it."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CHECKS, HOST_CHECKS
from ctxschema.model.trouble import Cause, Trouble

UNSAID_TROUBLES = (
    Trouble(
        "vfs-in-the-way",
        HOST_CHECKS,
        "OpenNebula lists the virtual functions of a card that is to be handed over whole",
        (),
        (Cause("the card still has its virtual functions", check="virtual-functions/in-the-way"),),
        "OpenNebula, pci.rb",
    ),
    Trouble(
        "one-narrowed",
        HOST_CHECKS,
        "pci.conf lets the GPU through, and OpenNebula does not list it",
        (),
        (
            Cause(
                "PCI_FILTER of the host or its cluster narrows what pci.conf lets through",
                check="opennebula-host/narrowed",
            ),
        ),
        "OpenNebula, pci.rb",
    ),
    Trouble(
        "host-802",
        HOST_CHECKS,
        "CUDA in the virtual machine answers 802, and the host has NVSwitches",
        (),
        (Cause("the GPU was handed over without its NVLink fabric", check="nvswitch/apart"),),
        "NVIDIA, Fabric Manager User Guide",
    ),
    Trouble(
        "vm-802",
        CHECKS,
        "NVSwitches in the machine, and CUDA answers 802",
        (),
        (
            Cause(
                "Fabric Manager is not installed, does not run, or has another version than the driver",
                check="fabric-manager/not-installed",
            ),
        ),
        "NVIDIA, Fabric Manager User Guide",
    ),
    Trouble(
        "vgpu-slow",
        CHECKS,
        "A vGPU becomes slow some 20 minutes after the start",
        (),
        (Cause("it got no licence", check="vgpu-licence/restricted"),),
        "NVIDIA, Virtual GPU Client Licensing User Guide",
    ),
)
