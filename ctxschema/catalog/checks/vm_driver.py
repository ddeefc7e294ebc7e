"""Has this virtual machine a GPU and a driver for it? Source: gpu.md, section 4."""

from __future__ import annotations

from ctxschema.catalog.checks.words import NO_DRIVER, NO_GPU, REBOOT, unreadable
from ctxschema.model.check import Answer, Check, Layer, Status

_INSTALL = "install the driver (`apt install nvidia-driver-545` or newer)"

VM_GPUS = Check(
    "vm-gpus",
    Layer.VM,
    "Has the virtual machine an NVIDIA GPU?",
    "vendor and class of each function in /sys/bus/pci/devices",
    "there is at least one display or 3D controller of vendor 10de",
    (
        Answer("found", Status.PASS, "GPU {addr} is {id}"),
        Answer(
            "none",
            Status.FAIL,
            "no NVIDIA GPU on the virtual machine's PCI bus",
            'add `PCI = [ VENDOR = "10de" ]` to the VM template, and run `validate-host-gpu.sh` on the KVM host',
            "lspci names no NVIDIA GPU in the VM",
            "the VM template asks for none",
        ),
        Answer("no-bus", Status.SKIP, "there is no PCI bus to look at"),
        unreadable(),
    ),
)

KERNEL_DRIVER = Check(
    "kernel-driver",
    Layer.VM,
    "Is the NVIDIA kernel driver loaded?",
    "/proc/driver/nvidia/version and /sys/module/nvidia; other drivers carry nvidia in their names, too",
    "the kernel has the driver itself, whatever lsmod lists",
    (
        Answer("loaded", Status.PASS, "the NVIDIA kernel driver is loaded, version {version}"),
        Answer(
            "not-installed",
            Status.FAIL,
            "the NVIDIA kernel driver is not loaded, and kernel {release} has no such module",
            _INSTALL,
            "nvidia module not loaded",
            "driver not installed",
            (
                "couldn't communicate with the NVIDIA driver",
                "nvml error: driver not loaded",
                "Module nvidia not found",
                "Driver Not Loaded",
                "Found no NVIDIA driver on your system",
                "no NVIDIA kernel driver",
                "libnvidia-ml.so.1: cannot open shared object",
                "NVIDIA kernel driver is not loaded",
            ),
        ),
        Answer(
            "not-started",
            Status.FAIL,
            "the NVIDIA kernel driver is installed for kernel {release} and not loaded",
            "`modprobe nvidia`, and read `dmesg | grep -i nvrm` if that fails",
            "The driver is installed, and nvidia-smi finds none",
            "the module was not loaded, or refused to start",
            (
                "None of the NVIDIA devices were initialized",
                "could not insert 'nvidia'",
                "nvidia: probe of",
                "RmInitAdapter failed",
            ),
        ),
        Answer(
            "other-kernel",
            Status.FAIL,
            "the NVIDIA kernel driver is installed for kernel {other} and not for {release}, which runs",
            "`apt install linux-headers-{release}` and `dkms autoinstall -k {release}`, or "
            f"{REBOOT} into {{other}}",
            "The driver is gone after an update of the kernel",
            "it was built for another kernel",
            ("Your kernel headers for kernel", "Bad return status for module build", "dkms: autoinstall"),
        ),
        unreadable(),
    ),
)

NOUVEAU = Check(
    "nouveau",
    Layer.VM,
    "Does nouveau leave the GPUs alone?",
    "the driver of each GPU in /sys/bus/pci/devices",
    "no GPU is held by nouveau",
    (
        Answer("clear", Status.PASS, "nouveau holds no GPU"),
        Answer(
            "holds",
            Status.FAIL,
            "nouveau holds GPU {addr}",
            "write `blacklist nouveau` and `options nouveau modeset=0` into /etc/modprobe.d/blacklist-nouveau.conf, "
            f"run `update-initramfs -u` and {REBOOT}",
            "The GPU is driven by nouveau",
            "nouveau was loaded before NVIDIA's driver",
            ("The Nouveau kernel driver is currently in use", "already bound to nouveau"),
        ),
        NO_GPU,
        unreadable(),
    ),
)

SECURE_BOOT = Check(
    "secure-boot",
    Layer.VM,
    "Does Secure Boot let the driver in?",
    "the variable SecureBoot of the firmware, and whether the driver is loaded",
    "it is off, or the driver is loaded all the same",
    (
        Answer("off", Status.PASS, "Secure Boot is off"),
        Answer("signed", Status.PASS, "Secure Boot is on, and the driver is loaded"),
        Answer(
            "refuses",
            Status.FAIL,
            "Secure Boot is on, and the installed driver is not loaded",
            "sign the driver (`mokutil --import`, `update-secureboot-policy --enroll-key`), or start the VM from a "
            "firmware without Secure Boot",
            "Key was rejected by service",
            "Secure Boot refuses a driver that is not signed",
            (
                "Key was rejected by service",
                "Required key not available",
                "Loading of unsigned module is rejected",
                "module signature verification failed",
                "Lockdown: modprobe: unsigned module",
            ),
        ),
        Answer(
            "ahead",
            Status.WARN,
            "Secure Boot is on, and no driver is installed yet: it has to be signed",
            "install a signed driver, such as `apt install linux-modules-nvidia-545-generic`",
        ),
        unreadable(),
    ),
)

DEVICE_NODES = Check(
    "device-nodes",
    Layer.VM,
    "Are the driver's device nodes there?",
    "/dev/nvidiactl, /dev/nvidia-uvm and a node for a GPU, before anything is started that makes them",
    "all of them are there",
    (
        Answer("there", Status.PASS, "the device nodes are there: {nodes}"),
        Answer(
            "missing",
            Status.WARN,
            "the device node {path} is not there",
            "`nvidia-modprobe -c 0 -u`, or enable nvidia-persistenced, which makes them at every start",
            "CUDA fails with an unknown error, and nvidia-smi works",
            "/dev/nvidia-uvm is missing",
            ("CUDA unknown error", "CUDA_ERROR_UNKNOWN", "open failed: /dev/nvidia", "/dev/nvidia-uvm: no such file"),
        ),
        NO_DRIVER,
        unreadable(),
    ),
)

DRIVER_CHECKS = (VM_GPUS, KERNEL_DRIVER, NOUVEAU, SECURE_BOOT, DEVICE_NODES)
