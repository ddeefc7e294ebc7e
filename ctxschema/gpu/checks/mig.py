"""Can the GPUs be used as they are cut? A GPU with MIG on and no instance shows in nvidia-smi, and to no program."""

from __future__ import annotations

from ctxschema.gpu.answers import NO_ROWS
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.smi import ENABLED, Gpu, ask_instances, gpus_of
from ctxschema.model.check import Answer, Check, Layer, Status

CHECK = Check(
    "mig",
    Layer.VM,
    "Can the GPUs be used as they are cut?",
    "the MIG mode of each GPU, and its instances where that is on",
    "MIG is off, or there is an instance on each GPU that has it on",
    (
        Answer("off", Status.PASS, "MIG is off"),
        Answer("cut", Status.PASS, "GPU {index} has {count} MIG instances"),
        Answer(
            "uncut",
            Status.FAIL,
            "GPU {index} has MIG on and no instance, so no program can use it",
            "`nvidia-smi mig -i {index} -lgip` and `nvidia-smi mig -i {index} -cgi <profile> -C`, or "
            "`nvidia-smi -i {index} -mig 0`",
        ),
        Answer("untold", Status.WARN, "nvidia-smi -L did not tell the MIG instances", "`nvidia-smi -L`"),
        NO_ROWS,
    ),
)


def probe(machine: Machine) -> Found:
    """Compare the MIG mode of each GPU with the number of its instances."""
    rows = gpus_of(machine)
    cut = [row for row in rows if row.mig_mode == ENABLED]
    if not rows:
        yield "no-rows", {}
    elif not cut:
        yield "off", {}
    else:
        yield from _instances(machine, cut)


def _instances(machine: Machine, rows: list[Gpu]) -> Found:
    instances = machine.cached(ask_instances)
    if instances is None:
        yield "untold", {}
        return
    for row in rows:
        if row.index in instances:
            yield "cut", {"index": row.index, "count": str(instances[row.index])}
        else:
            yield "uncut", {"index": row.index}
