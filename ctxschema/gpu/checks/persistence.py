"""Does the driver stay awake while nobody uses a GPU?"""

from __future__ import annotations

from ctxschema.gpu.answers import NO_ROWS
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.smi import DISABLED, ENABLED, gpus_of
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "persistence",
    Layer.VM,
    "Does the driver stay awake while nobody uses a GPU?",
    "the persistence mode of each GPU",
    "it is on",
    (
        Answer("on", Status.PASS, "persistence mode is on"),
        Answer(
            "off",
            Status.WARN,
            "GPU {index} has persistence mode off, so the first use after a pause takes seconds",
            "`systemctl enable --now nvidia-persistenced`",
        ),
        Answer("untold", Status.SKIP, "nvidia-smi does not tell the persistence mode"),
        NO_ROWS,
    ),
)


def probe(machine: Machine) -> Found:
    """Read the persistence mode of each GPU from nvidia-smi."""
    rows = gpus_of(machine)
    asleep = [row for row in rows if row.persistence_mode == DISABLED]
    for row in asleep:
        yield "off", {"index": row.index}
    if not rows:
        yield "no-rows", {}
    elif not asleep:
        yield ("on" if any(row.persistence_mode == ENABLED for row in rows) else "untold"), {}
