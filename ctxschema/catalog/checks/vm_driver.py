"""Has this virtual machine a GPU and a driver that works? Source: gpu.md, sections 0, 3 and 4."""

from __future__ import annotations

from ctxschema.catalog.checks.words import NO_GPU, unreadable
from ctxschema.model.check import Answer, Check, Layer, Status

_INSTALL = "install the driver (`apt install nvidia-driver-545` or newer)"
_REBOOT = "restart the virtual machine"
_NO_DRIVER = Answer("no-driver", Status.SKIP, "the NVIDIA kernel driver is not loaded")
_NO_ROWS = Answer("no-rows", Status.SKIP, "nvidia-smi names no GPU")

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
            f"{_REBOOT} into {{other}}",
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
            f"run `update-initramfs -u` and {_REBOOT}",
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
        Answer("there", Status.PASS, "{nodes}"),
        Answer(
            "missing",
            Status.WARN,
            "the device node {path} is not there",
            "`nvidia-modprobe -c 0 -u`, or enable nvidia-persistenced, which makes them at every start",
            "CUDA fails with an unknown error, and nvidia-smi works",
            "/dev/nvidia-uvm is missing",
            ("CUDA unknown error", "CUDA_ERROR_UNKNOWN", "open failed: /dev/nvidia", "/dev/nvidia-uvm: no such file"),
        ),
        _NO_DRIVER,
        unreadable(),
    ),
)

NVIDIA_SMI = Check(
    "nvidia-smi",
    Layer.VM,
    "Does nvidia-smi answer and name each GPU?",
    "one query of nvidia-smi, whose exit code alone proves nothing",
    "it ends with 0 and gives at least one row",
    (
        Answer("named", Status.PASS, "GPU {index} is {name} with {memory}"),
        Answer(
            "not-found",
            Status.FAIL,
            "nvidia-smi is not there",
            "install the driver's utilities (`apt install nvidia-utils-545`, of the driver's own version)",
            "nvidia-smi: command not found",
            "the driver's utilities are not installed",
            ("nvidia-smi: command not found", "nvidia-smi: not found", "nvidia-smi: No such file"),
        ),
        Answer(
            "timeout",
            Status.FAIL,
            "nvidia-smi did not answer within {seconds} seconds",
            f"{_REBOOT}; if it hangs again, read `dmesg | grep -i -e nvrm -e xid`",
            "nvidia-smi hangs",
            "the driver waits for a GPU that does not answer",
            ("blocked for more than 120 seconds", "NVRM: GPU has fallen off", "GPU progresses too slowly"),
        ),
        Answer(
            "mismatch",
            Status.FAIL,
            "the driver in the kernel and its library are of two versions: {said}",
            f"{_REBOOT}, which loads the driver that was installed last",
            "Driver/library version mismatch",
            "the driver was updated while the old one was loaded",
            ("Driver/library version mismatch", "driver/library version mismatch", "NVRM: API mismatch"),
        ),
        Answer(
            "no-library",
            Status.FAIL,
            "nvidia-smi finds no NVML library: {said}",
            "install the driver's libraries again (`apt install --reinstall nvidia-driver-545`)",
            "NVML Shared Library Not Found",
            "the driver's libraries are missing or incomplete",
            ("couldn't find libnvidia-ml.so", "NVML Shared Library Not Found", "LibraryNotFound"),
        ),
        Answer(
            "refused",
            Status.FAIL,
            "nvidia-smi cannot reach the driver: {said}",
            "read `dmesg | grep -i nvrm`, then `modprobe -r nvidia` and `modprobe nvidia`",
            "nvidia-smi cannot reach the driver, although it is loaded",
            "the driver is loaded and did not start",
        ),
        Answer(
            "no-devices",
            Status.FAIL,
            "nvidia-smi names no GPU: {said}",
            f"read `dmesg | grep -i nvrm`, check that the driver is new enough for the card, and {_REBOOT}",
            "No devices were found",
            "the driver runs and could start no GPU",
            ("No devices were found", "No supported GPUs were found", "not supported by the NVIDIA"),
        ),
        Answer(
            "failed",
            Status.FAIL,
            "nvidia-smi ended with {code}: {said}",
            f"read `dmesg | grep -i -e nvrm -e xid` and {_REBOOT}",
            "nvidia-smi fails, or names a GPU as lost",
            "the GPU does not answer the driver",
            ("GPU is lost", "Unable to determine the device handle", "fallen off the bus", "Unknown Error", "ERR!"),
        ),
        Answer(
            "fewer",
            Status.WARN,
            "nvidia-smi names {count} of {expected} GPUs on the PCI bus",
            "look for the others in `dmesg | grep -i -e nvrm -e xid`",
            "nvidia-smi names fewer GPUs than lspci",
            "a GPU failed, or another driver holds it",
        ),
        _NO_DRIVER,
    ),
)

MIG = Check(
    "mig",
    Layer.VM,
    "Can the GPUs be used as they are cut?",
    "the MIG mode of each GPU, and its instances where that is on",
    "MIG is off, or there is an instance on each GPU that has it on",
    (
        Answer("off", Status.PASS, "MIG is off"),
        Answer("cut", Status.PASS, "GPU {index} has {count} MIG instances"),
        Answer(
            "uncut",
            Status.FAIL,
            "GPU {index} has MIG on and no instance, so no program can use it",
            "`nvidia-smi mig -i {index} -lgip` and `nvidia-smi mig -i {index} -cgi <profile> -C`, or "
            "`nvidia-smi -i {index} -mig 0`",
            "nvidia-smi names the GPU, and CUDA finds none",
            "MIG is on, and the GPU is not cut up",
            ("No MIG devices found", "no CUDA-capable device is detected", "MIG-enabled"),
        ),
        Answer("untold", Status.WARN, "nvidia-smi -L did not tell the MIG instances", "`nvidia-smi -L`"),
        _NO_ROWS,
    ),
)

PERSISTENCE = Check(
    "persistence",
    Layer.VM,
    "Does the driver stay awake while nobody uses a GPU?",
    "the persistence mode of each GPU",
    "it is on",
    (
        Answer("on", Status.PASS, "persistence mode is on"),
        Answer(
            "off",
            Status.WARN,
            "GPU {index} has persistence mode off, so the first use after a pause takes seconds",
            "`systemctl enable --now nvidia-persistenced`",
            "The first use of a GPU takes seconds",
            "persistence mode is off",
            ("Persistence mode is disabled",),
        ),
        Answer("untold", Status.SKIP, "nvidia-smi does not tell the persistence mode"),
        _NO_ROWS,
    ),
)

CUDA = Check(
    "cuda",
    Layer.VM,
    "Which CUDA does the driver run?",
    "the head of what nvidia-smi prints; a driver's version is not CUDA's",
    "both versions can be told",
    (
        Answer("known", Status.PASS, "driver {version} runs CUDA up to {cuda}"),
        Answer(
            "unknown",
            Status.WARN,
            "driver {version}: nvidia-smi does not tell the CUDA version",
            "install a driver of 545 or newer",
            "CUDA Version: N/A",
            "libcuda is missing",
            ("CUDA Version: N/A", "CUDA Version: ERR!", "libcuda.so.1: cannot open shared object"),
        ),
        _NO_ROWS,
    ),
)

DRIVER_CHECKS = (
    VM_GPUS,
    KERNEL_DRIVER,
    NOUVEAU,
    SECURE_BOOT,
    DEVICE_NODES,
    NVIDIA_SMI,
    MIG,
    PERSISTENCE,
    CUDA,
)
