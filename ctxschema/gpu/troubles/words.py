"""Repairs that several entries share."""

from __future__ import annotations

RESTART_DOCKER = "`systemctl restart docker`"
TOOLKIT_CONFIG = "/etc/nvidia-container-runtime/config.toml"
SPECIFICATION = "`nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml`"
TOOLKIT = "`apt install nvidia-container-toolkit`"
REBOOT = "restart the virtual machine"
KERNEL_LOG = "`dmesg | grep -i -e nvrm -e xid`"
REST_OF_SLOT = (
    "bind the functions of the GPU's own slot (its audio, USB) to vfio-pci as well: `driverctl set-override "
    "<the other function> vfio-pci`"
)
"""Only what is in the GPU's own slot may be bound; the host would lose any other device."""

FIRMWARE = "enable Intel VT-d or AMD IOMMU in BIOS"
RUN_WITH_GPUS = "start the container with `--gpus all`"
NEWER_OR_OLDER = "install a newer driver in the virtual machine, or use an image with an older CUDA"
"""The repair for a driver that is too old for an image."""
