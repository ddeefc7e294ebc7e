"""Does Docker answer?"""

from __future__ import annotations

from ctxschema.gpu.engine import ask_version, engine_version
from ctxschema.gpu.machine import Found, Machine, said
from ctxschema.gpu.values import DOCKER_SECONDS


def probe(machine: Machine) -> Found:
    """See the declaration."""
    outcome = machine.once(ask_version)
    words, version = said(outcome), engine_version(machine)
    if version:
        yield "answers", {"version": version}
    elif outcome.missing:
        yield "not-found", {}
    elif outcome.timed_out:
        yield "timeout", {"seconds": f"{machine.limit(DOCKER_SECONDS):g}"}
    else:
        yield ("denied" if "permission denied" in words else "silent"), {"said": words}
