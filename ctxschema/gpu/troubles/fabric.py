"""What Fabric Manager says."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import FABRIC
from ctxschema.model.trouble import Cause, Trouble

_FM = "NVIDIA, Fabric Manager User Guide"

FABRIC_TROUBLES = (
    Trouble(
        "fabric-version",
        FABRIC,
        "fabric manager NVIDIA GPU driver interface version don't match with driver version",
        (
            "fabric manager NVIDIA GPU driver interface version {version} don't match with driver version {version}",
            "fabric manager NVIDIA GPU driver interface version {version} doesn't match with driver version {version}",
            "GPU driver interface version {version} {rest}match with driver version {version}",
            "Please update with matching NVIDIA driver package",
        ),
        (
            Cause(
                "Fabric Manager is of another version than the driver",
                "install the driver's very version: `apt install nvidia-fabricmanager-<branch>=<version of the "
                "driver>*`, then "
                "`systemctl restart nvidia-fabricmanager`",
                "the message names both; they have to be equal to the last number",
                "hold both back from unattended upgrades (`apt-mark hold`)",
                check="fabric-manager/mismatch",
            ),
        ),
        _FM,
    ),
    Trouble(
        "fabric-no-switch",
        FABRIC,
        "Fabric Manager finds no NVSwitch",
        (
            "request to query NVSwitch device information from NVSwitch driver failed with error:{rest}",
            "NV_WARN_NOTHING_TO_DO",
            "failed to query NVSwitch device information{rest}",
            "no NVSwitch devices{rest}",
            "NVSwitch driver is not{rest}",
        ),
        (
            Cause(
                "this machine has no NVSwitch, and needs no Fabric Manager",
                "`systemctl disable --now nvidia-fabricmanager`",
                "`lspci -d 10de: | grep -i bridge` lists none: PCIe cards, or a VM whose switches stay on the host",
                "if CUDA says 802 all the same, the host's Fabric Manager has to activate the partition",
            ),
            Cause(
                "the switches are there, and the driver does not drive them: they are bound to vfio-pci or the "
                "driver is too old",
                "load the driver for them (`modprobe nvidia`), or run Fabric Manager where they are",
                "`lspci -nnk -d 10de:` shows the bridges and another driver",
            ),
        ),
        _FM,
    ),
    Trouble(
        "fabric-failed",
        FABRIC,
        "nvidia-fabricmanager does not start",
        (
            "nvidia-fabricmanager.service: Failed with result {rest}",
            "nvidia-fabricmanager.service: Main process exited, code=exited{rest}",
            "nvidia-fabricmanager.service: Control process exited, code=exited{rest}",
            "Failed to start nvidia-fabricmanager.service{rest}",
            "Failed to start NVIDIA fabric manager service",
            "failed to initialize fabric manager{rest}",
            "nv-fabricmanager[{number}]: {rest}failed{rest}",
            "Unit nvidia-fabricmanager.service could not be found",
            "failed to find the GPU handle {rest}",
            "failed to open fabric manager log file {rest}",
            "failed to detect all NVLink trunk connections{rest}",
            "the system does not match with any of the supported{rest}topolog{rest}",
            "multiple fabric manager instances are not allowed{rest}",
            "detected number of NVSwitches don't match with any supported system topology{rest}",
            "detected number of GPUs don't match with any supported system topology{rest}",
            "Failed to connect to Fabric Manager instance{rest}",
        ),
        (
            Cause(
                "it is of another version than the driver",
                "`apt install nvidia-fabricmanager-<branch>` of the driver's very version, then `systemctl restart "
                "nvidia-fabricmanager`",
                "`journalctl -u nvidia-fabricmanager` says `match with driver version`",
            ),
            Cause(
                "a switch or GPU is missing or does not answer",
                "read /var/log/fabricmanager.log and `dmesg | grep -i -e sxid -e nvswitch`; power the machine off "
                "and on",
                "the log names a device or a number of them",
            ),
            Cause(
                "new systems (B200 and on) want the subnet manager as well",
                "`apt install nvlsm`, load ib_umad (`modprobe ib_umad`), then restart it",
                "the log names NVLSM or InfiniBand",
            ),
        ),
        _FM,
        general=True,
    ),
    Trouble(
        "fabric-in-progress",
        FABRIC,
        "the fabric is not ready",
        (
            "Fabric State : In Progress",
            "Fabric State : Not Started",
            "fabric.state{rest}In Progress",
            "Fabric Status : Insufficient Resources",
            "GPU Fabric State : In Progress",
        ),
        (
            Cause(
                "Fabric Manager does not run, or did not finish: CUDA answers 802 meanwhile",
                "`systemctl status nvidia-fabricmanager` where the switches are, and start it",
                "it stays so for more than a minute",
                check="fabric/waiting",
            ),
            Cause(
                "the host has not activated the partition of these GPUs",
                "on the host activate it (shared NVSwitch mode)",
                "this is a VM without the switches",
            ),
        ),
        _FM + "; nvidia-smi -q",
    ),
)
