"""What the checks compare with: read by the Python that makes them and written into the scripts."""

from __future__ import annotations

from ctxschema.machine import docker_route
from ctxschema.model.check import Layer

VENDOR = "10de"
"""NVIDIA's number as a PCI vendor."""

DISPLAY_CLASSES = ("0300", "0302")
"""The first half of the PCI classes of display and 3D controllers; datacentre cards are the latter."""

SWITCH_CLASS = "0680"
"""The first half of the PCI class of NVIDIA's NVSwitches: bridges that are none of the usual ones."""

FABRIC_MANAGER = "nv-fabricmanager"
"""The program that sets the NVSwitches up."""

FABRIC_FILES = ("/usr/share/nvidia/nvswitch/fabricmanager.cfg", "/etc/fabricmanager.cfg")
"""Where its settings stand."""

LIBVIRT = ("libvirtd", "virtqemud")
"""What starts QEMU: libvirt's one daemon, or its daemon for QEMU."""

VFIO_DRIVERS = ("vfio-pci", "nvgrace_gpu_vfio_pci")
"""The drivers that hand a GPU to a virtual machine."""

HARMLESS_DRIVERS = (*VFIO_DRIVERS, "pci-stub")
"""The drivers with which VFIO shares a group."""

MACHINE_USERS = ("oneadmin", "libvirt-qemu", "qemu")
"""As whom virtual machines run."""

MACHINE_GROUPS = (*MACHINE_USERS, "kvm")
"""The groups that virtual machines run in."""

RULE_FOLDERS = (
    "/etc/udev/rules.d",
    "/run/udev/rules.d",
    "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d",
    "/lib/udev/rules.d",
)
"""The folders that udev reads; a file masks those of its name in later ones."""

ONE_ATTRIBUTES = ("PCI_FILTER", "PCI_SHORT_ADDRESS", "PCI_DEVICE_NAME")
"""What a host or a cluster of OpenNebula narrows its PCI devices with."""

NODE_FILE = "/var/tmp/one/etc/im/kvm-probes.d/pci.conf"  # noqa: S108 - OpenNebula's place for it
"""What OpenNebula's probe of a KVM host reads: the copy that the front-end sends."""

FRONT_END_FILE = "/var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf"
"""What people edit, on the front-end."""

SMI_FIELDS = ("index", "uuid", "name", "memory.total", "driver_version")
"""What every driver's nvidia-smi tells of a GPU."""

SMI_NEWER_FIELDS = ("mig.mode.current", "persistence_mode")
"""What one of before MIG refuses to tell."""

SMI_NEWEST_FIELDS = ("compute_cap", *SMI_NEWER_FIELDS)
"""What only one of 2021 or later tells."""

SMI_SECONDS = 10
"""How long nvidia-smi may take: 25 ms on a healthy machine, 1 to 3 s for each GPU at the first contact after a boot."""

CUDA_LIBRARY = "libcuda.so.1"
"""The driver's own part of CUDA, which the Container Toolkit hands to a container as it is."""

CUDA_FOLDERS = (
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/nvidia/lib64",
)
"""Where it stands below a folder that stands for /; on the machine itself the loader knows."""

CUDA_SECONDS = 10
"""How long CUDA may take to initialise: 0.2 s on a healthy machine, 1 to 3 s for each GPU that was asleep."""

CUDA_PROGRAM = """\
import os, sys
try:
    import ctypes
except ImportError:
    sys.exit("no ctypes")
os.environ.pop("CUDA_VISIBLE_DEVICES", None)
try:
    cuda = ctypes.CDLL(sys.argv[1])
except OSError as error:
    sys.exit("no library: %s" % error)
count, device, mode = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
code = cuda.cuInit(0) or cuda.cuDeviceGetCount(ctypes.byref(count))
closed = 0
for index in range(0 if code else count.value):
    cuda.cuDeviceGet(ctypes.byref(device), index)
    cuda.cuDeviceGetAttribute(ctypes.byref(mode), 20, device)
    closed += mode.value == 2
print("cuda", code, count.value, closed)
"""
"""What python3 asks the library, in a process of its own: what cuInit answers, how many devices there are, and how many
of them have compute mode Prohibited (attribute 20, value 2, of cuda.h)."""

DOCKER_SECONDS = 5
"""How long the engine may take to answer; 17 ms on a healthy machine."""

CONTAINER_SECONDS = 60
"""How long a container may take; 126 ms on a healthy machine, without a GPU."""

PULL_SECONDS = 600
"""How long it may take if its image has to be downloaded first."""

LONGEST_SAID = 200
"""How much of what a program says is repeated, in characters."""

SECURE_BOOT_FILE = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
"""The firmware's variable; its last byte is 1 if Secure Boot is on."""

GOOD_IMAGES = ("flwr/supernode:*-ubuntu*", "nvidia/cuda:*")
"""Which of the images that are there the container check takes, the best first; Alpine's are no use."""

PULLED_IMAGE = "nvidia/cuda:12.4.1-base-ubuntu22.04"
"""What it downloads if it may and nothing is named; a tag of this form is used by NVIDIA's and Flower's own builds."""

VALUES: dict[Layer, dict[str, str | int | tuple[str | int, ...]]] = {
    Layer.HOST: {
        "VENDOR": VENDOR,
        "DISPLAY_CLASSES": DISPLAY_CLASSES,
        "SWITCH_CLASS": SWITCH_CLASS,
        "FABRIC_MANAGER": FABRIC_MANAGER,
        "FABRIC_FILES": FABRIC_FILES,
        "LIBVIRT": LIBVIRT,
        "VFIO_DRIVERS": VFIO_DRIVERS,
        "HARMLESS_DRIVERS": HARMLESS_DRIVERS,
        "MACHINE_USERS": MACHINE_USERS,
        "MACHINE_GROUPS": MACHINE_GROUPS,
        "RULE_FOLDERS": RULE_FOLDERS,
        "NODE_FILE": NODE_FILE,
        "ONE_ATTRIBUTES": ONE_ATTRIBUTES,
        "FRONT_END_FILE": FRONT_END_FILE,
    },
    Layer.VM: {
        "VENDOR": VENDOR,
        "DISPLAY_CLASSES": DISPLAY_CLASSES,
        "SMI_FIELDS": SMI_FIELDS,
        "SMI_NEWER_FIELDS": SMI_NEWER_FIELDS,
        "SMI_NEWEST_FIELDS": SMI_NEWEST_FIELDS,
        "SMI_SECONDS": SMI_SECONDS,
        "CUDA_LIBRARY": CUDA_LIBRARY,
        "CUDA_FOLDERS": CUDA_FOLDERS,
        "CUDA_SECONDS": CUDA_SECONDS,
        "CUDA_PROGRAM": CUDA_PROGRAM,
        "SWITCH_CLASS": SWITCH_CLASS,
        "FABRIC_MANAGER": FABRIC_MANAGER,
        "DOCKER_SECONDS": DOCKER_SECONDS,
        "CONTAINER_SECONDS": CONTAINER_SECONDS,
        "PULL_SECONDS": PULL_SECONDS,
        "LONGEST_SAID": LONGEST_SAID,
        "SECURE_BOOT_FILE": SECURE_BOOT_FILE,
        "GOOD_IMAGES": GOOD_IMAGES,
        "PULLED_IMAGE": PULLED_IMAGE,
        "DAEMON_PATH": docker_route.DAEMON_PATH,
        "RUNTIME_HOOK": docker_route.RUNTIME_HOOK,
        "CDI_HOOK": docker_route.CDI_HOOK,
        "CDI_FOLDERS": docker_route.CDI_FOLDERS,
        "CDI_FIRST": docker_route.CDI_FIRST,
        "CDI_BY_DEFAULT": docker_route.CDI_BY_DEFAULT,
    },
}
"""The names that each script's fragments use."""
