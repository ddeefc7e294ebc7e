"""What does nvidia-smi say of the GPUs? Source: gpu.md, sections 0 and 3."""

from __future__ import annotations

from ctxschema.catalog.checks.words import NO_DRIVER, NO_ROWS, REBOOT
from ctxschema.model.check import Answer, Check, Layer, Status

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
            f"{REBOOT}; if it hangs again, read `dmesg | grep -i -e nvrm -e xid`",
            "nvidia-smi hangs",
            "the driver waits for a GPU that does not answer",
            ("blocked for more than 120 seconds", "NVRM: GPU has fallen off", "GPU progresses too slowly"),
        ),
        Answer(
            "mismatch",
            Status.FAIL,
            "the driver in the kernel and its library are of two versions: {said}",
            f"{REBOOT}, which loads the driver that was installed last",
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
            f"read `dmesg | grep -i nvrm`, check that the driver is new enough for the card, and {REBOOT}",
            "No devices were found",
            "the driver runs and could start no GPU",
            ("No devices were found", "No supported GPUs were found", "not supported by the NVIDIA"),
        ),
        Answer(
            "failed",
            Status.FAIL,
            "nvidia-smi ended with {code}: {said}",
            f"read `dmesg | grep -i -e nvrm -e xid` and {REBOOT}",
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
        NO_DRIVER,
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
        NO_ROWS,
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
        NO_ROWS,
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
        NO_ROWS,
    ),
)

SMI_CHECKS = (NVIDIA_SMI, MIG, PERSISTENCE, CUDA)
