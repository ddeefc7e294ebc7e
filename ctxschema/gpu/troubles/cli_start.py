"""What nvidia-container-cli says when it starts: of the driver, of rights and of cgroups."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CONTAINER_CLI
from ctxschema.gpu.troubles.words import KERNEL_LOG, REBOOT, RESTART_DOCKER, TOOLKIT_CONFIG
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "libnvidia-container, src/"
_ROOTLESS = (
    f"`nvidia-ctk config --set nvidia-container-cli.no-cgroups=true --in-place` (`no-cgroups = true` in "
    f"{TOOLKIT_CONFIG}), then restart the rootless Docker (`systemctl --user restart docker`)"
)

CLI_START_TROUBLES = (
    Trouble(
        "cli-driver-not-loaded",
        CONTAINER_CLI,
        "nvml error: driver not loaded",
        (
            "nvidia-container-cli: initialization error: nvml error: driver not loaded",
            "initialization error: nvml error: driver not loaded",
            "nvml error: driver not loaded",
        ),
        (
            Cause(
                "driver not installed, or not loaded: the toolkit works, and the kernel has no NVIDIA module",
                "install the driver, or load it: `modprobe nvidia`",
                "`nvidia-smi` fails on the virtual machine itself, too, and /proc/driver/nvidia/version is not there",
                "if `modprobe nvidia` fails, its message says why: `gpu troubleshoot` knows it",
                "kernel-driver",
            ),
            Cause(
                "the module is there and started no GPU",
                f"read {KERNEL_LOG}",
                "`modprobe nvidia` succeeds, and the kernel log says `NVRM: ...` why",
            ),
        ),
        _SOURCE + "error.c (error_set_nvml) and cli/configure.c",
    ),
    Trouble(
        "cli-mismatch",
        CONTAINER_CLI,
        "nvml error: driver/library version mismatch",
        (
            "initialization error: nvml error: driver/library version mismatch",
            "nvml error: driver/library version mismatch",
        ),
        (
            Cause(
                "the driver was updated while the old one was loaded",
                f"{REBOOT}, which loads the driver that was installed last",
                "/proc/driver/nvidia/version and `modinfo -F version nvidia` name two versions",
                "hold the driver's packages back from unattended upgrades (`apt-mark hold`)",
                "nvidia-smi/mismatch",
            ),
        ),
        _SOURCE + "error.c (error_set_nvml)",
    ),
    Trouble(
        "cli-load-library",
        CONTAINER_CLI,
        "load library failed: libnvidia-ml.so.1",
        (
            "initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file",
            "load library failed: {name}: cannot open shared object file",
        ),
        (
            Cause(
                "Docker is a snap or Docker Desktop, which runs where the driver's libraries are not",
                "remove it (`snap remove docker`, or leave Docker Desktop) and install docker-ce or `apt install "
                "docker.io`, "
                "then `nvidia-ctk runtime configure --runtime=docker` and `systemctl restart docker`",
                "`nvidia-smi` works on the virtual machine; `snap list docker` lists it, or `docker context show` says "
                "desktop-linux",
            ),
            Cause(
                "the driver's libraries are not installed",
                "install the driver with its libraries (`apt install nvidia-driver-<branch>` or "
                "`nvidia-headless-<branch>` "
                "with `libnvidia-compute-<branch>`)",
                "`nvidia-smi` does not work on the virtual machine either, and `ldconfig -p | grep libnvidia-ml` "
                "prints nothing",
                check="nvidia-smi/no-library",
            ),
            Cause(
                "the toolkit looks for the driver elsewhere",
                f"comment out `root` and `ldcache` of [nvidia-container-cli] in {TOOLKIT_CONFIG}, then "
                f"{RESTART_DOCKER}",
                f"`nvidia-smi` works, Docker is no snap, and {TOOLKIT_CONFIG} sets `root` or `ldcache`",
            ),
        ),
        _SOURCE + "nvc_info.c, xfuncs.h; NVIDIA/nvidia-docker#1711; NVIDIA/nvidia-container-toolkit#154",
    ),
    Trouble(
        "cli-driver-rpc",
        CONTAINER_CLI,
        "driver rpc error",
        (
            "initialization error: driver rpc error: {rest}timed out",
            "driver rpc error: timed out",
            "initialization error: driver error: failed to process request",
            "initialization error: driver error: {rest}timed out",
            "initialization error: driver rpc error: failed to process request",
            "detection error: driver rpc error: {rest}timed out",
        ),
        (
            Cause(
                "the driver takes longer to answer than the toolkit waits, because nothing keeps it awake or a GPU "
                "hangs",
                "`systemctl enable --now nvidia-persistenced`",
                "`time nvidia-smi` takes more than some seconds; if it hangs, see the kernel log",
                f"if `nvidia-smi` hangs: {KERNEL_LOG}",
                "persistence/off",
            ),
            Cause(
                "the toolkit's helper process died, killed for memory or by a security policy",
                "give the machine more memory, or allow what the policy denied (`ausearch -m avc -ts recent`)",
                "`nvidia-smi` is quick; `dmesg` names nvc:[driver] as killed, or an audit denial",
            ),
        ),
        _SOURCE + "driver.c and error.c (error_set_rpc)",
    ),
    Trouble(
        "cli-nvml-other",
        CONTAINER_CLI,
        "nvidia-container-cli: initialization error: nvml error",
        (
            "initialization error: nvml error: {rest}",
            "detection error: nvml error: {rest}",
            "initialization error: cuda error: {rest}",
        ),
        (
            Cause(
                "the driver answers the toolkit with an error",
                f"run `nvidia-smi` on the virtual machine, and read {KERNEL_LOG}",
                "`nvidia-smi` on the virtual machine says the same",
                check="nvidia-smi",
            ),
            Cause(
                "the toolkit may not open the driver's devices",
                "see that /dev/nvidiactl and /dev/nvidia0 are there with mode 0666, and that SELinux does not deny "
                "them",
                "`nvidia-smi` works for root on the virtual machine",
                check="device-nodes/missing",
            ),
        ),
        _SOURCE + "error.c (error_set_nvml)",
    ),
    Trouble(
        "cli-privilege",
        CONTAINER_CLI,
        "privilege change failed, or capability change failed",
        (
            "initialization error: privilege change failed: {rest}",
            "permission error: capability change failed: operation not permitted",
            "privilege change failed: operation not permitted",
            "namespace association failed: {rest}",
            "initialization error: open failed: /proc/sys/kernel/overflow{name}",
        ),
        (
            Cause(
                "Docker runs without the rights that the toolkit's hook needs: rootless, or in an unprivileged "
                "container (LXC)",
                _ROOTLESS,
                "`docker info` lists rootless under Security Options, or `systemd-detect-virt -c` names a container",
                "CDI needs no such rights: `docker run --device nvidia.com/gpu=all`",
            ),
        ),
        _SOURCE + "utils.c (perm_*, ns_enter); NVIDIA/nvidia-container-toolkit#139",
    ),
    Trouble(
        "cli-permission",
        CONTAINER_CLI,
        "nvidia-container-cli: permission denied",
        (
            "nvidia-container-cli: {kind} error: open failed: {path}: permission denied",
            "detection error: path error: {path}: permission denied",
        ),
        (
            Cause(
                "a security policy, SELinux mostly, keeps the hook from the file",
                "`restorecon -Rv /usr/bin/nvidia-container-cli /usr/bin/nvidia-container-runtime-hook`, and see what "
                "is denied "
                "(`ausearch -m avc -ts recent`)",
                "`getenforce` says Enforcing, and `ausearch` names the path",
            ),
            Cause("Docker is rootless", _ROOTLESS, "`docker info` lists rootless under Security Options"),
        ),
        _SOURCE + "xfuncs.h",
    ),
    Trouble(
        "cli-wsl",
        CONTAINER_CLI,
        "WSL environment detected but no adapters were found",
        ("WSL environment detected but no adapters were found", "initialization error: WSL environment detected{rest}"),
        (
            Cause(
                "this is WSL, and Windows shows it no GPU",
                "update the driver in Windows, then `wsl --shutdown`; inside WSL install no NVIDIA driver",
                "`ls /dev/dxg` is there, and /usr/lib/wsl/lib/nvidia-smi lists none; a VM of OpenNebula never says so",
            ),
        ),
        "libnvidia-container, src/dxcore.c",
    ),
    Trouble(
        "cli-root",
        CONTAINER_CLI,
        "initialization error: change root failed",
        ("initialization error: change root failed: {rest}", "change root failed: {rest}"),
        (
            Cause(
                "`root` of the toolkit's configuration names a folder that has no driver in it",
                f"comment out `root` of [nvidia-container-cli] in {TOOLKIT_CONFIG}, then {RESTART_DOCKER}",
                f"{TOOLKIT_CONFIG} sets `root`, such as /run/nvidia/driver of the GPU operator",
            ),
        ),
        "libnvidia-container, src/driver.c",
    ),
)
