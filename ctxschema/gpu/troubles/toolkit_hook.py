"""What the Container Toolkit's runtime and its hook say."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import RUNTIME, RUNTIME_HOOK
from ctxschema.gpu.troubles.words import RESTART_DOCKER, SPECIFICATION, TOOLKIT, TOOLKIT_CONFIG
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "nvidia-container-toolkit, cmd/"

RUNTIME_TROUBLES = (
    Trouble(
        "hook-not-legacy",
        RUNTIME_HOOK,
        "invoking the NVIDIA Container Runtime Hook directly is not supported",
        ("invoking the NVIDIA Container Runtime Hook directly{rest}is not supported",),
        (
            Cause(
                "the toolkit is set to CDI (or csv), and `--gpus` of this Docker starts the old hook",
                "start the container with `--runtime=nvidia -e NVIDIA_VISIBLE_DEVICES=all` instead of `--gpus all`, "
                "or with "
                "`--device nvidia.com/gpu=all`",
                f"`mode` of [nvidia-container-runtime] in {TOOLKIT_CONFIG} is cdi or csv, or the line before says so",
                f'or write `mode = "auto"` there and {RESTART_DOCKER}; Docker 29.2 and newer use CDI for `--gpus`, too',
            ),
            Cause(
                "Docker is a snap, whose hook runs in CDI mode",
                "`snap remove docker` and install docker-ce or docker.io",
                "`snap list docker` lists it",
            ),
        ),
        _SOURCE + "nvidia-container-runtime-hook/hook_config.go (assertModeIsLegacy)",
    ),
    Trouble(
        "hook-no-cli",
        RUNTIME_HOOK,
        "couldn't find binary nvidia-container-cli in PATH",
        (
            "couldn't find binary nvidia-container-cli in PATH",
            'exec: "nvidia-container-cli": executable file not found',
        ),
        (
            Cause(
                "the toolkit is installed in part",
                f"`apt install --reinstall nvidia-container-toolkit libnvidia-container-tools`, then {RESTART_DOCKER}",
                "`command -v nvidia-container-cli` prints nothing",
                f"if it is there, remove `path` of [nvidia-container-cli] from {TOOLKIT_CONFIG}",
                "container-gpu/refused",
            ),
        ),
        _SOURCE + "nvidia-container-runtime-hook/main.go (getCLIPath)",
    ),
    Trouble(
        "hook-config",
        RUNTIME_HOOK,
        "error getting hook config",
        (
            "error getting hook config: {rest}",
            "couldn't open required configuration file: {rest}",
            "Invalid value for config option '{name}'; {rest}",
            "unable to load toml config: {rest}",
            "error loading config: {rest}",
        ),
        (
            Cause(
                f"{TOOLKIT_CONFIG} is broken",
                f"`nvidia-ctk config default --output={TOOLKIT_CONFIG}`, then set again what was changed",
                "the message names the line or the option",
            ),
        ),
        _SOURCE + "nvidia-container-runtime-hook/hook_config.go",
    ),
    Trouble(
        "hook-capabilities",
        RUNTIME_HOOK,
        "unsupported capabilities found",
        (
            "unsupported capabilities found in '{name}' (allowed '{quoted}')",
            "unsupported capabilities found in '{rest}' (allowed",
        ),
        (
            Cause(
                "NVIDIA_DRIVER_CAPABILITIES has a word that is none, or that the configuration does not allow",
                "`-e NVIDIA_DRIVER_CAPABILITIES=compute,utility` (or `all`)",
                "the message lists both; the words are compute, compat32, graphics, utility, video, display, ngx",
            ),
        ),
        _SOURCE + "nvidia-container-runtime-hook/container_config.go (getDriverCapabilities)",
    ),
    Trouble(
        "hook-mig-privilege",
        RUNTIME_HOOK,
        "cannot set MIG_CONFIG_DEVICES in non privileged container",
        (
            "cannot set MIG_CONFIG_DEVICES in non privileged container",
            "cannot set MIG_MONITOR_DEVICES in non privileged container",
        ),
        (
            Cause(
                "only a privileged container may configure MIG",
                "cut the GPU on the virtual machine (`nvidia-smi mig`), and leave NVIDIA_MIG_CONFIG_DEVICES out",
                "the variable is set by `-e` or by the image",
            ),
        ),
        _SOURCE + "nvidia-container-runtime-hook/container_config.go (getNvidiaConfig)",
    ),
    Trouble(
        "hook-ignored-devices",
        RUNTIME_HOOK,
        "Ignoring devices specified in NVIDIA_VISIBLE_DEVICES",
        ("Ignoring devices specified in NVIDIA_VISIBLE_DEVICES (privileged={rest}",),
        (
            Cause(
                "the configuration lets only privileged containers choose GPUs by the environment",
                f"`--gpus all`, or `accept-nvidia-visible-devices-envvar-when-unprivileged = true` in {TOOLKIT_CONFIG}",
                "the option is false there",
            ),
        ),
        _SOURCE + "nvidia-container-runtime-hook/container_config.go (getDevices)",
    ),
    Trouble(
        "hook-spec",
        RUNTIME_HOOK,
        "the hook cannot read the container's specification",
        (
            "could not decode container state: {rest}",
            "could not open OCI spec: {rest}",
            "could not decode OCI spec: {rest}",
            "Version is empty in OCI spec",
            "Process is empty in OCI spec",
            "Root is empty in OCI spec",
            "failed to get requirements {rest}",
        ),
        (
            Cause(
                "the hook and the OCI runtime are of times too far apart, or the hook was called by hand",
                f"update Docker, containerd and the toolkit together ({TOOLKIT}), then {RESTART_DOCKER}",
                "`runc --version` and `nvidia-container-runtime --version` are years apart",
            ),
        ),
        _SOURCE + "nvidia-container-runtime-hook/container_config.go (loadSpec)",
    ),
    Trouble(
        "runtime-no-runc",
        RUNTIME,
        "no runtime binary found from candidate list",
        (
            "no runtime binary found from candidate list: {rest}",
            "error locating runtime: {rest}",
            "error constructing low-level runtime: {rest}",
        ),
        (
            Cause(
                "runc is not where the toolkit looks for it",
                f'write the path of runc into `runtimes = ["/usr/bin/runc"]` of [nvidia-container-runtime] in '
                f"{TOOLKIT_CONFIG}",
                "`command -v runc docker-runc crun` prints another path, or nothing",
            ),
        ),
        "nvidia-container-toolkit, internal/oci/runtime_low_level.go",
    ),
    Trouble(
        "runtime-modify",
        RUNTIME,
        "could not apply required modification to OCI specification",
        (
            "could not apply required modification to OCI specification: {rest}",
            "error modifying OCI spec: {rest}",
            "failed to construct OCI spec modifier: {rest}",
            "error creating device discoverer: {rest}",
        ),
        (
            Cause(
                "the runtime cannot put the GPU into the container; what follows says why",
                f"{SPECIFICATION} if CDI devices are named, else look at `nvidia-smi` on the virtual machine",
                "the words behind the last colon name a device, a file or NVML",
                check="container-gpu/refused",
            ),
        ),
        "nvidia-container-toolkit, internal/oci/runtime_modifier.go",
        general=True,
    ),
    Trouble(
        "runtime-ended",
        RUNTIME,
        "nvidia-container-runtime did not terminate successfully",
        (
            "nvidia-container-runtime did not terminate {rest}: exit status {number}",
            "nvidia-container-runtime did not terminate sucessfully",
        ),
        (
            Cause(
                "the runtime refused; why stands in its own log and in Docker's",
                f"`journalctl -u docker -n 50`, and `debug` of [nvidia-container-runtime] in {TOOLKIT_CONFIG}",
                "`docker run --runtime=runc` without a GPU works",
                check="container-gpu/refused",
            ),
        ),
        "containerd, runtime/v2/shim (go-runc); nvidia-container-toolkit, cmd/nvidia-container-runtime",
        general=True,
    ),
)
