"""What DKMS, NVIDIA's installer and apt say when the driver is built and installed."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import DKMS
from ctxschema.gpu.troubles.words import REBOOT
from ctxschema.model.trouble import Cause, Trouble

_BLACKLIST = (
    "write `blacklist nouveau` and `options nouveau modeset=0` into /etc/modprobe.d/blacklist-nouveau.conf, run "
    f"`update-initramfs -u` and {REBOOT}"
)

DKMS_TROUBLES = (
    Trouble(
        "dkms-build",
        DKMS,
        "Bad return status for module build",
        (
            "Error! Bad return status for module build on kernel: {release} ({name})",
            "Bad return status for module build on kernel: {rest}",
            "dkms autoinstall on {rest} failed for nvidia{rest}",
            "Error! One or more modules failed to install during autoinstall",
            "Consult {path}make.log for more information",
            "unrecognized command-line option '-ftrivial-auto-var-init=zero'",
            "Failed CC version check. Bailing out!",
            "The kernel you are installing for is a PREEMPT_RT kernel!",
            'ERROR: An error occurred while performing the step: "Building kernel modules"',
            "Error! Could not locate dkms.conf file",
        ),
        (
            Cause(
                "the driver is older than the kernel, whose inside changed",
                "install a newer driver, or start the kernel that it was built for and hold that (`apt-mark hold "
                "linux-image-...`)",
                "make.log in /var/lib/dkms/nvidia/<version>/build has `error:` about the kernel's functions or "
                "structures",
            ),
            Cause(
                "the compiler is not the kernel's",
                "`apt install gcc-<version>` of the version that /proc/version names, and `update-alternatives "
                "--config gcc`",
                "make.log says `unrecognized command-line option` or `CC version check`",
            ),
            Cause(
                "the kernel's headers or the disk are not complete",
                "`apt install linux-headers-$(uname -r)`, and see `df -h /boot /var`",
                "make.log says `No such file or directory` or `No space left on device`",
            ),
        ),
        "dkms, dkms.in; nvidia-installer",
    ),
    Trouble(
        "dkms-headers",
        DKMS,
        "Your kernel headers for kernel ... cannot be found",
        (
            "Your kernel headers for kernel {release} cannot be found",
            "Error! Your kernel headers for kernel {release} cannot be found at {rest}",
            "Unable to find the kernel source tree for the currently running kernel",
            "Unable to find the development tool {rest}",
            "Kernel source path '{path}' does not exist",
            "Module build for kernel {release} was skipped since the kernel headers for this kernel {rest}",
        ),
        (
            Cause(
                "the headers of the kernel that runs are not installed",
                "`apt install linux-headers-{release}` and `dkms autoinstall`",
                "`ls /lib/modules/$(uname -r)/build` finds nothing",
                "`apt install linux-headers-generic` brings those of later kernels along",
                "kernel-driver/other-kernel",
            ),
            Cause(
                "the machine was not restarted since the kernel was updated, and the running one's headers are gone "
                "from the archive",
                f"{REBOOT} into the new kernel, with its headers installed",
                "`apt` finds no such package",
            ),
        ),
        "dkms, dkms.in; nvidia-installer",
    ),
    Trouble(
        "installer-nouveau",
        DKMS,
        "The Nouveau kernel driver is currently in use by your system",
        (
            "The Nouveau kernel driver is currently in use by your system",
            "The GPU is driven by nouveau",
            "NVRM: GPU {addr} is already bound to nouveau",
            "nouveau {addr}: {rest}fault{rest}",
            "nouveau {addr}: {rest}failed{rest}",
            "nouveau {addr}: unknown chipset ({rest})",
        ),
        (
            Cause(
                "nouveau was loaded before NVIDIA's driver",
                _BLACKLIST,
                "`lspci -nnk -d 10de:` says `Kernel driver in use: nouveau`",
                check="nouveau/holds",
            ),
        ),
        "nvidia-installer; the Linux kernel, drivers/gpu/drm/nouveau",
    ),
    Trouble(
        "installer-load",
        DKMS,
        "Unable to load the kernel module 'nvidia.ko'",
        (
            "Unable to load the kernel module 'nvidia.ko'",
            "Unable to load the 'nvidia-drm' kernel module",
            "The NVIDIA kernel module '{name}' failed to load{rest}",
            "ERROR: Unable to load the '{name}' kernel module",
        ),
        (
            Cause(
                "nouveau, Secure Boot, another driver or a card that this one does not know",
                "read `dmesg | grep -i -e nvrm -e lockdown -e nouveau` and /var/log/nvidia-installer.log, and ask "
                "again with what they say",
                "nouveau: `lspci -k`; Secure Boot: `Key was rejected`; the card: `not supported`",
                check="kernel-driver/not-started",
            ),
        ),
        "nvidia-installer",
    ),
    Trouble(
        "installer-x",
        DKMS,
        "You appear to be running an X server",
        ("You appear to be running an X server", "An X server is running{rest}"),
        (
            Cause(
                "the installer wants no screen to be in use",
                "`systemctl isolate multi-user.target`, then install; or install the packages of the distribution",
                "`pgrep -a Xorg` lists one",
            ),
        ),
        "nvidia-installer",
    ),
    Trouble(
        "apt-driver",
        DKMS,
        "apt does not find or install the driver",
        (
            "E: Unable to locate package nvidia-{name}",
            "E: Package 'nvidia-{name}' has no installation candidate",
            "nvidia-driver-{name} : Depends: {rest}but it is not going to be installed",
            "nvidia-dkms-{name} (--configure)",
            "dpkg: error processing package nvidia-{rest}",
            "E: Unable to locate package nvidia-container-toolkit",
            "libnvidia-{name} : Depends: {rest}",
            "trying to overwrite '{path}', which is also in package {rest}nvidia{rest}",
            "Package nvidia-driver-{name} is not available, but is referred to by another package",
            "NO_PUBKEY DDCAE044F796ECB0",
            "Conflicting values set for option Signed-By regarding source https://nvidia.github.io/{rest}",
            "nvidia-{name} : Conflicts: {rest}",
        ),
        (
            Cause(
                "the archive with it is not switched on, or its list is old",
                "`apt update`; for drivers enable restricted and multiverse (Ubuntu) or non-free (Debian), for the "
                "toolkit add NVIDIA's "
                "repository",
                "the message says `Unable to locate` or `no installation candidate`",
            ),
            Cause(
                "packages of two sources are mixed: the distribution's and NVIDIA's",
                "`apt purge '*nvidia*' 'libnvidia*'`, keep one source, and install anew; the container toolkit has "
                "to be installed again",
                "the message says `Depends` or `trying to overwrite`, and `apt policy nvidia-driver-<branch>` lists "
                "two archives",
            ),
            Cause(
                "the module could not be built",
                "`dpkg --configure -a` shows the build's own message; ask again with that",
                "the message names nvidia-dkms",
            ),
        ),
        "apt; dpkg",
    ),
)
