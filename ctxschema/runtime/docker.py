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


@frozen
class Container:
    """A container as it is to be started.

    Attributes:
        name: Its name.
        image: Its image.
        environment: What is set in it.
        mounts: ``host:container:mode``.
        ports: Which ports of the machine lead to the same port inside.
        gpu: Whether it gets the GPUs.
        command: The arguments of the program in it.
    """

    name: str
    image: str
    environment: dict[str, str]
    mounts: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    gpu: GpuDecision = NOT_REQUESTED
    command: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """Return the whole command line, from ``docker`` on."""
        return [
            *("docker", "run", "-d", "--name", self.name, "--restart", "unless-stopped"),
            *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *(word for port in self.ports for word in ("-p", f"{port}:{port}")),
            *(word for mount in self.mounts for word in ("-v", mount)),
            *(word for name, value in self.environment.items() for word in ("-e", f"{name}={value}")),
            *self.gpu.docker_flags,
            self.image,
            *self.command,
        ]


def docker_arguments(
    appliance: Appliance, values: Values, decision: GpuDecision, *, superlink_address: str | None = None
) -> list[str]:
    """Return the command that starts an appliance's container, from ``docker`` on.

    Args:
        appliance: ``flower-supernode`` or ``flower-superlink``.
        values: Its values; none that has an effect may have failed.
        decision: Whether the container gets the GPUs.
        superlink_address: The address that was discovered, for a SuperNode that was given none.

    Raises:
        UnknownNameError: The appliance is no single role.
        NoValueError: A value that is needed failed.
    """
    return container(appliance, values, decision, superlink_address=superlink_address).arguments()


def container(
    appliance: Appliance, values: Values, decision: GpuDecision, *, superlink_address: str | None = None
) -> Container:
    """Return the container of an appliance; see `docker_arguments`."""
    if appliance.name == "flower-supernode":
        return _supernode(appliance.name, values, decision, superlink_address)
    if appliance.name == "flower-superlink":
        return _superlink(appliance.name, values)
    raise UnknownNameError(f"{appliance.name} is neither flower-supernode nor flower-superlink")


def _supernode(name: str, values: Values, decision: GpuDecision, discovered: str | None) -> Container:
    environment = _log_environment(values)
    if decision.use_gpu:
        if decision.environment:
            # CUDA numbers the fastest GPU first; nvidia-smi, from which people read the numbers, by PCI address.
            environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
        if values[ML_FRAMEWORK] == "pytorch":
            fraction = values[FL_GPU_MEMORY_FRACTION]
            environment[FL_GPU_MEMORY_FRACTION.name] = FL_GPU_MEMORY_FRACTION.text_of(fraction)
        elif values[ML_FRAMEWORK] == "tensorflow":
            environment["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
    mounts = ["/opt/flower/data:/app/data:ro"]
    if values[FL_TLS_ENABLED]:
        mounts.append("/opt/flower/certs:/app/certs:ro")
    suffix = GPU_IMAGE_SUFFIX if decision.use_gpu else ""
    return Container(
        name,
        f"flwr/supernode:{values[FLOWER_VERSION]}{suffix}",
        environment,
        tuple(mounts),
        gpu=decision,
        command=tuple(_supernode_command(values, values[FL_SUPERLINK_ADDRESS] or discovered)),
    )


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


def _superlink(name: str, values: Values) -> Container:
    database_folder = posixpath.dirname(values[FL_DATABASE])
    mounts = [f"/opt/flower/state:/app/{database_folder}:rw"] if database_folder else []
    if values[FL_CHECKPOINT_ENABLED]:
        mounts.append(f"/opt/flower/checkpoints:{values[FL_CHECKPOINT_PATH]}:rw")
    if values[FL_TLS_ENABLED]:
        mounts.append("/opt/flower/certs:/app/certs:ro")
    ports = [_port(values[FL_FLEET_API_ADDRESS])]
    if _release(values) < ONE_LISTENER:
        ports.append(_port(values[FL_CONTROL_API_ADDRESS]))
    if values[FL_METRICS_ENABLED]:
        ports.append(values[FL_METRICS_PORT])
    return Container(
        name,
        f"flwr/superlink:{values[FLOWER_VERSION]}",
        _log_environment(values),
        tuple(mounts),
        tuple(dict.fromkeys(ports)),
        command=tuple(_superlink_command(values)),
    )


def _superlink_command(values: Values) -> Iterator[str]:
    if values[FL_TLS_ENABLED]:
        for flag, file in (("ca-certfile", "ca.crt"), ("certfile", "server.crt"), ("keyfile", "server.key")):
            yield from (f"--ssl-{flag}", f"/app/certs/{file}")
    else:
        yield "--insecure"
    yield from ("--isolation", values[FL_ISOLATION], "--database", values[FL_DATABASE])
    if _release(values) < ONE_LISTENER:
        yield from ("--fleet-api-address", values[FL_FLEET_API_ADDRESS])
        yield from ("--control-api-address", values[FL_CONTROL_API_ADDRESS])
    else:
        host, _, port = values[FL_FLEET_API_ADDRESS].rpartition(":")
        yield from ("--host", host.strip("[]"), "--port", port)


def _log_environment(values: Values) -> dict[str, str]:
    return {"FLWR_LOG_LEVEL": values[FL_LOG_LEVEL], FL_LOG_FORMAT.name: values[FL_LOG_FORMAT]}


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


def _release(values: Values) -> tuple[int, ...]:
    return tuple(int(number) for number in values[FLOWER_VERSION].split("."))
