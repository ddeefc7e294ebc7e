"""What Docker says of itself and of images."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import DOCKER
from ctxschema.gpu.troubles.words import RESTART_DOCKER
from ctxschema.model.trouble import Cause, Trouble

_MOBY = "moby, daemon/"

DOCKER_ENGINE_TROUBLES = (
    Trouble(
        "docker-not-found",
        DOCKER,
        "docker: command not found",
        ("docker: command not found", "docker: not found", "sudo: docker: command not found"),
        (Cause("Docker is not installed", "install Docker (`apt install docker.io`)", check="docker/not-found"),),
        "bash; dash",
    ),
    Trouble(
        "docker-denied",
        DOCKER,
        "permission denied while trying to connect to the Docker daemon socket",
        (
            "permission denied while trying to connect to the {rest}",
            "dial unix {path}: connect: permission denied",
        ),
        (
            Cause(
                "the user is not root and not in the group docker",
                "run it again as root",
                "`id` does not list docker",
                "or `usermod -aG docker <user>` and log in anew; that user is as good as root then",
                "docker/denied",
            ),
        ),
        "docker/cli",
    ),
    Trouble(
        "docker-not-running",
        DOCKER,
        "Cannot connect to the Docker daemon",
        (
            "Cannot connect to the Docker daemon at {rest}",
            "Cannot connect to the Docker daemon",
            "failed to connect to the docker API at {rest}",
            "Is the docker daemon running?",
        ),
        (
            Cause(
                "the engine does not run",
                "`systemctl start docker`, and read `journalctl -u docker` if that fails",
                "`systemctl is-active docker` does not say active",
                check="docker/silent",
            ),
            Cause(
                "the client asks another engine",
                "`docker context use default`, and unset DOCKER_HOST",
                "`docker context show` does not say default, or DOCKER_HOST is set",
            ),
        ),
        "docker/cli",
    ),
    Trouble(
        "docker-daemon-json",
        DOCKER,
        "Docker does not start with its daemon.json",
        (
            "unable to configure the Docker daemon with file {path}: {rest}",
            "the following directives are specified both as a flag and in the configuration file: {rest}",
            "the following directives don't match any configuration option: {rest}",
            'invalid character "{quoted}" {rest} daemon.json',
            "failed to start daemon: invalid default runtime: {rest}",
            'specified default runtime "{name}" does not exist',
            "specified default runtime '{name}' does not exist",
        ),
        (
            Cause(
                "/etc/docker/daemon.json has a mistake",
                f"repair the file, `dockerd --validate --config-file /etc/docker/daemon.json`, then {RESTART_DOCKER}",
                "the message names the option or the character; a comma too many is the usual one",
                "`default-runtime` has to be one of `runtimes`",
            ),
        ),
        _MOBY + "config/config.go",
    ),
    Trouble(
        "docker-hangs",
        DOCKER,
        "docker commands hang",
        (),
        (
            Cause(
                "the engine hangs",
                RESTART_DOCKER,
                "`nvidia-smi` answers, so that it is not the driver",
                check="docker/timeout",
            ),
        ),
        "measured with Docker 28.5 and 29.7",
    ),
    Trouble(
        "docker-container-hangs",
        DOCKER,
        "A container with a GPU hangs",
        (),
        (
            Cause(
                "the driver waits for a GPU that does not answer",
                "`nvidia-smi` on the virtual machine itself; if that hangs, too, restart the machine",
                check="container-gpu/timeout",
            ),
        ),
        "measured with Docker 28.5 and 29.7",
    ),
    Trouble(
        "docker-no-image",
        DOCKER,
        "No such image, or manifest unknown",
        (
            "No such image: {image}",
            "manifest for {image} not found: manifest unknown",
            "manifest unknown",
            "pull access denied for {image}",
            "repository does not exist or may require 'docker login'",
        ),
        (
            Cause(
                "the image was never downloaded, or there is no such tag",
                "`docker pull <image>`, or add `--pull`",
                "tags of nvidia/cuda have three numbers and a system, such as 12.4.1-base-ubuntu24.04",
                check="container-gpu/not-there",
            ),
        ),
        "measured with Docker 28.5 and 29.7",
    ),
    Trouble(
        "docker-platform",
        DOCKER,
        "the image is not for this machine",
        (
            "no matching manifest for {name} in the manifest list entries",
            "The requested image's platform ({name}) does not match the detected host platform ({rest})",
            "exec {path}: exec format error",
            "exec format error",
        ),
        (
            Cause(
                "the image was built for another kind of processor",
                "use an image for the machine's own (`uname -m`); a GPU does not work under emulation",
                "`docker image inspect --format {{{{.Architecture}}}} <image>` and `uname -m` differ",
            ),
        ),
        "containerd, platforms; runc",
    ),
    Trouble(
        "docker-snap-mount",
        DOCKER,
        "error while creating mount source path: read-only file system",
        ("error while creating mount source path '{path}': mkdir {path}: read-only file system",),
        (
            Cause(
                "Docker is a snap, which sees folders below /home only",
                "`snap remove docker` and install docker-ce or `apt install docker.io`",
                "`snap list docker` lists it; the toolkit's files are out of its reach, too",
            ),
            Cause(
                "the folder is on a file system that is read-only",
                "use another folder",
                "`findmnt -T <folder>` says ro",
            ),
        ),
        "moby, volume/mounts; the snap docker",
    ),
    Trouble(
        "docker-job",
        DOCKER,
        "docker.service failed",
        (
            "Job for docker.service failed{rest}",
            "docker.service: Failed with result {rest}",
            "docker.service: Start request repeated too quickly",
            "Failed to start docker.service{rest}",
            "failed to start daemon: {rest}",
        ),
        (
            Cause(
                "the engine did not start; it says why in the journal",
                "read `journalctl -u docker -n 30`, and ask again with what it says",
                "after `nvidia-ctk runtime configure` it is mostly /etc/docker/daemon.json: `dockerd --validate` "
                "names the mistake",
                check="docker/silent",
            ),
        ),
        "systemd; moby, cmd/dockerd",
        general=True,
    ),
)
