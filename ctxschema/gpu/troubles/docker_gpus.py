"""What Docker says when a GPU is asked for.

Source: docs/facts/gpu.md, sections 1 and 6, where the texts were measured.
"""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import DOCKER
from ctxschema.gpu.troubles.words import RESTART_DOCKER, SPECIFICATION, TOOLKIT
from ctxschema.model.trouble import Cause, Trouble

_MOBY = "moby, daemon/"

DOCKER_GPU_TROUBLES = (
    Trouble(
        "docker-device-driver",
        DOCKER,
        "could not select device driver",
        (
            'could not select device driver "{quoted}" with capabilities: [[{rest}]]',
            "could not select device driver {rest}with capabilities",
            "failed to discover GPU vendor from CDI: no known GPU vendor found",
            "no known GPU vendor found",
        ),
        (
            Cause(
                "Container Toolkit not configured",
                "`nvidia-ctk runtime configure --runtime=docker`",
                "`command -v nvidia-container-runtime-hook nvidia-cdi-hook` prints nothing, or Docker was not "
                "restarted since",
                f"install it first where it is missing ({TOOLKIT}, from NVIDIA's repository), and {RESTART_DOCKER} "
                "afterwards: "
                "Docker looks for the toolkit when it starts",
                "container-toolkit/not-installed",
            ),
            Cause(
                "Docker is a snap, or Docker Desktop, which does not look where the toolkit is installed",
                "`snap remove docker` (or leave Docker Desktop), and install docker-ce or `apt install docker.io`",
                "`snap list docker` lists it, or `docker context show` says desktop-linux",
            ),
            Cause(
                "Docker is rootless, and the toolkit is configured for the other one",
                "`nvidia-ctk runtime configure --runtime=docker --config=$HOME/.config/docker/daemon.json`, then "
                "`systemctl --user restart docker`",
                "`docker info` lists rootless under Security Options",
            ),
            Cause(
                "`docker` is podman's, which knows no such drivers",
                f"{SPECIFICATION}, and `--device nvidia.com/gpu=all` instead of `--gpus all`",
                "`docker --version` says podman",
            ),
        ),
        _MOBY + "devices.go, devices_nvidia_linux.go; measured with Docker 20.10, 28.5 and 29.7",
    ),
    Trouble(
        "docker-amd-cdi",
        DOCKER,
        "AMD CDI spec not found",
        ("AMD CDI spec not found",),
        (
            Cause(
                "nvidia-cdi-hook is not on Docker's PATH",
                f"`apt install nvidia-container-toolkit-base`, then {RESTART_DOCKER}",
                "/etc/cdi or /var/run/cdi has a specification for nvidia.com/gpu, and `command -v nvidia-cdi-hook` "
                "prints nothing",
                check="container-toolkit/no-hook",
            ),
        ),
        _MOBY + "devices_amd_linux.go; measured with Docker 20.10, 28.5 and 29.7",
    ),
    Trouble(
        "docker-cdi-unresolvable",
        DOCKER,
        "unresolvable CDI devices nvidia.com/gpu=all",
        (
            "CDI device injection failed: unresolvable CDI devices {device}",
            "unresolvable CDI devices {device}",
            "unresolvable CDI devices: {device}",
            "failed to inject CDI devices: {rest}unresolvable",
        ),
        (
            Cause(
                "there is no CDI specification",
                f"{SPECIFICATION}, or `systemctl start nvidia-cdi-refresh`",
                "`nvidia-ctk cdi list` finds 0 devices",
                check="container-toolkit/no-specification",
            ),
            Cause(
                "the specification has no device of that name",
                "ask for one that `nvidia-ctk cdi list` prints (`nvidia.com/gpu=all`, `=0` or a UUID), or make it "
                "anew: " + SPECIFICATION,
                "`nvidia-ctk cdi list` prints other names; after MIG was changed or a card came, it is out of date",
            ),
            Cause(
                "Docker reads specifications elsewhere",
                f'put `"cdi-spec-dirs": ["/etc/cdi", "/var/run/cdi"]` into /etc/docker/daemon.json and '
                f"{RESTART_DOCKER}",
                "`docker info` prints other CDI spec directories; rootless Docker and snaps do",
            ),
        ),
        _MOBY + "cdi.go; NVIDIA/nvidia-container-toolkit#146; measured with Docker 20.10, 28.5 and 29.7",
    ),
    Trouble(
        "docker-cdi-off",
        DOCKER,
        "no CDI device driver registered",
        (
            "no CDI device driver registered: {rest}",
            "no CDI device driver registered",
            "CDI is not enabled",
            'could not select device driver "cdi" with capabilities: []',
            'while adding custom device "nvidia.com/{name}": no such file or directory',
            "stat nvidia.com/{name}: no such file or directory",
            "invalid device request: nvidia.com/{name}",
        ),
        (
            Cause(
                "daemon.json switches CDI off",
                f"remove `features.cdi` from /etc/docker/daemon.json, then {RESTART_DOCKER}",
                "it says `false` there",
                check="container-toolkit/switched-off",
            ),
            Cause(
                "Docker is older than 28.2 and does not use CDI by itself, or than 25 and has none",
                f"`nvidia-ctk runtime configure --runtime=docker --cdi.enabled` and {RESTART_DOCKER}, or a newer "
                "Docker",
                "`docker version` tells the server's version",
            ),
        ),
        _MOBY + "cdi.go; measured with Docker 28.5 and 29.7",
    ),
    Trouble(
        "docker-cdi-spec",
        DOCKER,
        "a CDI specification cannot be read",
        (
            "failed to load CDI Spec {rest}",
            "failed to parse CDI Spec {rest}",
            "CDI registry has errors{rest}",
            "conflicting device {rest}",
            "invalid CDI Spec: {rest}",
            'json: unknown field "additionalGids"',
            "unsupported spec version {rest}",
            'failed to read CDI Spec "{path}"{rest}',
        ),
        (
            Cause(
                "two specifications name the same devices, or one is of a newer format than Docker knows",
                "remove the older of /etc/cdi/nvidia.yaml and /var/run/cdi/nvidia.yaml, and make the other anew: "
                f"{SPECIFICATION}",
                "`ls -l /etc/cdi /var/run/cdi` shows two files, or the message names a version or a field",
                "a newer Docker or containerd reads newer formats",
            ),
        ),
        "container-device-interface, pkg/cdi/cache.go, spec.go",
    ),
    Trouble(
        "docker-cdi-old",
        DOCKER,
        "docker run --gpus all fails, although a CDI specification is there",
        (),
        (
            Cause(
                "Docker before 29.2 hands over GPUs by the runtime hook alone",
                f"{TOOLKIT} and {RESTART_DOCKER}, or install Docker 29.2 or newer",
                "`docker version` tells the server's version; `--device nvidia.com/gpu=all` works all the same",
                check="container-toolkit/too-old",
            ),
        ),
        "measured with Docker 20.10, 28.5 and 29.7",
    ),
    Trouble(
        "docker-runtime",
        DOCKER,
        "unknown or invalid runtime name: nvidia",
        (
            "unknown or invalid runtime name: {name}",
            "Unknown runtime specified {name}",
            "unknown runtime specified nvidia",
            "invalid runtime name: nvidia",
            'no runtime for "{quoted}" is configured',
            'runtime "nvidia" is not configured',
        ),
        (
            Cause(
                "Docker has no runtime of that name",
                f"`nvidia-ctk runtime configure --runtime=docker`, then {RESTART_DOCKER}",
                "`docker info` does not list nvidia under Runtimes",
                "`--gpus all` needs no such runtime",
                "container-toolkit",
            ),
            Cause(
                "the command reaches another Docker than the one that was configured",
                "`docker context use default`, or `snap remove docker`",
                "/etc/docker/daemon.json has the runtime; `docker context ls` or `snap list docker` shows another "
                "engine",
            ),
        ),
        _MOBY + "runtime_unix.go",
    ),
    Trouble(
        "docker-runtime-binary",
        DOCKER,
        "nvidia-container-runtime: executable file not found",
        (
            'exec: "nvidia-container-runtime": executable file not found',
            "fork/exec {path}/nvidia-container-runtime: no such file or directory",
            "nvidia-container-runtime: executable file not found",
            "nvidia-container-runtime-hook: executable file not found",
            'exec: "nvidia-container-runtime-hook": executable file not found',
            "unable to retrieve OCI runtime error (open {path}: no such file or directory): fork/exec",
            "fork/exec {path}/nvidia-container-runtime-hook: no such file or directory",
            "fork/exec {path}/nvidia-container-toolkit: no such file or directory",
        ),
        (
            Cause(
                "daemon.json names a runtime that is not installed, or was removed",
                f"{TOOLKIT}, then {RESTART_DOCKER}",
                "`command -v nvidia-container-runtime` prints nothing; `docker info` lists the runtime all the same",
                "or take `runtimes.nvidia` and `default-runtime` out of /etc/docker/daemon.json",
                "container-toolkit/not-installed",
            ),
        ),
        "measured with Docker 20.10, 28.5 and 29.7; containerd, go-runc",
    ),
)
