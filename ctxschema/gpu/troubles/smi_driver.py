"""What nvidia-smi and the library below it, NVML, say of the driver.

Source: docs/facts/gpu.md, section 3, and nvml.h.
"""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import NVIDIA_SMI
from ctxschema.gpu.troubles.words import KERNEL_LOG, REBOOT
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "measured with drivers 535 and 580; nvidia-smi(1)"

SMI_DRIVER_TROUBLES = (
    Trouble(
        "smi-no-driver",
        NVIDIA_SMI,
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver",
        (
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver",
            "couldn't communicate with the NVIDIA driver",
            "Failed to initialize NVML: Driver Not Loaded",
            "NVMLError_DriverNotLoaded",
            "NVML: Driver Not Loaded",
            "Driver Not Loaded",
        ),
        (
            Cause(
                "the driver is installed, for nvidia-smi is there, and its module is not built for the kernel that "
                "runs",
                "`apt install linux-headers-$(uname -r)` and `dkms autoinstall`, then `modprobe nvidia`",
                "`modinfo nvidia` finds no module, mostly after an update of the kernel; `dmesg` says nothing of it",
                check="kernel-driver/other-kernel",
            ),
            Cause(
                "Secure Boot refuses the module, which is not signed",
                "sign the driver (`mokutil --import`, `update-secureboot-policy --enroll-key`), or start the VM from "
                "a firmware "
                "without Secure Boot",
                "`modprobe nvidia` says `Key was rejected by service`, and `mokutil --sb-state` that it is enabled",
                check="secure-boot/refuses",
            ),
            Cause(
                "the module is there and not loaded, or it refused to start",
                "`modprobe nvidia`, and read `dmesg | grep -i nvrm` if that fails",
                "`modinfo nvidia` finds the module of this kernel",
                check="kernel-driver/not-started",
            ),
            Cause(
                "nouveau took the GPU",
                "write `blacklist nouveau` and `options nouveau modeset=0` into "
                "/etc/modprobe.d/blacklist-nouveau.conf, run "
                f"`update-initramfs -u` and {REBOOT}",
                "`lspci -nnk -d 10de:` says `Kernel driver in use: nouveau`",
                check="nouveau/holds",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-mismatch",
        NVIDIA_SMI,
        "Driver/library version mismatch",
        (
            "Failed to initialize NVML: Driver/library version mismatch",
            "Driver/library version mismatch",
            "NVMLError_LibRmVersionMismatch",
            "NVMLError_LibraryVersionMismatch",
        ),
        (
            Cause(
                "the driver was updated while the old one was loaded",
                f"{REBOOT}, which loads the driver that was installed last",
                "/proc/driver/nvidia/version and the library that nvidia-smi names are of two versions",
                "hold the driver's packages back from unattended upgrades (`apt-mark hold`)",
                "nvidia-smi/mismatch",
            ),
            Cause(
                "two drivers are installed, and the libraries of one meet the module of the other",
                "remove one (`dpkg -l | grep -e nvidia -e cuda-drivers`; `nvidia-uninstall` for a .run file)",
                "it stays after a restart",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-no-library",
        NVIDIA_SMI,
        "NVML Shared Library Not Found",
        (
            "NVIDIA-SMI couldn't find libnvidia-ml.so library in your system",
            "couldn't find libnvidia-ml.so",
            "NVML Shared Library Not Found",
            "NVMLError_LibraryNotFound",
            "libnvidia-ml.so.1: cannot open shared object file",
            "libnvidia-ml.so: cannot open shared object file",
        ),
        (
            Cause(
                "the driver's libraries are missing or incomplete",
                "install the driver's libraries again (`apt install --reinstall libnvidia-compute-<branch>`), then "
                "`ldconfig`",
                "on the virtual machine itself, `ldconfig -p | grep libnvidia-ml` prints nothing",
                check="nvidia-smi/no-library",
            ),
            Cause(
                "in a container: it was started without a GPU, so that nobody put the driver's libraries into it",
                "start it with `--gpus all`, and `-e NVIDIA_DRIVER_CAPABILITIES=compute,utility` where the image "
                "sets another",
                "`nvidia-smi` works on the virtual machine",
                check="container-gpu",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-no-devices",
        NVIDIA_SMI,
        "No devices were found",
        ("No devices were found", "No supported GPUs were found", "No NVIDIA GPUs were found"),
        (
            Cause(
                "the driver runs and could start no GPU",
                "read `dmesg | grep -i nvrm`, check that the driver is new enough for the card, and restart the "
                "virtual machine",
                "`lspci -d 10de:` lists the card; the kernel log says RmInitAdapter, GSP or `open kernel modules`",
                check="nvidia-smi/no-devices",
            ),
            Cause(
                "the virtual machine has no GPU",
                'add `PCI = [ VENDOR = "10de", CLASS = "0302" ]` to the VM template',
                "`lspci -d 10de:` prints nothing",
                check="vm-gpus/none",
            ),
            Cause(
                "a GPU of that number does not exist",
                "leave `-i` out, or name one of `nvidia-smi -L`",
                "the command has `-i`",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-not-found",
        NVIDIA_SMI,
        "nvidia-smi: command not found",
        (
            "nvidia-smi: command not found",
            "nvidia-smi: not found",
            "sudo: nvidia-smi: command not found",
            "Command 'nvidia-smi' not found",
        ),
        (
            Cause(
                "the driver's utilities are not installed",
                "install the driver's utilities (`apt install nvidia-utils-<branch>`, of the driver's own version)",
                "/proc/driver/nvidia/version is there",
                check="nvidia-smi/not-found",
            ),
            Cause(
                "no driver is installed at all",
                "install the driver",
                "/proc/driver/nvidia/version is not there",
                check="kernel-driver/not-installed",
            ),
            Cause(
                "in a container: it was started without a GPU",
                "start it with `--gpus all`",
                "`nvidia-smi` works on the virtual machine",
            ),
        ),
        "bash; dash",
    ),
    Trouble(
        "smi-nvml-codes",
        NVIDIA_SMI,
        "another error of NVML",
        (
            "Failed to initialize NVML: {rest}",
            "NVMLError_{name}: {rest}",
            "pynvml.nvml.NVMLError_{name}",
            "NVML_ERROR_{name}",
            "nvmlInit failed: {rest}",
        ),
        (
            Cause(
                "NVML answers with an error; its name says which: NotSupported is a card without the feature, "
                "NoPermission a user who may "
                "not, InsufficientPower a cable, IrqIssue an interrupt, ResetRequired a GPU that wants a reset",
                f"run plain `nvidia-smi` as root, and read {KERNEL_LOG}",
                "`nvidia-smi` as root says the same or works",
                check="nvidia-smi",
            ),
        ),
        "nvml.h (nvmlReturn_t)",
        general=True,
    ),
    Trouble(
        "smi-refused",
        NVIDIA_SMI,
        "nvidia-smi cannot reach the driver, although it is loaded",
        ("NVIDIA-SMI has failed because you do not have {rest}permission{rest}",),
        (
            Cause(
                "the driver is loaded and did not start",
                "read `dmesg | grep -i nvrm`, then `modprobe -r nvidia` and `modprobe nvidia`",
                "/proc/driver/nvidia/version is there",
                check="nvidia-smi/refused",
            ),
            Cause(
                "this user may not open the device nodes",
                "run it as root, and see `ls -l /dev/nvidia*`",
                "it works as root",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-wsl",
        NVIDIA_SMI,
        "GPU access blocked by the operating system",
        (
            "GPU access blocked by the operating system",
            "Failed to initialize NVML: GPU access blocked by the operating system",
        ),
        (
            Cause(
                "Windows keeps WSL from the GPU: its driver is too old, or the Linux side brings libraries of its own",
                "update the driver in Windows, and remove every NVIDIA driver inside WSL",
                "this is WSL (`uname -r` has microsoft in it); a VM of OpenNebula never says so",
            ),
        ),
        "NVIDIA, CUDA on WSL User Guide",
    ),
)
