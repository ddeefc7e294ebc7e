"""What nvidia-container-cli says when it puts files into a container."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CONTAINER_CLI
from ctxschema.gpu.troubles.words import RESTART_DOCKER, TOOLKIT, TOOLKIT_CONFIG
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "libnvidia-container, src/"
_ROOTLESS = (
    f"`nvidia-ctk config --set nvidia-container-cli.no-cgroups=true --in-place` (`no-cgroups = true` in "
    f"{TOOLKIT_CONFIG}), then restart the rootless Docker (`systemctl --user restart docker`)"
)

CLI_FILE_TROUBLES = (
    Trouble(
        "cli-file-exists",
        CONTAINER_CLI,
        "file creation failed: ... file exists",
        ("mount error: file creation failed: {path}: file exists", "file creation failed: {path}: file exists"),
        (
            Cause(
                "the image brings libraries of a driver along, where the toolkit wants to put those of this one",
                "remove libnvidia-* and libcuda.so* of the driver from the image and build it again; an image never "
                "needs them",
                "`docker run --rm --entrypoint ls <image> -l <the folder in the message>` lists them without `--gpus`",
                "mostly the image was committed from a container that ran with a GPU, or installed nvidia-driver or "
                "nvidia-utils",
            ),
        ),
        _SOURCE + "utils.c (file_create); NVIDIA/nvidia-container-toolkit#289",
    ),
    Trouble(
        "cli-file-creation",
        CONTAINER_CLI,
        "mount error: file creation failed, or mount operation failed",
        (
            "mount error: file creation failed: {path}: {rest}",
            "mount error: mount operation failed: {path}: {rest}",
            "mount error: path error: {path}: {rest}",
            "mount error: open failed: {path}: {rest}",
        ),
        (
            Cause(
                "the container's file system does not take the mount: it is read-only, full, or a link in it leads "
                "nowhere",
                "look at the path in the message inside the image, and at `df` and `mount` for Docker's data",
                "the message ends with `read-only file system`, `no space left on device` or `too many levels of "
                "symbolic links`",
            ),
            Cause(
                "a file of the driver is gone since the driver was updated or removed",
                f"install the driver anew, then {RESTART_DOCKER}",
                "the path is one of the driver's and is not there on the virtual machine (`no such file or directory`)",
            ),
            Cause("Docker is rootless", _ROOTLESS, "the message ends with `operation not permitted`"),
        ),
        _SOURCE + "nvc_mount.c, utils.c",
    ),
    Trouble(
        "cli-stat",
        CONTAINER_CLI,
        "stat failed: /dev/nvidia...: no such file or directory",
        (
            "stat failed: /dev/nvidia{name}: no such file or directory",
            "mount error: stat failed: {path}: no such file or directory",
            "detection error: stat failed: {path}: no such file or directory",
            "detection error: open failed: {path}: no such file or directory",
            "initialization error: open failed: /dev/nvidia{name}: no such file or directory",
        ),
        (
            Cause(
                "a device node of the driver was never made",
                "`nvidia-modprobe -c 0 -u`, or `systemctl enable --now nvidia-persistenced`, which makes them at "
                "every start",
                "`ls -l /dev/nvidia*` lacks the node in the message",
                check="device-nodes/missing",
            ),
            Cause(
                "the nodes of MIG instances are not there",
                "`nvidia-modprobe -f /proc/driver/nvidia/capabilities/mig/config` or create the instances anew",
                "the path has nvidia-caps in it",
                check="mig",
            ),
        ),
        _SOURCE + "nvc_mount.c, nvc_info.c",
    ),
    Trouble(
        "cli-ldconfig-real",
        CONTAINER_CLI,
        "ldcache error: open failed: /sbin/ldconfig.real: no such file or directory",
        ("ldcache error: open failed: {path}: no such file or directory",),
        (
            Cause(
                "the toolkit was configured for Ubuntu, where ldconfig has another name",
                f'write `ldconfig = "@/sbin/ldconfig"` into {TOOLKIT_CONFIG}',
                "`ls /sbin/ldconfig.real` finds nothing, and /sbin/ldconfig is there",
                "Debian, Fedora and Arch have /sbin/ldconfig, Ubuntu has both",
            ),
        ),
        _SOURCE + "nvc_ldcache.c; NVIDIA/nvidia-docker#587",
    ),
    Trouble(
        "cli-ldconfig",
        CONTAINER_CLI,
        "ldcache error: process /sbin/ldconfig failed",
        (
            "ldcache error: process {path} failed with error code: {number}",
            "ldcache error: process {path} terminated with signal {number}",
            "ldcache error: {rest}",
        ),
        (
            Cause(
                "ldconfig of the machine fails in the container's file system",
                f"install the newest toolkit ({TOOLKIT}) and renew the image's base; for what it says, set `debug` of "
                "[nvidia-container-cli] in "
                f"{TOOLKIT_CONFIG} and read that file",
                "an image of another distribution works: it is this image (its /etc/ld.so.conf, or no glibc at all); "
                "none works: "
                "it is the toolkit",
            ),
            Cause(
                "the process was killed: by a limit (signal 9, 24, 25) or a security policy (signal 31)",
                f"update the toolkit ({TOOLKIT}); `ausearch -m seccomp -ts recent` tells a policy",
                "the message says `terminated with signal`",
            ),
        ),
        _SOURCE + "nvc_ldcache.c (limit_resources, limit_syscalls)",
    ),
)
