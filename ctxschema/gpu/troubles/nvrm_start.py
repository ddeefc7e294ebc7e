"""What the NVIDIA kernel driver says when it starts a card, and when it loses one."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import NVRM
from ctxschema.gpu.troubles.words import REBOOT
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "open-gpu-kernel-modules, "
_HARD = (
    "power the machine off, not merely restart it; then seat the card and its power cables, and look at temperature "
    "and "
    "power (`nvidia-smi -q -d TEMPERATURE,POWER`)"
)

NVRM_START_TROUBLES = (
    Trouble(
        "nvrm-api-mismatch",
        NVRM,
        "NVRM: API mismatch",
        (
            "NVRM: API mismatch: the client has the version {version}",
            "NVRM: API mismatch: the client {rest}has the version {version}",
            "NVRM: API mismatch",
            "but this kernel module has the version {version}",
            "NVRM: client version {rest} does not match",
            "NVRM: this kernel module has the version {version}",
        ),
        (
            Cause(
                "the driver was updated while the old one was loaded",
                f"{REBOOT}, which loads the driver that was installed last",
                "the version of the kernel module is the older one",
                "without a restart: stop every program on the GPU, `modprobe -r nvidia_drm nvidia_modeset nvidia_uvm "
                "nvidia`, "
                "`modprobe nvidia`",
                "nvidia-smi/mismatch",
            ),
            Cause(
                "a container or image brings the libraries of another driver along",
                "remove libcuda.so* and libnvidia-* from the image, or the folder with them from LD_LIBRARY_PATH",
                "`nvidia-smi` works on the virtual machine, and the version of the client in the message is that of "
                "the image",
            ),
        ),
        _SOURCE + "src/nvidia/arch/nvalloc/unix/src/rmobjexportimport.c, escape.c (rm_perform_version_check)",
    ),
    Trouble(
        "nvrm-rm-init",
        NVRM,
        "NVRM: RmInitAdapter failed!",
        (
            "NVRM: GPU {addr}: RmInitAdapter failed! ({rest})",
            "RmInitAdapter failed! ({rest})",
            "RmInitAdapter failed",
            "NVRM: GPU {addr}: rm_init_adapter failed, device minor number {number}",
            "rm_init_adapter failed",
            "RmInitNvDevice: *** Cannot initialize the device",
            "NVRM: GPU {number} RmInitNvDevice: *** Cannot {rest}",
            "nvidia: probe of {addr} failed with error {number}",
            "nvidia {addr}: probe with driver nvidia failed with error {number}",
            "Cannot initialize GSP firmware RM",
            "NVRM: RmInitAdapter: Cannot initialize GSP firmware RM",
            "NVRM: kgspInitRm_IMPL: {rest}",
            "NVRM: GPU{number} RmInitAdapter: {rest}",
        ),
        (
            Cause(
                "the card is in a state that it cannot be started from, after a crash, a reset or another VM",
                "shut the virtual machine down and power the host off and on, once",
                "the card worked before, and the lines before this one are about reset, GSP or a timeout",
            ),
            Cause(
                "the driver does not suit the card: too old, or not the open modules that new cards demand",
                "install a newer driver, of the open modules from Turing on (`apt install "
                "nvidia-driver-<branch>-open`)",
                "the lines before name GSP firmware or `requires use of the NVIDIA open kernel modules`; "
                "`nvidia-smi` on "
                "another machine with a newer driver works",
            ),
            Cause(
                "the virtual machine has no room for the card's memory, or a firmware that does not map it",
                'start the VM from UEFI with the machine type q35 (`OS = [ MACHINE = "q35", FIRMWARE = "UEFI" ]`) '
                "and with the "
                "CPU model host-passthrough",
                "`dmesg | grep BAR` complains of BAR 1, or the card has more memory than the VM's PCI window",
            ),
            Cause(
                "the card or its power supply is faulty",
                _HARD,
                "it fails on the host and in other slots with other drivers as well",
            ),
        ),
        _SOURCE + "src/nvidia/arch/nvalloc/unix/src/osinit.c (RmInitAdapter); kernel-open/nvidia/nv.c",
    ),
    Trouble(
        "nvrm-bar",
        NVRM,
        "NVRM: This PCI I/O region assigned to your NVIDIA device is invalid",
        (
            "NVRM: This PCI I/O region assigned to your NVIDIA device is invalid",
            "NVRM: BAR{number} is 0M @ {hex}",
            "NVRM: The system BIOS may have misconfigured your GPU",
            "NVRM: BAR{number} is {rest} @ 0x0",
        ),
        (
            Cause(
                "the machine has no room for the card's memory",
                "in a VM: UEFI, machine type q35 and CPU model host-passthrough; on the host: enable Above 4G "
                "Decoding in BIOS",
                "`dmesg | grep 'BAR 1'` says that it cannot be assigned",
                "a VM on BIOS with a card of 16 GiB or more: add `-global q35-pcihost.pci-hole64-size=<twice its "
                "memory>` or move to "
                "UEFI",
                "host-gpus",
            ),
            Cause(
                "the kernel kept the firmware's wrong layout",
                "add `pci=realloc` to the kernel's command line and restart",
                "Above 4G Decoding is on, and the message stays",
            ),
        ),
        _SOURCE + "kernel-open/nvidia/nv-pci.c (nv_pci_probe)",
    ),
    Trouble(
        "nvrm-fallen-off",
        NVRM,
        "GPU has fallen off the bus",
        (
            "NVRM: GPU {addr}: GPU has fallen off the bus",
            "NVRM: GPU at PCI:{addr} has fallen off the bus",
            "GPU at {addr} has fallen off the bus",
            "GPU has fallen off the bus",
            "has fallen off the bus and is not responding to commands",
            "installed in this system has fallen off the bus",
            "NVRM: A GPU crash dump has been created{rest}",
            "Unable to change power state from D3cold to D0, device inaccessible",
            "GPU at PCI:{addr}: {name} has fallen off the bus",
            "has fallen off the bus",
        ),
        (
            Cause(
                "the card lost its connection: power, heat, the slot, a riser, or the card itself",
                _HARD,
                "it comes under load, and `dmesg | grep -i -e aer -e pcie` shows errors of the slot before",
                "a restart of the VM alone does not bring it back; the host has to be powered off",
                "nvidia-smi/failed",
            ),
            Cause(
                "the host put it to sleep, or reset it while the VM used it",
                "add `pcie_aspm=off` to the host's kernel command line, `disable_idle_d3=1` to the options of "
                "vfio-pci, and restart",
                "it comes while nothing runs, and the host's log has `D3cold` or a reset at that time",
            ),
        ),
        "NVIDIA, Xid Errors, 79; " + _SOURCE + "src/nvidia/arch/nvalloc/unix/src/os.c",
    ),
    Trouble(
        "nvrm-gsp-firmware",
        NVRM,
        "the GSP firmware is not there",
        (
            "Direct firmware load for nvidia/{path}.bin failed with error {number}",
            "RmFetchGspRmImages: No firmware image found",
            "NVRM: RmFetchGspRmImages: {rest}",
            "NVRM: {rest}gsp_{name}.bin{rest}not found",
            "firmware: failed to load nvidia/{path}",
        ),
        (
            Cause(
                "the driver's firmware package is not installed, or of another version",
                "`apt install nvidia-firmware-<branch>-<version>` (Debian: firmware-nvidia-gsp), or install the "
                "whole driver anew",
                "`ls /lib/firmware/nvidia/$(modinfo -F version nvidia)` lacks gsp_*.bin",
            ),
            Cause(
                "the module is loaded from the initramfs, which has no firmware in it",
                f"`update-initramfs -u` and {REBOOT}",
                "the file is there, and the message comes within the first seconds of the boot",
            ),
        ),
        "NVIDIA driver README, GSP firmware; " + _SOURCE + "src/nvidia/arch/nvalloc/unix/src/osinit.c",
    ),
    Trouble(
        "nvrm-irq",
        NVRM,
        "NVRM: Can't find an IRQ for your NVIDIA card!",
        (
            "NVRM: Can't find an IRQ for your NVIDIA card!",
            "NVRM: Please check your BIOS settings",
            "NVRM: GPU {addr}: Failed to enable MSI{rest}",
        ),
        (
            Cause(
                "the machine gives the card no interrupt",
                "start the VM from UEFI with q35; on the host enable interrupt remapping (VT-d, x2APIC) in BIOS",
                "`grep nvidia /proc/interrupts` prints nothing",
            ),
        ),
        _SOURCE + "kernel-open/nvidia/nv.c (nv_start_device)",
    ),
    Trouble(
        "nvrm-vbios",
        NVRM,
        "NVRM: failed to copy vbios to system memory",
        (
            "NVRM: failed to copy vbios to system memory",
            "NVRM: GPU {addr}: Failed to copy vbios to system memory{rest}",
        ),
        (
            Cause(
                "the card is the host's first one and its ROM is shadowed, or QEMU hands over none",
                "give the VM the ROM of the card as a file (libvirt: `<rom file='...'/>`), or make another card the "
                "host's first in "
                "BIOS",
                "the card drives the host's console when the host starts",
            ),
        ),
        _SOURCE + "src/nvidia/arch/nvalloc/unix/src/osinit.c",
    ),
    Trouble(
        "nvrm-busy",
        NVRM,
        "the GPU is held back, in use or waiting for a reset",
        (
            "NVRM: Attempting to remove device {addr} with non-zero usage count",
            "NVRM: GPU {addr}: GPU requires reset",
            "GPU requires reset",
            "GPU Reset Required",
            "GPU is in a bad state",
            "unexpected WPR2 already up, cannot proceed with booting GSP",
            "the GPU is likely in a bad state and may need to be reset",
            "RC watchdog: GPU is probably locked!",
            "krcWatchdog_IMPL: RC watchdog: GPU is probably locked!",
        ),
        (
            Cause(
                "the driver waits for a reset of the GPU, after an error that it cannot mend while programs run",
                "stop every program on it and `nvidia-smi --gpu-reset -i <index>`; in a VM that may not reset it, "
                "shut the VM down and "
                "start it again",
                "`nvidia-smi -q` says `Reset Required : Yes` or Xid 154 stands in the kernel log",
            ),
        ),
        _SOURCE + "kernel-open/nvidia/nv-pci.c; nvidia-smi",
    ),
    Trouble(
        "nvrm-uvm",
        NVRM,
        "nvidia-uvm cannot be used",
        (
            "nvidia-uvm: Failed to {rest}",
            "could not load kernel module nvidia_uvm",
            "modprobe: FATAL: Module nvidia-uvm not found{rest}",
            "nvidia-uvm: Unknown symbol{rest}",
            "nvidia_uvm: disagrees about version of symbol {rest}",
        ),
        (
            Cause(
                "nvidia-uvm, which CUDA needs, is of another build than nvidia",
                f"install the driver anew and {REBOOT}",
                "`modinfo -F version nvidia nvidia-uvm` names two versions, or none",
                check="device-nodes/missing",
            ),
        ),
        _SOURCE + "kernel-open/nvidia-uvm",
    ),
    Trouble(
        "nvrm-gsp-timeout",
        NVRM,
        "the GPU System Processor (GSP) does not answer",
        (
            "_kgspLogXid119: {rest}",
            "rpcSendMessage failed with status {hex} for fn {number}",
            "_issueRpcAndWait: rpcRecvPoll timedout for fn {number}",
            "_issueRpcAndWait: rpcSendMessage failed with status {hex} for fn {number}",
            "_kgspIsHeartbeatTimedOut: {rest}",
            "Timeout after {rest} of waiting for RPC response from GPU{number} GSP!",
        ),
        (
            Cause(
                "the driver is at fault: its firmware on the card stopped",
                f"{REBOOT}, and install the newest driver of the branch",
                "Xid 119 or 120 stands beside it, and nothing about the bus before it",
                check="nvidia-smi/timeout",
            ),
            Cause(
                "the card or its connection is at fault",
                _HARD,
                "Xid 79, 62 or 48 of the same card, or an AER error of its slot, stands before it",
            ),
        ),
        _SOURCE + "src/nvidia/src/kernel/gpu/gsp",
    ),
)
