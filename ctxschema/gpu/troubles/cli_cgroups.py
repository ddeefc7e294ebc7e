"""What nvidia-container-cli says of cgroups, whose lists of devices it changes."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CONTAINER_CLI
from ctxschema.gpu.troubles.words import RESTART_DOCKER, TOOLKIT, TOOLKIT_CONFIG
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "libnvidia-container, src/"
_ROOTLESS = (
    f"`nvidia-ctk config --set nvidia-container-cli.no-cgroups=true --in-place` (`no-cgroups = true` in "
    f"{TOOLKIT_CONFIG}), then restart the rootless Docker (`systemctl --user restart docker`)"
)

CLI_CGROUP_TROUBLES = (
    Trouble(
        "cli-cgroup-bpf",
        CONTAINER_CLI,
        "unable to find any existing device filters attached to the cgroup",
        (
            "failed to add device rules: unable to find any existing device filters attached to the cgroup: {rest}",
            "bpf_prog_query(BPF_CGROUP_DEVICE) failed: {rest}",
            "mount error: failed to add device rules: unable to open the cgroup path: {rest}",
            "mount error: failed to add device rules: write {path}: {rest}",
            "mount error: failed to add device rules: open {path}: permission denied",
            "mount error: open failed: {path}/devices.allow: permission denied",
            "mount error: write error: {path}/devices.allow: {rest}",
            "nvidia-container-cli: mount error: open failed: {path}/devices.allow: permission denied",
            "nvidia-container-cli: mount error: open failed: {path}/devices.allow: {rest}",
        ),
        (
            Cause(
                "rootless Docker may not change the cgroup's list of devices",
                _ROOTLESS,
                "`docker info` lists rootless under Security Options, or Docker runs in an unprivileged container",
                "Container Toolkit 1.18.1 or newer, or CDI (`--device nvidia.com/gpu=all`), needs no such setting",
            ),
            Cause(
                "Docker has its own cgroup, which the hook does not find",
                f"update the toolkit ({TOOLKIT}), then {RESTART_DOCKER}",
                "Docker runs as root; `docker info` names the cgroup driver and version",
            ),
        ),
        _SOURCE + "nvcgo/internal/cgroup/v1.go, v2.go, ebpf.go; NVIDIA/nvidia-container-toolkit#1487, #139; "
        "NVIDIA/libnvidia-container#154",
    ),
    Trouble(
        "cli-cgroup-program",
        CONTAINER_CLI,
        "unable to generate, load or attach the device filter program",
        (
            "unable to generate new device filter program from existing programs: {rest}",
            "unable to generate new device filter program with no existing programs: {rest}",
            "unable to create new device filters program: {rest}",
            "unable to attach new device filters program: {rest}",
            "unable to detach original device filters program: {rest}",
            "unable to get Info() of the original device filters program: {rest}",
            "unable to get the instructions of the original device filters program: {rest}",
            "could not get complete list of CGROUP_DEVICE programs",
        ),
        (
            Cause(
                "the toolkit is too old for this kernel or runc",
                f"update the toolkit ({TOOLKIT}), then {RESTART_DOCKER}",
                "`nvidia-container-cli --version` is older than the kernel by years",
                "or hand the devices over by CDI: `--device nvidia.com/gpu=all`, which changes no cgroup programs",
            ),
            Cause("Docker is rootless", _ROOTLESS, "`docker info` lists rootless under Security Options"),
            Cause(
                "the limit of locked memory is too low to load a program",
                "raise LimitMEMLOCK of docker.service and containerd.service to infinity",
                "the message goes on with MEMLOCK or `operation not permitted`, and Docker runs as root",
            ),
        ),
        _SOURCE + "nvcgo/internal/cgroup/v2.go",
    ),
    Trouble(
        "cli-cgroup-v2",
        CONTAINER_CLI,
        "cgroup subsystem devices not found",
        (
            "container error: cgroup subsystem devices not found",
            "failed to get device cgroup mount path: {rest}",
            "failed to get device cgroup root path: {rest}",
            "failed to get device cgroup version: {rest}",
            "no cgroup filesystem mounted for the devices subsytem in mountinfo file",
            "no cgroup2 filesystem in mountinfo file",
            "relative path in mount prefix: {path}",
        ),
        (
            Cause(
                "cgroup v2, and a toolkit that knows v1 alone (before 1.8)",
                f"{TOOLKIT} from NVIDIA's repository, then {RESTART_DOCKER}",
                "`stat -fc %T /sys/fs/cgroup` says cgroup2fs, and `nvidia-container-cli --version` is older than 1.8",
            ),
            Cause(
                "Docker runs inside a container that sees only a part of the cgroups",
                f"`no-cgroups = true` in {TOOLKIT_CONFIG}, or CDI",
                "`systemd-detect-virt -c` names a container",
            ),
        ),
        _SOURCE + "cgroup_legacy.c, nvcgo; NVIDIA/nvidia-docker#1447",
    ),
)
