"""Can Docker hand over a GPU? What ``--gpus`` depends on is told in ``ctxschema.machine.docker_route``."""

from __future__ import annotations

from ctxschema.core.outside import version_numbers
from ctxschema.gpu.engine import ask_route, engine_version
from ctxschema.gpu.machine import Found, Machine
from ctxschema.machine.docker_route import CDI_FIRST, DockerRoute


def probe(machine: Machine) -> Found:
    """See the declaration."""
    if not engine_version(machine):
        yield "no-engine", {}
        return
    route = machine.once(ask_route)
    path = route.runtime_hook or route.cdi_hook or ""
    details = {"version": engine_version(machine), "path": path, "specification": route.cdi_specification or ""}
    yield _how(route), details


def _how(route: DockerRoute) -> str:
    if route.usable:
        return "hook" if route.runtime_hook else "cdi"
    if not route.cdi_hook and not route.cdi_specification:
        return "not-installed"
    release = version_numbers(route.version)[: len(CDI_FIRST)]
    if not route.cdi_specification:
        return "no-specification" if release >= CDI_FIRST else "not-installed"
    if release < CDI_FIRST:
        return "too-old"
    return "no-hook" if route.cdi_enabled else "switched-off"
