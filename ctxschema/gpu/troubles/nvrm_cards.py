"""Messages of the NVIDIA kernel driver about cards that it accepts or refuses.

It prints long messages over several lines, each beginning with ``NVRM:``, so the entries hold a part that fits one
line.
"""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import NVRM
from ctxschema.gpu.troubles.words import REBOOT
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "open-gpu-kernel-modules, "

NVRM_CARD_TROUBLES = (
    Trouble(
        "nvrm-needs-open",
        NVRM,
        "NVRM: installed in this system requires use of the NVIDIA open kernel modules",
        (
            "requires use of the NVIDIA open kernel modules",
            "installed in this system requires use of the NVIDIA open {rest}",
        ),
        (
            Cause(
                "the card is too new for the closed modules (Blackwell, GB200 and the like)",
                "`apt install nvidia-driver-<branch>-open` (or the .run file with `-M=open`), then restart the "
                "virtual machine",
                "/proc/driver/nvidia/version does not say Open Kernel Module; `modinfo -F license nvidia` says NVIDIA",
            ),
        ),
        "NVIDIA driver README, Open Linux Kernel Modules",
    ),
    Trouble(
        "nvrm-needs-closed",
        NVRM,
        "NVRM: not supported by open nvidia.ko because it does not include the required GPU System Processor (GSP)",
        (
            "installed in this system is not supported by open",
            "is not supported by open nvidia.ko because it does not include",
            "nvidia.ko because it does not include the required GPU",
            "does not include the required GPU System Processor (GSP)",
            "because it does not include the required GPU{rest}GSP",
        ),
        (
            Cause(
                "the card is older than Turing and has no GSP, which the open modules need",
                "`apt install nvidia-driver-<branch>` without -open, of a branch that knows the card (580 at most "
                "before Turing)",
                "`modinfo -F license nvidia` says MIT/GPL: these are the open modules",
            ),
        ),
        _SOURCE + "src/nvidia/arch/nvalloc/unix/src/osapi.c (rm_is_supported_device)",
    ),
    Trouble(
        "nvrm-unsupported",
        NVRM,
        "NVRM: the GPU is not supported by this driver release",
        (
            "installed in this system is not supported by the {version}",
            "supported through the NVIDIA {version} Legacy drivers",
            "is supported through the NVIDIA {version} Legacy",
            "NVRM: ignoring the legacy GPU {addr}",
            "has fallen out of support by the {rest}NVIDIA{rest}",
        ),
        (
            Cause(
                "the card is older than this driver knows",
                "install the branch that the message names (such as `nvidia-driver-470` or `nvidia-driver-580`)",
                "the message says `Legacy drivers`",
            ),
            Cause(
                "the card is newer than this driver",
                "install a newer driver",
                "the message says `is not supported by the ...` and the card came out after the driver",
            ),
            Cause(
                "the card is a vGPU, which wants the guest driver of NVIDIA vGPU",
                "install the guest driver (-grid) that belongs to the host's vGPU manager",
                "the host hands over a mediated device or virtual function, not the card",
            ),
        ),
        "NVIDIA driver README, appendix A; " + _SOURCE + "kernel-open/nvidia/nv-pci.c",
    ),
    Trouble(
        "nvrm-no-gpu",
        NVRM,
        "NVRM: No NVIDIA GPU found",
        ("NVRM: No NVIDIA GPU found", "NVRM: No NVIDIA graphics adapter found", "NVRM: No NVIDIA devices found"),
        (
            Cause(
                "there is no NVIDIA GPU on the machine's PCI bus: the VM template asks for none, or for another "
                "function",
                'add `PCI = [ VENDOR = "10de", CLASS = "0302" ]` (0300 for a card with outputs) to the VM template, '
                "and run "
                "`validate-host-gpu.sh` on the KVM host",
                "`lspci -d 10de:` prints nothing, or an audio function only",
                check="vm-gpus/none",
            ),
            Cause(
                "the driver does not know the card that is there: it is older or newer than the driver, or wants the "
                "open modules",
                "install a driver that knows it",
                "`lspci -d 10de:` lists the card, and the lines before this one say why it is passed over",
            ),
        ),
        _SOURCE + "kernel-open/nvidia/nv.c (nvidia_init_module)",
    ),
    Trouble(
        "nvrm-probe",
        NVRM,
        "NVRM: The NVIDIA probe routine was not called",
        (
            "NVRM: The NVIDIA probe routine was not called for {number} device(s)",
            "NVRM: was loaded and obtained ownership of the NVIDIA device(s)",
            "NVRM: No NVIDIA devices probed",
            "NVRM: No NVIDIA graphics adapter probed!",
            "NVRM: GPU {addr} is already bound to {name}",
            "NVRM: request_mem_region failed for {rest}",
        ),
        (
            Cause(
                "nouveau took the GPU first",
                "write `blacklist nouveau` and `options nouveau modeset=0` into "
                "/etc/modprobe.d/blacklist-nouveau.conf, run "
                f"`update-initramfs -u` and {REBOOT}",
                "`lspci -nnk -d 10de:` says `Kernel driver in use: nouveau`",
                check="nouveau/holds",
            ),
            Cause(
                "vfio-pci has it: this is the host, and the GPU is given to virtual machines",
                "nothing, where that is meant: the host needs no NVIDIA driver then, and may be rid of it",
                "`lspci -nnk -d 10de:` says `Kernel driver in use: vfio-pci`",
                "to use it on the host again: `driverctl unset-override <addr>`",
            ),
        ),
        _SOURCE + "kernel-open/nvidia/nv.c (nvidia_init_module)",
    ),
    Trouble(
        "nvrm-none-initialized",
        NVRM,
        "NVRM: None of the NVIDIA devices were initialized",
        (
            "NVRM: The NVIDIA probe routine failed for {number} device(s)",
            "NVRM: None of the NVIDIA devices were initialized",
            "NVRM: None of the NVIDIA graphics adapters were initialized!",
        ),
        (
            Cause(
                "the driver is there and could start no card; the lines before say why",
                "ask again with the lines before this one: `dmesg | grep -i -e nvrm -e nvidia`",
                "they name the card as not supported, its memory (BAR) as invalid, or firmware that is missing",
                check="kernel-driver/not-started",
            ),
        ),
        _SOURCE + "kernel-open/nvidia/nv.c (nvidia_init_module)",
        general=True,
    ),
    Trouble(
        "nvrm-confidential",
        NVRM,
        "confidential computing is on for the card and not for the machine",
        (
            "CPU does not support confidential compute",
            "NVRM: confComputeConstructEngine_IMPL: {rest}",
            "Confidential Compute feature is not supported{rest}",
            "GPU is in confidential compute mode{rest}",
        ),
        (
            Cause(
                "the card is in CC mode, and the virtual machine is no confidential one (SEV-SNP, TDX)",
                "on the host set the card back: `nvidia_gpu_tools.py --gpu-bdf=<address> --set-cc-mode=off "
                "--reset-after-cc-mode-switch`",
                "`nvidia-smi conf-compute -f` says ON, or the host set the mode",
            ),
        ),
        "open-gpu-kernel-modules, src/nvidia/src/kernel/gpu/conf_compute; NVIDIA/gpu-admin-tools",
    ),
)
