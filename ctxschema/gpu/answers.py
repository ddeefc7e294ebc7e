"""Answers and repairs that several checks share."""

from __future__ import annotations

from ctxschema.model.check import Answer, Status

REBOOT = "restart the virtual machine"

NO_GPU = Answer("no-gpu", Status.SKIP, "there is no NVIDIA GPU to look at")
NO_DRIVER = Answer("no-driver", Status.SKIP, "the NVIDIA kernel driver is not loaded")
NO_ROWS = Answer("no-rows", Status.SKIP, "nvidia-smi names no GPU")
FIRMWARE = "enable Intel VT-d or AMD IOMMU in BIOS"

KERNEL = (
    "the firmware has it on, so the kernel is what lacks it: do what the check `iommu` says, and read "
    "`dmesg | grep -i -e iommu -e dmar -e amd-vi`"
)

UDEV_RULE = (
    'write `SUBSYSTEM=="vfio", GROUP="kvm", MODE="0666"` into /etc/udev/rules.d/99-vfio.rules, then '
    "`udevadm control --reload-rules` and `udevadm trigger --subsystem-match=vfio`"
)

CONFIGURE = "`nvidia-ctk runtime configure --runtime=docker`"

RESTART_DOCKER = "`systemctl restart docker`"

SPECIFICATION = "`nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml`"

NO_ENGINE = Answer("no-engine", Status.SKIP, "Docker does not answer")

NO_IMAGE = Answer(
    "no-image",
    Status.WARN,
    "no image is there that nvidia-smi could run in, so this was not tried",
    "name an image that is there with `--image`, or allow one to be downloaded with `--pull`",
)


def unreadable() -> Answer:
    """Return the answer of a check that could not read a path, so that the result is neither yes nor no."""
    return Answer("unreadable", Status.WARN, "{path} cannot be read, so this cannot be told", "run it again as root")
