"""The GPUs that nvidia-smi names, for the checks that only make sense where it does."""

from __future__ import annotations

from ctxschema.gpu.driver import kernel_driver
from ctxschema.gpu.machine import Machine
from ctxschema.gpu.smi import Row, ask_smi


def rows_of(machine: Machine) -> tuple[Row, ...]:
    """Return a row for each GPU; none without a kernel driver, because nvidia-smi is not started then."""
    return machine.once(ask_smi).rows if machine.once(kernel_driver).loaded else ()
