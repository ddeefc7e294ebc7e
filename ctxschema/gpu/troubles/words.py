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

IN_VM = ("in VM", "in the VM", "in my VM", "inside the VM", "in the virtual machine")
IN_CONTAINER = ("in container", "in the container", "in my container", "inside the container")
"""How people name the place where they miss the GPU."""

_NOT_SEEN = ("visible", "found", "available", "detected", "seen", "showing")


def not_seen(places: tuple[str, ...]) -> tuple[str, ...]:
    """Return how people say that they do not see a GPU at a place, for each of its names."""
    return tuple(f"GPU {verb} {word} {place}" for verb in ("not", "is not") for word in _NOT_SEEN for place in places)


def no_gpu(places: tuple[str, ...]) -> tuple[str, ...]:
    """Return how people say that there is no GPU at a place, for each of its names."""
    return tuple(f"no {card} {place}" for card in ("GPU", "NVIDIA GPU") for place in places)
