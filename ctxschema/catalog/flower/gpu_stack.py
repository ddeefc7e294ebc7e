"""The layers between a GPU and the program in the container, from the host up.

Source: docs/facts/gpu.md, sections 1 to 6.
"""

from __future__ import annotations

from attrs import frozen


@frozen
class StackLayer:
    """One layer.

    Args:
        name: Its name.
        place: Where it is: the host, the machine or the container.
        does: What it does for the layer above.
        look: How to check that it is there.
        without: What happens without it.
    """

    name: str
    place: str
    does: str
    look: str
    without: str


HOST, MACHINE, CONTAINER = "KVM host", "virtual machine", "container"

LAYERS = (
    StackLayer(
        "Firmware",
        HOST,
        "switches on the IOMMU (Intel VT-d, AMD IOMMU), without which no device can be given away",
        "ls /sys/firmware/acpi/tables shows DMAR (Intel) or IVRS (AMD)",
        "the kernel makes no IOMMU groups, whatever its parameters say",
    ),
    StackLayer(
        "IOMMU groups",
        HOST,
        "the kernel puts devices into groups; a GPU is given away with all of its group",
        "ls /sys/kernel/iommu_groups is not empty",
        "no machine can be started with a PCI device",
    ),
    StackLayer(
        "vfio-pci",
        HOST,
        "a driver that keeps the GPU for machines, instead of the host's own driver",
        "readlink /sys/bus/pci/devices/ADDRESS/driver ends in vfio-pci",
        "the host uses the GPU itself, and machines do not see it",
    ),
    StackLayer(
        "PCI filter of OpenNebula",
        HOST,
        "the monitoring probe reports the devices that it lets through; the default lets none",
        "onehost show HOST lists the GPU under PCI DEVICES",
        "the scheduler finds no host for a machine that asks for a GPU",
    ),
    StackLayer(
        "VM template",
        HOST,
        "asks for the device with a PCI attribute; UEFI, q35 and the CPU model host-passthrough go with it",
        "lspci -d 10de: inside the machine prints a line",
        "the machine has no GPU at all",
    ),
    StackLayer(
        "NVIDIA driver",
        MACHINE,
        "drives the GPU inside the machine",
        "cat /proc/driver/nvidia/version, and nvidia-smi names the GPU",
        "the node trains on its CPU",
    ),
    StackLayer(
        "NVIDIA Container Toolkit",
        MACHINE,
        "puts the driver's devices and libraries into a container; Docker looks for it when it starts",
        "nvidia-ctk --version, and Docker was restarted after it was configured",
        "docker run --gpus fails with 'could not select device driver', and leaves a dead container behind",
    ),
    StackLayer(
        "docker run --gpus all",
        MACHINE,
        "asks for all GPUs of the machine; it is left out where a layer below is missing",
        "docker inspect shows DeviceRequests",
        "the container runs, and sees no GPU",
    ),
    StackLayer(
        "Image",
        CONTAINER,
        "brings a C library that the driver's libraries fit, as Flower's Ubuntu build does and its plain tag (Alpine) "
        "does not; and a build of PyTorch that knows CUDA, which Flower's own images do not bring",
        "docker exec flower-supernode nvidia-smi -L names the GPU",
        "nvidia-smi is not found although it is there, and PyTorch sees no CUDA",
    ),
    StackLayer(
        "CUDA_VISIBLE_DEVICES",
        CONTAINER,
        "chooses among the GPUs by number; the word all is none that CUDA knows, so it is left out for all",
        "torch.cuda.device_count() gives their number",
        "the program sees every GPU of the machine",
    ),
)
"""The layers, from the host up."""
