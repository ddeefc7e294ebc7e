"""Constants that the checks compare with, used by the Python checks and written into the scripts."""

from __future__ import annotations

from ctxschema.machine import docker_route
from ctxschema.model.check import Layer

VENDOR = "10de"
"""NVIDIA's PCI vendor ID."""

DISPLAY_CLASSES = ("0300", "0302")
"""The first half of the PCI classes of display and 3D controllers; data centre cards are 3D controllers."""

SWITCH_CLASS = "0680"
"""The first half of the PCI class of NVIDIA's NVSwitches: a bridge of another kind."""

FABRIC_MANAGER = "nv-fabricmanager"
"""The program of Fabric Manager, which sets up the NVSwitches."""

FABRIC_FILES = ("/usr/share/nvidia/nvswitch/fabricmanager.cfg", "/etc/fabricmanager.cfg")
"""The paths of Fabric Manager's settings."""

LIBVIRT = ("libvirtd", "virtqemud")
"""The daemons that start QEMU: libvirt's single daemon, or its daemon for QEMU."""

VFIO_DRIVERS = ("vfio-pci", "nvgrace_gpu_vfio_pci")
"""The drivers that pass a GPU through to a virtual machine."""

HARMLESS_DRIVERS = (*VFIO_DRIVERS, "pci-stub")
"""The drivers that other devices in a GPU's IOMMU group may be bound to."""

MACHINE_USERS = ("oneadmin", "libvirt-qemu", "qemu")
"""The users as whom virtual machines run."""

MACHINE_GROUPS = (*MACHINE_USERS, "kvm")
"""The groups as which virtual machines run."""

RULE_FOLDERS = (
    "/etc/udev/rules.d",
    "/run/udev/rules.d",
    "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d",
    "/lib/udev/rules.d",
)
"""The folders of udev rules, in order; a file in an earlier one masks a file of the same name in a later one."""

ONE_ATTRIBUTES = ("PCI_FILTER", "PCI_SHORT_ADDRESS", "PCI_DEVICE_NAME")
"""The attributes of an OpenNebula host or cluster that limit which PCI devices are used."""

NODE_FILE = "/var/tmp/one/etc/im/kvm-probes.d/pci.conf"  # noqa: S108 - OpenNebula's place for it
"""The file that OpenNebula's probe reads on a KVM host: a copy that the front-end sends."""

FRONT_END_FILE = "/var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf"
"""The file that administrators edit, on the front-end."""

SMI_FIELDS = ("index", "uuid", "name", "memory.total", "driver_version")
"""The fields that nvidia-smi of every driver knows."""

SMI_NEWER_FIELDS = ("mig.mode.current", "persistence_mode")
"""The fields that nvidia-smi of a driver before MIG refuses."""

SMI_NEWEST_FIELDS = ("compute_cap", *SMI_NEWER_FIELDS)
"""The fields that nvidia-smi knows since 2021 only."""

SMI_SECONDS = 10
"""The time limit of nvidia-smi; it takes 25 ms, and after a boot 1 to 3 s for each GPU at the first run."""

CUDA_LIBRARY = "libcuda.so.1"
"""The driver's own part of CUDA, which the Container Toolkit mounts in containers unchanged."""

CUDA_FOLDERS = (
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/nvidia/lib64",
)
"""The paths of the library below a root other than ``/``; on the machine itself the loader finds it."""

CUDA_SECONDS = 10
"""The time limit for initialising CUDA; it takes 0.2 s, and 1 to 3 s for each GPU that was asleep."""

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
"""The Python program that calls the library in a separate process: it prints the result of cuInit, the number of
devices, and how many of them have compute mode Prohibited (attribute 20, value 2, of cuda.h)."""

DOCKER_SECONDS = 5
"""The time limit for a query of the engine; a healthy machine takes 17 ms."""

CONTAINER_SECONDS = 60
"""The time limit of a container; without a GPU a healthy machine takes 126 ms."""

PULL_SECONDS = 600
"""The time limit of a container whose image has to be downloaded first."""

LONGEST_SAID = 200
"""The greatest length of a program's output in a message, in characters."""

SECURE_BOOT_FILE = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
"""The firmware's variable for Secure Boot; its last byte is 1 if Secure Boot is on."""

GOOD_IMAGES = ("flwr/supernode:*-ubuntu*", "nvidia/cuda:*")
"""Patterns of images that the container check can use, the best first; those based on Alpine cannot run nvidia-smi."""

PULLED_IMAGE = "nvidia/cuda:12.4.1-base-ubuntu22.04"
"""The image that the container check downloads, if allowed and no other is given."""

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
"""The names of the constants that each script needs."""
