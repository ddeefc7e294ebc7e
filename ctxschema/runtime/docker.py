"""The arguments of ``docker run``, as a list that no shell ever reads.

Sources: gpu.md section 1 for Docker, section 7 for Flower's programs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from attrs import frozen

from ctxschema.catalog.flower.base import (
    FL_DATABASE,
    FL_ISOLATION,
    FL_LOG_LEVEL,
    FL_NODE_CONFIG,
    FLOWER_VERSION,
)
from ctxschema.catalog.flower.checkpoint import FL_CHECKPOINT_ENABLED, FL_CHECKPOINT_PATH
from ctxschema.catalog.flower.gpu import FL_GPU_MEMORY_FRACTION
from ctxschema.catalog.flower.monitoring import FL_LOG_FORMAT, FL_METRICS_ENABLED, FL_METRICS_PORT
from ctxschema.catalog.flower.network import (
    FL_CONTROL_API_ADDRESS,
    FL_FLEET_API_ADDRESS,
    FL_MAX_RETRIES,
    FL_MAX_WAIT_TIME,
    FL_SUPERLINK_ADDRESS,
)
from ctxschema.catalog.flower.tls import FL_SSL_CA_CERTFILE, FL_TLS_ENABLED
from ctxschema.catalog.flower.training import ML_FRAMEWORK
from ctxschema.context.values import Values
from ctxschema.core.errors import UnknownNameError
from ctxschema.model.appliance import Appliance
from ctxschema.runtime.decision import NOT_REQUESTED, GpuDecision

GPU_IMAGE_SUFFIX = "-py3.13-ubuntu24.04"
"""The plain tag is built on Alpine, where neither nvidia-smi nor a CUDA build of PyTorch runs."""

ONE_LISTENER = (1, 40)
"""From this Flower on the API addresses are ignored, and ``--host`` and ``--port`` count."""

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - of the container; which addresses of the machine lead there is Docker's part
EVERY_IPV6_ADDRESS = "[::]"

CERTIFICATE_FOLDER = "/opt/flower/certs"
CONFIG_FOLDER = "/opt/flower/config"

HARDENING = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
"""What keeps the program in the container from gaining any right; left out on request only."""

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
) -> list[str]:
    """Return the command that starts an appliance's container, from ``docker`` on.

    Args:
        appliance: ``flower-supernode`` or ``flower-superlink``.
        values: Its values; none that has an effect may have failed.
        decision: Whether the container gets the GPUs.
        superlink_address: The address that was discovered, for a SuperNode that was given none.
        hardened: Whether the container loses every capability and cannot gain rights; switch it off for an app that
            needs one.

    Raises:
        UnknownNameError: The appliance is no single role.
        NoValueError: A value that is needed failed.
    """
    planned = container(appliance, values, decision, superlink_address=superlink_address, hardened=hardened)
    return planned.arguments()


def container(  # noqa: PLR0913 - the arguments of docker_arguments, and one more
    appliance: Appliance,
    values: Values,
    decision: GpuDecision,
    *,
    superlink_address: str | None = None,
    hardened: bool = True,
    release: str | None = None,
) -> Container:
    """Return the container of an appliance; see `docker_arguments`.

    Args:
        appliance: As there, and so are the others but one.
        values: As there.
        decision: As there.
        superlink_address: As there.
        hardened: As there.
        release: The release of Flower that is really there, if it is not FLOWER_VERSION.
    """
    release = release or values[FLOWER_VERSION]
    if appliance.name == "flower-supernode":
        address = values[FL_SUPERLINK_ADDRESS] or superlink_address
        image, environment = _supernode_image(values, decision, release)
        ports: tuple[str, ...] = ()
        command = _supernode_command(values, address)
    elif appliance.name == "flower-superlink":
        image, environment = f"flwr/superlink:{release}", _log_environment(values)
        one_listener = _numbers(release) >= ONE_LISTENER
        ports = _superlink_ports(values, one_listener=one_listener)
        command = _superlink_command(values, one_listener=one_listener)
    else:
        raise UnknownNameError(f"{appliance.name} is neither flower-supernode nor flower-superlink")
    return Container(
        appliance.name,
        image,
        environment,
        mounts(appliance, values),
        ports,
        decision,
        tuple(command),
        env_file(appliance),
        HARDENING if hardened else (),
    )


def mounts(appliance: Appliance, values: Values) -> tuple[str, ...]:
    """Return what is mounted into the container, as ``host:container:mode``."""
    found = []
    if appliance.name == "flower-supernode":
        found.append("/opt/flower/data:/app/data:ro")
    else:
        if database_folder := posixpath.dirname(values[FL_DATABASE]):
            found.append(f"/opt/flower/state:/app/{database_folder}:rw")
        if values[FL_CHECKPOINT_ENABLED]:
            found.append(f"/opt/flower/checkpoints:{values[FL_CHECKPOINT_PATH]}:rw")
    if values[FL_TLS_ENABLED]:
        found.append(f"{CERTIFICATE_FOLDER}:/app/certs:ro")
    return tuple(found)


def env_file(appliance: Appliance) -> str:
    """Return where the env file of an appliance's container stands on the machine."""
    return f"{CONFIG_FOLDER}/{appliance.name}.env"


def env_file_text(appliance: Appliance, values: Values) -> str:
    """Return what the env file of a container holds: the settings for the apps in it, one a line.

    Docker takes a line as it stands, without any quoting, and drops what follows a line end (gpu.md, section 1): so no
    value with one is written. Secrets and certificates have files of their own, what depends on the GPU is known only
    when the container starts, and the release is that of the image.
    """
    lines = []
    for variable in appliance.variables:
        value = values.get(variable)
        if value is None or variable.secret or variable.kind.name == "text64" or not variable.stops_boot:
            continue
        text = variable.text_of(value)
        effective = variable.effective is None or variable.effective.holds(values) is True
        if text and effective and variable is not FLOWER_VERSION and not {"\n", "\r", "\0"} & set(text):
            lines.append(f"{variable.name}={text}\n")
    return "".join(lines)


def dcgm_sidecar() -> Container:
    """Return the container that exports the metrics of the GPUs."""
    everything = GpuDecision(requested=True, use_gpu=True)
    return Container(DCGM_NAME, DCGM_IMAGE, {}, ports=(f"{DCGM_PORT}:{DCGM_PORT}",), gpu=everything, rights=DCGM_RIGHTS)


def _supernode_image(values: Values, decision: GpuDecision, release: str) -> tuple[str, dict[str, str]]:
    """Return the image of a SuperNode, and what is set in it."""
    image, environment = f"flwr/supernode:{release}", _log_environment(values)
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


def _supernode_command(values: Values, superlink_address: str | None) -> Iterator[str]:
    if not values[FL_TLS_ENABLED]:
        yield "--insecure"
    elif values[FL_SSL_CA_CERTFILE]:
        yield from ("--root-certificates", "/app/certs/ca.crt")
    if superlink_address:
        yield from ("--superlink", superlink_address)
    yield from ("--isolation", values[FL_ISOLATION])
    if values[FL_NODE_CONFIG]:
        # In two words, a value that begins with a dash would be taken for an option.
        yield f"--node-config={values[FL_NODE_CONFIG]}"
    for flag, limit in (("--max-retries", FL_MAX_RETRIES), ("--max-wait-time", FL_MAX_WAIT_TIME)):
        if values[limit]:  # to Flower, 0 means none at all rather than no limit
            yield from (flag, str(values[limit]))


def _superlink_ports(values: Values, *, one_listener: bool) -> tuple[str, ...]:
    ports = [_published(values[FL_FLEET_API_ADDRESS])]
    if not one_listener:
        ports.append(_published(values[FL_CONTROL_API_ADDRESS]))
    if values[FL_METRICS_ENABLED]:
        ports.append(f"{values[FL_METRICS_PORT]}:{values[FL_METRICS_PORT]}")
    return tuple(dict.fromkeys(ports))


def _published(address: str) -> str:
    """Return how Docker publishes an address: one of the machine stands here, for inside there is none such."""
    host, _, port = address.rpartition(":")
    every = host in {EVERY_ADDRESS, EVERY_IPV6_ADDRESS} or not (host[0] == "[" or host.replace(".", "").isdigit())
    return f"{port}:{port}" if every else f"{host}:{port}:{port}"


def _inside(address: str) -> tuple[str, str]:
    """Return the host and the port that the program in the container listens on."""
    host, _, port = address.rpartition(":")
    return EVERY_IPV6_ADDRESS if host.startswith("[") else EVERY_ADDRESS, port


def _superlink_command(values: Values, *, one_listener: bool) -> Iterator[str]:
    if values[FL_TLS_ENABLED]:
        for flag, file in (("ca-certfile", "ca.crt"), ("certfile", "server.crt"), ("keyfile", "server.key")):
            yield from (f"--ssl-{flag}", f"/app/certs/{file}")
    else:
        yield "--insecure"
    yield from ("--isolation", values[FL_ISOLATION], "--database", values[FL_DATABASE])
    if not one_listener:
        yield from ("--fleet-api-address", ":".join(_inside(values[FL_FLEET_API_ADDRESS])))
        yield from ("--control-api-address", ":".join(_inside(values[FL_CONTROL_API_ADDRESS])))
    else:
        host, port = _inside(values[FL_FLEET_API_ADDRESS])
        yield from ("--host", host.strip("[]"), "--port", port)


def _log_environment(values: Values) -> dict[str, str]:
    return {"FLWR_LOG_LEVEL": values[FL_LOG_LEVEL], FL_LOG_FORMAT.name: values[FL_LOG_FORMAT]}


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(number) for number in release.split("."))
