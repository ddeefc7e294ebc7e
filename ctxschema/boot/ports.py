"""The published ports of a container, and the addresses of the machine on which they are published."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.boot.known import Known
from ctxschema.model.container import LOOPBACK, Container, Port
from ctxschema.model.placeholders import is_one_address, placeholders


def planned_ports(known: Known, container: Container) -> Iterator[tuple[Port, tuple[str, str]]]:
    """Yield each published port with its number in the container and its number on the machine."""
    for port in container.ports:
        if known.holds(port.when):
            inside, outside = known.text(port.inside), known.text(port.outside or port.inside)
            if inside is not None and outside is not None:
                yield port, (inside, outside)


def published_host(known: Known, port: Port) -> str | None:
    """Return the address that a port is published on: empty for every address, None if there is none."""
    if port.unless_given and not any(known.values.is_set(each.name) for each in placeholders(port.address)):
        host = known.text(port.unless_given)
        return host if host is not None and is_one_address(host) else LOOPBACK
    return known.text(port.address)


def published_ports(known: Known, container: Container) -> tuple[str, ...]:
    """Return the values for ``-p``, without those that one published on every address makes superfluous."""
    found: list[tuple[str, str]] = []
    for port, (inside, outside) in planned_ports(known, container):
        host = published_host(known, port)
        if host is not None:
            suffix = "" if port.protocol == "tcp" else f"/{port.protocol}"
            found.append((host, f"{outside}:{inside}{suffix}"))
    everywhere = {ports for host, ports in found if not host}
    needed = ((host, ports) for host, ports in found if not host or ports not in everywhere)
    return tuple(f"{host}:{ports}" if host else ports for host, ports in dict.fromkeys(needed))
