"""What runc, containerd and the programs in a container say, and what keeps devices from one."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import KERNEL, NVIDIA_SMI, RUNC
from ctxschema.gpu.troubles.words import KERNEL_LOG, RESTART_DOCKER, SPECIFICATION, TOOLKIT_CONFIG
from ctxschema.model.trouble import Cause, Trouble

CONTAINER_TROUBLES = (
    Trouble(
        "container-lost-devices",
        NVIDIA_SMI,
        "Failed to initialize NVML: Unknown Error, in a container that worked before",
        ("Failed to initialize NVML: Unknown Error",),
        (
            Cause(
                "systemd reloaded its units (`systemctl daemon-reload`) and took the devices away from the container",
                f"start the container anew; that it stays so, hand the GPU over by CDI: {SPECIFICATION} and `--device "
                "nvidia.com/gpu=all`",
                "`nvidia-smi` works on the virtual machine, and the container had the GPU before; an update or "
                "`systemctl daemon-reload` came in between",
                'or `"exec-opts": ["native.cgroupdriver=cgroupfs"]` in /etc/docker/daemon.json, then `systemctl '
                "restart docker`; or "
                "`nvidia-ctk system create-dev-char-symlinks --create-all` at every start",
                "container-gpu/blind",
            ),
            Cause(
                "the container may not use the devices: cgroups are switched off for it",
                f"`no-cgroups = false` in {TOOLKIT_CONFIG}, then {RESTART_DOCKER}",
                f"no container ever had it, Docker runs as root, and {TOOLKIT_CONFIG} says `no-cgroups = true`",
                "`no-cgroups = true` is for rootless Docker only; with it, name the devices: `--device /dev/nvidia0 "
                "--device "
                "/dev/nvidiactl --device /dev/nvidia-uvm`",
            ),
            Cause(
                "a GPU does not answer the driver",
                f"read {KERNEL_LOG}",
                "`nvidia-smi` says the same on the virtual machine itself",
                check="nvidia-smi/failed",
            ),
        ),
        "NVIDIA/nvidia-container-toolkit#48, #381, #1227; Container Toolkit, troubleshooting",
    ),
    Trouble(
        "container-permissions",
        NVIDIA_SMI,
        "Failed to initialize NVML: Insufficient Permissions",
        (
            "Failed to initialize NVML: Insufficient Permissions",
            "Failed to initialize NVML: no permission",
            "nvml error: insufficient permissions",
        ),
        (
            Cause(
                "SELinux keeps the container from the devices",
                "`setsebool -P container_use_devices 1`",
                "`getenforce` says Enforcing, and `--security-opt label=disable` makes it work",
            ),
            Cause(
                "the device nodes are not open for this user",
                "`chmod 0666 /dev/nvidia*`, and remove NVreg_DeviceFileMode or NVreg_DeviceFileUID from "
                "/etc/modprobe.d",
                "`ls -l /dev/nvidia*` shows another mode than crw-rw-rw-, and root in the container has no trouble",
                check="device-nodes",
            ),
        ),
        "NVIDIA/nvidia-container-toolkit#33, #210; NVIDIA/nvidia-docker#676",
    ),
    Trouble(
        "selinux-denied",
        KERNEL,
        "SELinux denies /dev/nvidia...",
        (
            "avc: denied {{ {rest} }} for {rest}nvidia{rest}",
            "SELinux is preventing {rest}nvidia{rest}",
        ),
        (
            Cause(
                "the policy keeps containers from the driver's devices",
                "`setsebool -P container_use_devices 1`",
                "`ausearch -m avc -ts recent` names container_t and a device node of NVIDIA's",
                "or start that container with `--security-opt label=type:nvidia_container_t` where that policy is "
                "installed",
            ),
        ),
        "NVIDIA/nvidia-container-toolkit#33; container-selinux",
    ),
    Trouble(
        "apparmor-denied",
        KERNEL,
        "AppArmor denies /dev/nvidia... or the toolkit",
        (
            'apparmor="DENIED" operation="{quoted}" {rest}nvidia{rest}',
            'apparmor="DENIED" operation="{quoted}" {rest}profile="snap.docker{rest}',
            "AppArmor enabled on system but the docker-default profile could not be loaded{rest}",
        ),
        (
            Cause(
                "Docker is a snap, whose profile does not let the driver's files in",
                "`snap remove docker` and install docker-ce or `apt install docker.io`",
                "the profile in the message begins with snap.docker",
            ),
            Cause(
                "a profile of one's own, or a broken one, confines Docker or the container",
                "`apt install apparmor` and `systemctl restart apparmor docker`; try once with `--security-opt "
                "apparmor=unconfined`",
                "the message names another profile, or says that docker-default could not be loaded",
            ),
        ),
        "moby, daemon/apparmor_default.go; the kernel's audit log",
    ),
    Trouble(
        "container-no-program",
        RUNC,
        "exec nvidia-smi: no such file or directory",
        (
            'exec: "nvidia-smi": executable file not found in $PATH',
            "exec {path}/nvidia-smi: no such file or directory",
            'exec: "{path}/nvidia-smi": stat {path}: no such file or directory',
            "starting container process caused: exec: {rest}nvidia-smi{rest}",
            "{path}/nvidia-smi: cannot execute: required file not found",
            "{path}/nvidia-smi: No such file or directory",
            "nvidia-smi: cannot execute: required file not found",
        ),
        (
            Cause(
                "the image has no glibc (Alpine), or the toolkit put no nvidia-smi into the container",
                "use an image with glibc, such as `flwr/supernode:<version>-py3.13-ubuntu24.04`; the plain tags are "
                "Alpine",
                "the message says `no such file or directory` of a file that is there; `docker run --rm --entrypoint "
                "ldd <image> "
                "--version` does not name glibc",
                check="container-gpu/no-program",
            ),
            Cause(
                "the container has no GPU: it was started without `--gpus`",
                "start it with `--gpus all`",
                "`docker inspect --format {{{{.HostConfig.DeviceRequests}}}} <container>` prints []",
            ),
            Cause(
                "the container may not use programs of the driver: NVIDIA_DRIVER_CAPABILITIES has no utility",
                "`-e NVIDIA_DRIVER_CAPABILITIES=compute,utility`",
                "`docker exec <container> env` shows the variable without utility",
            ),
        ),
        "measured with Docker 28.5 and 29.7; runc",
    ),
    Trouble(
        "container-hook",
        RUNC,
        "OCI runtime create failed",
        (
            "error running prestart hook #{number}: {rest}",
            "error running hook #{number}: {rest}",
            "error running hook: {rest}",
            "Running hook #{number}:: {rest}",
            "error executing hook {rest}",
            "OCI runtime create failed: {rest}",
            "failed to create shim task: {rest}",
            "OCI runtime error: {rest}",
        ),
        (
            Cause(
                "a hook failed, with `--gpus` mostly the Container Toolkit's; what follows `stderr:` says why",
                "ask again with what stands behind `stderr:`, and see that the container starts without `--gpus`",
                "it starts without `--gpus`: it is the toolkit or the driver; it does not: it is Docker or the image",
                check="container-gpu/refused",
            ),
        ),
        "runc, libcontainer/process_linux.go; containerd, runtime/v2",
        general=True,
    ),
    Trouble(
        "container-not-cgroup",
        RUNC,
        "runc cannot set up the cgroup's devices",
        (
            "bpf_prog_query(BPF_CGROUP_DEVICE) failed: {rest}: unknown",
            "error setting cgroup config for procHooks process: {rest}",
            "failed to set cgroup config for procHooks process: {rest}",
            "cgroups: cgroup mountpoint does not exist",
            "failed to call BPF_PROG_ATTACH (BPF_CGROUP_DEVICE{rest}",
        ),
        (
            Cause(
                "Docker runs where it may not change cgroups: rootless without delegation, or in a container",
                "delegate the controllers to the user (a drop-in for user@.service with `Delegate=cpu cpuset io "
                "memory pids`) and log "
                "in anew, or run Docker as root",
                "`docker info` lists rootless, or `systemd-detect-virt -c` names a container",
            ),
            Cause(
                "runc or Docker is too old for cgroup v2",
                "install Docker 20.10 or newer",
                "`stat -fc %T /sys/fs/cgroup` says cgroup2fs, and `docker version` is older",
            ),
        ),
        "runc, libcontainer/cgroups; Docker, rootless mode",
    ),
    Trouble(
        "container-shm",
        RUNC,
        "DataLoader worker is killed by signal: Bus error",
        (
            "DataLoader worker (pid {rest}) is killed by signal: Bus error{rest}",
            "DataLoader worker (pid(s) {rest}) exited unexpectedly",
            "It is possible that dataloader's workers are out of shared memory",
            "unable to mmap {number} bytes from file </torch_{rest}",
            "unable to open shared memory object </torch_{rest}",
        ),
        (
            Cause(
                "the container has 64 MiB of shared memory, Docker's default",
                "`docker run --shm-size=8g ...`, or `--ipc=host`",
                "`docker exec <container> df -h /dev/shm` shows 64M, full",
                "or `num_workers=0` in the program",
            ),
        ),
        "PyTorch, torch/utils/data/_utils/signal_handling.py",
    ),
)
