"""Can Docker hand a GPU to a container, and does one reach it? Source: gpu.md, sections 1 and 6."""

from __future__ import annotations

from ctxschema.model.check import Answer, Check, Layer, Status

_CONFIGURE = "`nvidia-ctk runtime configure --runtime=docker`"
_RESTART = "`systemctl restart docker`"
_TOOLKIT = f"`apt install nvidia-container-toolkit`, {_CONFIGURE}, then {_RESTART}"
_SPECIFICATION = "`nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml`"
_NO_ENGINE = Answer("no-engine", Status.SKIP, "Docker does not answer")
_NO_IMAGE = Answer(
    "no-image",
    Status.WARN,
    "no image is there that nvidia-smi could run in, so this was not tried",
    "name an image that is there with `--image`, or allow one to be downloaded with `--pull`",
)
_NOT_THERE = Answer(
    "not-there",
    Status.FAIL,
    "the image {image} is not there",
    "`docker pull {image}`, or add `--pull`",
    "No such image, or manifest unknown",
    "the image was never downloaded, or there is no such tag",
    ("No such image", "manifest unknown", "manifest for", "pull access denied", "repository does not exist"),
)

DOCKER = Check(
    "docker",
    Layer.VM,
    "Does Docker answer?",
    "docker version",
    "the engine tells its version",
    (
        Answer("answers", Status.PASS, "Docker {version} answers"),
        Answer(
            "not-found",
            Status.FAIL,
            "docker is not there",
            "install Docker (`apt install docker.io`)",
            "docker: command not found",
            "Docker is not installed",
            ("docker: command not found", "docker: not found"),
        ),
        Answer(
            "timeout",
            Status.FAIL,
            "Docker did not answer within {seconds} seconds",
            _RESTART,
            "docker commands hang",
            "the engine hangs",
        ),
        Answer(
            "denied",
            Status.FAIL,
            "Docker lets this user not in: {said}",
            "run it again as root",
            "permission denied while trying to connect to the Docker daemon socket",
            "the user is not root and not in the group docker",
            ("permission denied while trying to connect", "dial unix /var/run/docker.sock: connect: permission denied"),
        ),
        Answer(
            "silent",
            Status.FAIL,
            "Docker does not answer: {said}",
            "`systemctl start docker`, and read `journalctl -u docker` if that fails",
            "Cannot connect to the Docker daemon",
            "the engine does not run",
            (
                "Cannot connect to the Docker daemon",
                "Is the docker daemon running",
                "failed to connect to the docker API",
            ),
        ),
    ),
)

CONTAINER_TOOLKIT = Check(
    "container-toolkit",
    Layer.VM,
    "Can Docker hand over a GPU?",
    "the Container Toolkit's hooks on the engine's PATH, CDI specifications, the engine's version; daemon.json only "
    "for features.cdi, because --gpus depends on nothing else there",
    "there is the runtime hook, or from Docker 29.2 on the CDI hook with a specification",
    (
        Answer("hook", Status.PASS, "{path} is there"),
        Answer("cdi", Status.PASS, "{path} and {specification} are there, and Docker {version} uses CDI"),
        Answer(
            "not-installed",
            Status.FAIL,
            "Docker {version} has nothing to hand over a GPU with",
            _TOOLKIT,
            "could not select device driver",
            "Container Toolkit not configured",
            (
                "could not select device driver",
                "failed to discover GPU vendor from CDI",
                "no known GPU vendor found",
                "unknown or invalid runtime name: nvidia",
                "Unknown runtime specified nvidia",
                "nvidia-container-runtime: executable file not found",
                "nvidia-container-runtime-hook: executable file not found",
            ),
        ),
        Answer(
            "too-old",
            Status.FAIL,
            "{specification} is there, and Docker {version} does not read it for --gpus; there is no runtime hook",
            f"`apt install nvidia-container-toolkit` and {_RESTART}, or install Docker 29.2 or newer",
            "docker run --gpus all fails, although a CDI specification is there",
            "Docker before 29.2 hands over GPUs by the runtime hook alone",
        ),
        Answer(
            "switched-off",
            Status.FAIL,
            "CDI is switched off in /etc/docker/daemon.json, and there is no runtime hook",
            f"remove `features.cdi` from /etc/docker/daemon.json, then {_RESTART}",
            "no CDI device driver registered",
            "daemon.json switches CDI off",
            ("no CDI device driver registered", "CDI is not enabled"),
        ),
        Answer(
            "no-hook",
            Status.FAIL,
            "{specification} is there, and neither the CDI hook nor the runtime hook",
            f"`apt install nvidia-container-toolkit-base`, then {_RESTART}",
            "AMD CDI spec not found",
            "nvidia-cdi-hook is not on Docker's PATH",
            ("AMD CDI spec not found", "nvidia-cdi-hook: executable file not found", "nvidia-cdi-hook: no such file"),
        ),
        Answer(
            "no-specification",
            Status.FAIL,
            "{path} is there, and neither a CDI specification nor the runtime hook",
            f"{_SPECIFICATION}, or `systemctl start nvidia-cdi-refresh`",
            "unresolvable CDI devices nvidia.com/gpu=all",
            "there is no CDI specification",
            ("unresolvable CDI devices", "CDI device injection failed", "failed to inject CDI devices"),
        ),
        _NO_ENGINE,
    ),
)

CONTAINER_GPU = Check(
    "container-gpu",
    Layer.VM,
    "Does a container reach the GPU?",
    "nvidia-smi -L in a container without a network, from an image that is there",
    "it ends with 0 and names at least one GPU",
    (
        Answer("reaches", Status.PASS, "GPUs that nvidia-smi names in a container of {image}: {count}"),
        Answer(
            "refused",
            Status.FAIL,
            "Docker could not start a container of {image} with a GPU: {said}",
            f"{_CONFIGURE}, then {_RESTART}",
            "OCI runtime create failed, with nvidia-container-cli in the message",
            "the toolkit's hook failed",
            (
                "nvidia-container-cli: ",
                "error running prestart hook",
                "error running hook #0",
                "OCI runtime create failed",
                "failed to create shim task",
            ),
        ),
        Answer(
            "no-program",
            Status.FAIL,
            "nvidia-smi does not start in a container of {image}: {said}",
            "use an image with glibc, such as `flwr/supernode:<version>-py3.13-ubuntu24.04`; the plain tags are Alpine",
            "exec nvidia-smi: no such file or directory",
            "the image has no glibc (Alpine), or the toolkit put no nvidia-smi into the container",
            (
                'exec: "nvidia-smi": executable file not found',
                "exec /usr/bin/nvidia-smi: no such file",
            ),
        ),
        Answer(
            "blind",
            Status.FAIL,
            "nvidia-smi in a container of {image} ended with {code} and named no GPU: {said}",
            f"{_SPECIFICATION} if CDI is used, else {_CONFIGURE}, then {_RESTART}",
            "Failed to initialize NVML: Unknown Error, in a container that worked before",
            "systemd reloaded its units and took the devices away from the container",
            ("Failed to initialize NVML: Unknown Error", "Failed to initialize NVML: Insufficient Permissions"),
        ),
        Answer(
            "timeout",
            Status.FAIL,
            "a container of {image} did not answer within {seconds} seconds",
            "`nvidia-smi` on the virtual machine itself; if that hangs, too, restart the machine",
            "A container with a GPU hangs",
            "the driver waits for a GPU that does not answer",
        ),
        Answer("no-route", Status.SKIP, "Docker cannot hand over a GPU"),
        Answer("no-rows", Status.SKIP, "nvidia-smi names no GPU on the virtual machine itself"),
        _NO_ENGINE,
        _NO_IMAGE,
        _NOT_THERE,
    ),
    needs_container=True,
)

CONTAINER_CUDA = Check(
    "container-cuda",
    Layer.VM,
    "Is the container's CUDA one that the driver runs?",
    "CUDA_VERSION in the image's environment against what nvidia-smi tells of the driver",
    "the image's CUDA is not newer than the driver's, or the image declares none",
    (
        Answer("runs", Status.PASS, "{image} has CUDA {wanted}, and the driver runs CUDA up to {cuda}"),
        Answer("undeclared", Status.PASS, "{image} declares no CUDA of its own"),
        Answer(
            "newer-minor",
            Status.WARN,
            "{image} has CUDA {wanted}, and the driver runs CUDA up to {cuda}; most programs work, not all",
            "install a newer driver, or use an image with CUDA {cuda}",
            "the provided PTX was compiled with an unsupported toolchain",
            "the image's CUDA is a little newer than the driver's",
            ("PTX was compiled with an unsupported toolchain", "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"),
        ),
        Answer(
            "newer",
            Status.FAIL,
            "{image} has CUDA {wanted}, and the driver runs CUDA up to {cuda} only",
            "install a newer driver, or use an image with CUDA {cuda}",
            "CUDA driver version is insufficient for CUDA runtime version",
            "the image's CUDA is newer than the driver allows",
            (
                "driver version is insufficient for CUDA runtime version",
                "unsatisfied condition: cuda>=",
                "requirement error: unsatisfied condition",
                "The NVIDIA driver on your system is too old",
                "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH",
                "system has unsupported display driver",
            ),
        ),
        Answer("untold", Status.SKIP, "nvidia-smi does not tell the driver's CUDA"),
        _NO_ENGINE,
        _NO_IMAGE,
        Answer("not-there", Status.SKIP, "the image {image} is not there"),
    ),
    needs_container=True,
)

CONTAINER_CHECKS = (DOCKER, CONTAINER_TOOLKIT, CONTAINER_GPU, CONTAINER_CUDA)
