"""A container that is ready to be started, and the command that starts it."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ctxschema.core.secret import Secret
from ctxschema.gpu.decision import NOT_REQUESTED, GpuDecision
from ctxschema.model.container import FOLDER_MODE


@frozen
class Folder:
    """A folder that must exist before the container starts."""

    path: str
    owner: int
    mode: int = FOLDER_MODE


@frozen
class PlannedFile:
    """A file that must exist before the container starts."""

    path: str
    text: Secret
    owner: int
    mode: int


@frozen
class ContainerPlan:
    """A container that is ready to be started.

    Attributes:
        name: Its name.
        image: Its image, with the tag.
        environment: The environment variables that are given by ``-e``.
        mounts: The mounts as ``host:container:mode``.
        ports: The published ports, as ``-p`` takes them.
        gpu: The decision between GPU and CPU.
        command: The arguments of the program in it.
        env_file: The path of the file with more environment variables; ``environment`` overrides it.
        rights: The options for capabilities, privileges, user and shared memory.
        folders: The folders to create first.
    """

    name: str
    image: str
    environment: dict[str, str]
    mounts: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    gpu: GpuDecision = NOT_REQUESTED
    command: tuple[str, ...] = ()
    env_file: str | None = None
    rights: tuple[str, ...] = ()
    folders: tuple[Folder, ...] = ()

    def arguments(self, gpu_flags: Sequence[str] | None = None) -> list[str]:
        """Return the command that starts the container, from ``docker`` on.

        Args:
            gpu_flags: The flags for GPUs; those of the decision if None.
        """
        return [
            *("docker", "run", "-d", "--name", self.name, "--restart", "unless-stopped"),
            *self.rights,
            *(word for port in self.ports for word in ("-p", port)),
            *(word for mount in self.mounts for word in ("-v", mount)),
            *(("--env-file", self.env_file) if self.env_file else ()),
            *(word for name, value in self.environment.items() for word in ("-e", f"{name}={value}")),
            *(self.gpu.docker_flags if gpu_flags is None else gpu_flags),
            self.image,
            *self.command,
        ]
