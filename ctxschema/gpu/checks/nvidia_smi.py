"""Does nvidia-smi answer and name each GPU?"""

from __future__ import annotations

from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Found, Machine, said
from ctxschema.gpu.pci import pci_bus
from ctxschema.gpu.smi import ask_smi
from ctxschema.gpu.values import SMI_SECONDS
from ctxschema.machine.system import Outcome

_BY_CODE = {0: "no-devices", 6: "no-devices", 9: "refused", 12: "no-library"}


def probe(machine: Machine) -> Found:
    """See the declaration."""
    if not machine.once(kernel_driver).loaded:
        yield "no-driver", {}  # started without one, nvidia-smi would leave a device node behind
        return
    smi = machine.once(ask_smi)
    for row in smi.rows:
        yield "named", {"index": row.index, "name": row.name, "memory": row.memory}
    expected = len(machine.once(pci_bus).gpus)
    if not smi.rows:
        yield _failure(smi.outcome, f"{machine.limit(SMI_SECONDS):g}")
    elif len(smi.rows) < expected:
        yield "fewer", {"count": str(len(smi.rows)), "expected": str(expected)}


def _failure(outcome: Outcome, seconds: str) -> tuple[str, dict[str, str]]:
    words = said(outcome)
    if outcome.missing:
        return "not-found", {}
    if outcome.timed_out:
        return "timeout", {"seconds": seconds}
    if "version mismatch" in words:
        return "mismatch", {"said": words}
    return _BY_CODE.get(outcome.code or 0, "failed"), {"code": str(outcome.code), "said": words}
