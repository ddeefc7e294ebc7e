"""The arguments of ``docker run``, as a list that no shell ever reads.

Sources: gpu.md section 1 for Docker, section 7 for Flower's programs.
"""

from __future__ import annotations

import posixpath

from attrs import frozen

from ctxschema.catalog.flower.base import (
    FL_DATABASE,
    FL_LOG_LEVEL,
    FLOWER_VERSION,
)
from ctxschema.catalog.flower.checkpoint import FL_CHECKPOINT_ENABLED, FL_CHECKPOINT_PATH
from ctxschema.catalog.flower.gpu import FL_GPU_MEMORY_FRACTION
from ctxschema.catalog.flower.network import (
    FL_GRPC_KEEPALIVE_TIME,
    FL_GRPC_KEEPALIVE_TIMEOUT,
    FL_SUPERLINK_ADDRESS,
)
from ctxschema.catalog.flower.tls import FL_TLS_ENABLED
from ctxschema.catalog.flower.training import ML_FRAMEWORK
from ctxschema.context.values import Values
from ctxschema.core.errors import DeclarationError, UnknownNameError
from ctxschema.gpu.decision import NOT_REQUESTED, GpuDecision
from ctxschema.model.appliance import Appliance
from tests.old.flower_command import superlink_command, superlink_ports, supernode_command

GPU_IMAGE_SUFFIX = "-py3.13-ubuntu24.04"
"""The plain tag is built on Alpine, where neither nvidia-smi nor a CUDA build of PyTorch runs."""

CERTIFICATE_FOLDER = "/opt/flower/certs"
CONFIG_FOLDER = "/opt/flower/config"

HARDENING = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
"""What keeps the program in the container from gaining any right; left out on request only."""

_SETTINGS_GROUPS = ("training", "checkpoint", "monitoring")

DCGM_NAME = "flower-dcgm-exporter"
DCGM_IMAGE = "nvcr.io/nvidia/k8s/dcgm-exporter:3.3.9-3.6.1-ubuntu22.04"
DCGM_PORT = 9400
DCGM_RIGHTS = ("--cap-add", "SYS_ADMIN")
"""Without it the exporter does not read profiling metrics, and some releases end (its README and issue 407)."""


@frozen
class Container:
    """A container as it is to be started.

    Attributes:
        name: Its name.
        image: Its image.
        environment: What is set in it.
        mounts: ``host:container:mode``.
        ports: Which ports of the machine lead inside, as ``-p`` takes them.
        gpu: Whether it gets the GPUs.
        command: The arguments of the program in it.
        env_file: Where more of its environment stands on the machine; ``environment`` beats it.
        rights: The arguments that take rights from it, or give it some.
    """

    name: str
    image: str
    environment: dict[str, str]
    mounts: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    gpu: GpuDecision = NOT_REQUESTED
    command: tuple[str, ...] = ()
    env_file: str | None = None
    rights: tuple[str, ...] = HARDENING

    def arguments(self) -> list[str]:
        """Return the whole command line, from ``docker`` on."""
        return [
            *("docker", "run", "-d", "--name", self.name, "--restart", "unless-stopped"),
            *self.rights,
            *(word for port in self.ports for word in ("-p", port)),
            *(word for mount in self.mounts for word in ("-v", mount)),
            *(("--env-file", self.env_file) if self.env_file else ()),
            *(word for name, value in self.environment.items() for word in ("-e", f"{name}={value}")),
            *self.gpu.docker_flags,
            self.image,
            *self.command,
        ]


def docker_arguments(
    appliance: Appliance,
    values: Values,
    decision: GpuDecision,
    *,
    superlink_address: str | None = None,
    hardened: bool = True,
    env_file: str | None = None,
) -> list[str]:
    """Return the command that starts an appliance's container, from ``docker`` on.

    Args:
        appliance: ``flower-supernode`` or ``flower-superlink``.
        values: Its values; none that has an effect may have failed.
        decision: Whether the container gets the GPUs.
        superlink_address: The address that was discovered, for a SuperNode that was given none.
        hardened: Whether the container loses every capability and cannot gain rights; switch it off for an app that
            needs one.
        env_file: The file that holds `settings_text`; what is in it is given by ``-e`` if None.

    Raises:
        UnknownNameError: The appliance is no single role.
        NoValueError: A value that is needed failed.
    """
    return container(
        appliance, values, decision, superlink_address=superlink_address, hardened=hardened, env_file=env_file
    ).arguments()


def container(
    appliance: Appliance,
    values: Values,
    decision: GpuDecision,
    *,
    superlink_address: str | None = None,
    hardened: bool = True,
    env_file: str | None = None,
    release: str | None = None,
) -> Container:
    """Return the container of an appliance; see `docker_arguments`.

    Args:
        appliance: As there, and so are the others but one.
        values: As there.
        decision: As there.
        superlink_address: As there.
        hardened: As there.
        env_file: As there.
        release: The release of Flower that is really there, if it is not FLOWER_VERSION.
    """
    mounted = mounts(appliance, values)
    release = release or values[FLOWER_VERSION]
    if appliance.name == "flower-supernode":
        address = values[FL_SUPERLINK_ADDRESS] or superlink_address
        image, gpu_environment = _supernode_image(values, decision, release)
        ports: tuple[str, ...] = ()
        command = supernode_command(values, address)
    else:
        image, gpu_environment = f"flwr/superlink:{release}", {}
        ports = superlink_ports(values, release)
        command = superlink_command(values, release)
    return Container(
        appliance.name,
        image,
        {
            "FLWR_LOG_LEVEL": values[FL_LOG_LEVEL],
            **({} if env_file else settings(appliance, values)),
            **gpu_environment,
        },
        mounted,
        ports,
        decision,
        tuple(command),
        env_file,
        HARDENING if hardened else (),
    )


def mounts(appliance: Appliance, values: Values) -> tuple[str, ...]:
    """Return what is mounted into the container, as ``host:container:mode``.

    Raises:
        UnknownNameError: The appliance is no machine of Flower's.
    """
    found = []
    if appliance.name == "flower-supernode":
        found.append("/opt/flower/data:/app/data:ro")
    elif appliance.name == "flower-superlink":
        if database_folder := posixpath.dirname(values[FL_DATABASE]):
            found.append(f"/opt/flower/state:/app/{database_folder}:rw")
        if values[FL_CHECKPOINT_ENABLED]:
            found.append(f"/opt/flower/checkpoints:{values[FL_CHECKPOINT_PATH]}:rw")
    else:
        raise UnknownNameError(f"{appliance.name} is neither flower-supernode nor flower-superlink")
    if values[FL_TLS_ENABLED]:
        found.append(f"{CERTIFICATE_FOLDER}:/app/certs:ro")
    return tuple(found)


def env_file_path(appliance: Appliance) -> str:
    """Return where the env file of an appliance's container stands on the machine."""
    return f"{CONFIG_FOLDER}/{appliance.name}.env"


def settings(appliance: Appliance, values: Values) -> dict[str, str]:
    """Return what the apps in the container read for themselves: what becomes no argument of docker or of Flower.

    What depends on the GPU is not among them: it is known only when the container starts.
    """
    found = {}
    for variable in appliance.variables:
        value = values.get(variable)
        effective = variable.effective is None or variable.effective.holds(values) is True
        ours = variable.group in _SETTINGS_GROUPS or variable in {FL_GRPC_KEEPALIVE_TIME, FL_GRPC_KEEPALIVE_TIMEOUT}
        if value is not None and ours and effective and variable.stops_boot:
            found[variable.name] = variable.text_of(value)
    return found


def settings_text(appliance: Appliance, values: Values) -> str:
    """Return the settings as an env file, one a line.

    Docker takes a line as it stands, without any quoting, and drops what follows a line end (gpu.md, section 1).

    Raises:
        DeclarationError: A setting has a line end in it, which its declaration should have refused.
    """
    found = settings(appliance, values)
    broken = [name for name, text in found.items() if len(text.splitlines()) > 1]
    if broken:
        raise DeclarationError(f"{', '.join(broken)} would add lines to the env file")
    return "".join(f"{name}={text}\n" for name, text in found.items())


def dcgm_sidecar() -> Container:
    """Return the container that exports the metrics of the GPUs."""
    everything = GpuDecision(requested=True, use_gpu=True)
    return Container(DCGM_NAME, DCGM_IMAGE, {}, ports=(f"{DCGM_PORT}:{DCGM_PORT}",), gpu=everything, rights=DCGM_RIGHTS)


def _supernode_image(values: Values, decision: GpuDecision, release: str) -> tuple[str, dict[str, str]]:
    """Return the image of a SuperNode, and what is set in it for a GPU."""
    image = f"flwr/supernode:{release}"
    environment: dict[str, str] = {}
    if not decision.use_gpu:
        return image, environment
    if decision.environment:
        # CUDA numbers the fastest GPU first; nvidia-smi, from which people read the numbers, by PCI address.
        environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
    if values[ML_FRAMEWORK] == "pytorch":
        fraction = values[FL_GPU_MEMORY_FRACTION]
        environment[FL_GPU_MEMORY_FRACTION.name] = FL_GPU_MEMORY_FRACTION.text_of(fraction)
    elif values[ML_FRAMEWORK] == "tensorflow":
        environment["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    return image + GPU_IMAGE_SUFFIX, environment
