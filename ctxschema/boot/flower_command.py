"""The arguments of Flower's own programs, by release. Source: gpu.md, section 7, and flower-cli."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.catalog.flower.base import FL_DATABASE, FL_ISOLATION, FL_NODE_CONFIG
from ctxschema.catalog.flower.monitoring import FL_METRICS_ENABLED, FL_METRICS_PORT
from ctxschema.catalog.flower.network import (
    FL_CONTROL_API_ADDRESS,
    FL_FLEET_API_ADDRESS,
    FL_MAX_RETRIES,
    FL_MAX_WAIT_TIME,
)
from ctxschema.catalog.flower.tls import FL_SSL_CA_CERTFILE, FL_TLS_ENABLED
from ctxschema.context.values import Values
from ctxschema.core.outside import version_numbers

ONE_LISTENER = (1, 40)
"""From this Flower on the API addresses are ignored, and ``--host`` and ``--port`` count."""

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - of the container; which addresses of the machine lead there is Docker's part
EVERY_IPV6_ADDRESS = "[::]"


def supernode_command(values: Values, superlink_address: str | None) -> Iterator[str]:
    """Yield the arguments of ``flower-supernode``."""
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


def superlink_ports(values: Values, release: str) -> tuple[str, ...]:
    """Return which ports of the machine lead to a SuperLink of a release, as ``docker run -p`` takes them."""
    ports = [_published(values[FL_FLEET_API_ADDRESS])]
    if not _one_listener(release):
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


def superlink_command(values: Values, release: str) -> Iterator[str]:
    """Yield the arguments of ``flower-superlink`` of a release."""
    if values[FL_TLS_ENABLED]:
        for flag, file in (("ca-certfile", "ca.crt"), ("certfile", "server.crt"), ("keyfile", "server.key")):
            yield from (f"--ssl-{flag}", f"/app/certs/{file}")
    else:
        yield "--insecure"
    yield from ("--isolation", values[FL_ISOLATION], "--database", values[FL_DATABASE])
    if not _one_listener(release):
        yield from ("--fleet-api-address", ":".join(_inside(values[FL_FLEET_API_ADDRESS])))
        yield from ("--control-api-address", ":".join(_inside(values[FL_CONTROL_API_ADDRESS])))
    else:
        host, port = _inside(values[FL_FLEET_API_ADDRESS])
        yield from ("--host", host.strip("[]"), "--port", port)


def _one_listener(release: str) -> bool:
    return version_numbers(release) >= ONE_LISTENER
