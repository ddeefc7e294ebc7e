"""What modprobe and the kernel say when the driver's module is loaded."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CHECKS, KERNEL, MODPROBE
from ctxschema.gpu.troubles.words import REBOOT
from ctxschema.model.trouble import Cause, Trouble

_BLACKLIST = (
    "write `blacklist nouveau` and `options nouveau modeset=0` into /etc/modprobe.d/blacklist-nouveau.conf, run "
    f"`update-initramfs -u` and {REBOOT}"
)
_BUILD = "`apt install linux-headers-$(uname -r)` and `dkms autoinstall`"

MODULE_TROUBLES = (
    Trouble(
        "module-not-loaded",
        CHECKS,
        "nvidia module not loaded",
        (
            "NVIDIA kernel driver is not loaded",
            "no NVIDIA kernel driver",
            "nvidia kernel module is not loaded",
            "modprobe: FATAL: Module nvidia not found in directory {path}",
            "FATAL: Module nvidia not found",
            "Failed to find module 'nvidia{rest}'",
        ),
        (
            Cause(
                "driver not installed",
                "install the driver (`apt install nvidia-driver-545` or newer)",
                "`dpkg -l | grep nvidia-` lists no driver",
                "the newest branch that suits the card is the best choice; a card without outputs needs "
                "`nvidia-headless-<branch>` and "
                "`nvidia-utils-<branch>` only",
                "kernel-driver/not-installed",
            ),
            Cause(
                "the driver is installed for another kernel",
                f"{_BUILD}, then `modprobe nvidia`",
                "`dkms status` lists nvidia for another kernel than `uname -r`",
                check="kernel-driver/other-kernel",
            ),
        ),
        "kmod, modprobe.c",
    ),
    Trouble(
        "module-key-rejected",
        MODPROBE,
        "Key was rejected by service",
        (
            "modprobe: ERROR: could not insert '{name}': Key was rejected by service",
            "could not insert '{name}': Required key not available",
            "Key was rejected by service",
            "Required key not available",
            "Loading of unsigned module is rejected",
            "Loading of module with unavailable key is rejected",
            "Loading of module with unsupported crypto is rejected",
            "Lockdown: {name}: unsigned module loading is restricted; see man kernel_lockdown.7",
            "unsigned module loading is restricted",
        ),
        (
            Cause(
                "Secure Boot refuses a driver that is not signed",
                "sign the driver (`mokutil --import`, `update-secureboot-policy --enroll-key`), or start the VM from "
                "a firmware without "
                "Secure Boot",
                "`mokutil --sb-state` says that it is enabled",
                "Ubuntu has signed drivers: `apt install linux-modules-nvidia-<branch>-generic`",
                "secure-boot/refuses",
            ),
            Cause(
                "the key is enrolled, and the module was signed with another",
                "`dkms autoinstall --force`, which signs it anew, then `modprobe nvidia`",
                "`modinfo -F signer nvidia` names a key that `mokutil --list-enrolled` does not list",
            ),
        ),
        "the Linux kernel, kernel/module/signing.c, security/lockdown",
    ),
    Trouble(
        "module-no-device",
        MODPROBE,
        "could not insert 'nvidia': No such device",
        (
            "could not insert '{name}': No such device",
            "insmod: ERROR: could not insert module {path}: No such device",
            "error inserting '{path}': -1 No such device",
        ),
        (
            Cause(
                "the machine has no NVIDIA GPU that this driver takes: none at all, one that it does not know, or "
                "one that it needs the open "
                "modules for",
                "read `dmesg | grep -i nvrm`, and ask again with what it says",
                "`lspci -nnk -d 10de:` shows whether there is one and who drives it",
                check="vm-gpus",
            ),
            Cause(
                "nouveau or vfio-pci holds it",
                _BLACKLIST,
                "`lspci -nnk -d 10de:` says `Kernel driver in use: nouveau`; if it is vfio-pci, this is the host, "
                "which is right so",
                check="nouveau/holds",
            ),
        ),
        "kmod; open-gpu-kernel-modules, kernel-open/nvidia/nv.c",
    ),
    Trouble(
        "module-format",
        MODPROBE,
        "could not insert 'nvidia': Exec format error, or Invalid module format",
        (
            "could not insert '{name}': Exec format error",
            "could not insert '{name}': Invalid module format",
            "nvidia: version magic '{rest}' should be '{rest}'",
            "{name}: version magic '{rest}' should be '{rest}'",
            "nvidia: disagrees about version of symbol {name}",
            "nvidia{rest}: disagrees about version of symbol {name}",
            "could not insert '{name}': Unknown symbol in module, or unknown parameter (see dmesg)",
            "nvidia: Unknown symbol {rest}",
            "nvidia_{name}: Unknown symbol {rest}",
            "could not insert '{name}': Invalid argument",
            "could not insert '{name}': Unknown symbol in module",
            "could not insert module {path}: Invalid module format",
            "could not insert module {path}: Unknown symbol in module",
            "Error inserting nvidia ({path}): Invalid module format",
        ),
        (
            Cause(
                "the module was built for another kernel, or by another compiler than the kernel",
                f"{_BUILD} after `dkms remove nvidia/<version> --all`, then `modprobe nvidia`",
                "`modinfo -F vermagic nvidia` does not begin with `uname -r`",
                check="kernel-driver/other-kernel",
            ),
            Cause(
                "modules of two drivers lie in /lib/modules",
                "remove the older driver, `depmod -a`, and restart the machine",
                "`find /lib/modules/$(uname -r) -name 'nvidia*.ko*'` finds it twice",
            ),
        ),
        "kmod; the Linux kernel, kernel/module/main.c",
    ),
    Trouble(
        "module-in-use",
        MODPROBE,
        "Module nvidia is in use",
        (
            "modprobe: FATAL: Module {name} is in use",
            "rmmod: ERROR: Module {name} is in use{rest}",
            "An NVIDIA kernel module '{name}' appears to already be loaded in your kernel",
        ),
        (
            Cause(
                "programs or other modules still use the driver",
                "stop containers, nvidia-persistenced, dcgm and Xorg, then `modprobe -r nvidia_drm nvidia_modeset "
                "nvidia_uvm nvidia`; or "
                "restart the machine",
                "`fuser -v /dev/nvidia*` and `lsmod | grep nvidia` name them",
            ),
        ),
        "kmod, modprobe.c, rmmod.c",
    ),
    Trouble(
        "module-other",
        MODPROBE,
        "could not insert 'nvidia'",
        ("could not insert 'nvidia{rest}': {rest}", "modprobe: ERROR: could not insert 'nvidia{rest}'"),
        (
            Cause(
                "the kernel refused the module; it says why in its log",
                "read `dmesg | tail -n 30`, and ask again with what it says",
                "the words behind the colon: `Operation not permitted` is Secure Boot or a container, `Cannot "
                "allocate memory` too little "
                "memory",
                check="kernel-driver/not-started",
            ),
        ),
        "kmod, modprobe.c",
        general=True,
    ),
    Trouble(
        "kernel-updated",
        CHECKS,
        "The driver is gone after an update of the kernel",
        (),
        (
            Cause(
                "it was built for another kernel",
                check="kernel-driver/other-kernel",
                tell="`dkms status` lists nvidia for another kernel than `uname -r`",
            ),
        ),
        "dkms(8)",
    ),
    Trouble(
        "driver-not-started",
        CHECKS,
        "The driver is installed, and nvidia-smi finds none",
        (),
        (
            Cause(
                "the module was not loaded, or refused to start",
                check="kernel-driver/not-started",
                tell="`modinfo nvidia` finds the module of this kernel",
            ),
        ),
        "measured on Debian 12",
    ),
    Trouble(
        "kernel-device-nodes",
        KERNEL,
        "CUDA fails with an unknown error, and nvidia-smi works",
        (
            "/dev/nvidia-uvm: no such file or directory",
            "open failed: /dev/nvidia{name}",
            "Failed to open /dev/nvidia{rest}",
        ),
        (
            Cause(
                "/dev/nvidia-uvm is missing",
                check="device-nodes/missing",
                tell="`ls -l /dev/nvidia-uvm` finds nothing",
            ),
        ),
        "measured with drivers 535 and 580",
    ),
    Trouble(
        "module-not-permitted",
        MODPROBE,
        "could not insert 'nvidia': Operation not permitted",
        (
            "could not insert '{name}': Operation not permitted",
            "could not insert module {path}: Operation not permitted",
        ),
        (
            Cause(
                "the kernel is locked down (Secure Boot) and the module is not signed",
                "sign the driver (`mokutil --import`, `update-secureboot-policy --enroll-key`), or start the VM from "
                "a firmware "
                "without Secure Boot",
                "`dmesg | tail` says Lockdown or `unsigned module`",
                check="secure-boot/refuses",
            ),
            Cause(
                "it was not root, or a container, which may not load modules",
                "run it as root on the virtual machine itself",
                "`id -u` is not 0, or `systemd-detect-virt -c` names a container",
            ),
        ),
        "kmod, modprobe.c; the Linux kernel, kernel/module/main.c",
    ),
)
