"""Has each GPU joined its NVLink fabric? Until it has, CUDA answers 802. Source: nvml.h, nvmlGpuFabricState_t."""

from __future__ import annotations

from ctxschema.gpu.answers import NO_ROWS
from ctxschema.gpu.cuda_library import ask_cuda_library
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.smi import gpus_of
from ctxschema.gpu.smi_details import SmiDetails, ask_details
from ctxschema.model.check import Answer, Check, Layer, Status

_JOIN = (
    "`systemctl restart nvidia-fabricmanager` where the NVSwitches are in this machine, else have the host's Fabric "
    "Manager activate a partition with this GPU in it"
)

CHECK = Check(
    "fabric",
    Layer.VM,
    "Has each GPU joined its NVLink fabric?",
    "the section Fabric of nvidia-smi -q, for each GPU",
    "its state is Completed and its status Success, or it is part of no fabric",
    (
        Answer("joined", Status.PASS, "GPU {addr} has joined its NVLink fabric"),
        Answer(
            "waiting",
            Status.FAIL,
            "GPU {addr} has not joined its NVLink fabric ({state}), and CUDA does not initialise before it has",
            _JOIN,
        ),
        Answer(
            "unneeded",
            Status.WARN,
            "GPU {addr} has not joined its NVLink fabric ({state}), and CUDA initialises without it",
            f"nothing for a single GPU; for several that talk over NVLink, {_JOIN}",
        ),
        Answer(
            "failed",
            Status.FAIL,
            "GPU {addr} could not join its NVLink fabric: {status}",
            f"read /var/log/fabricmanager.log and `dmesg | grep -i -e nvrm -e sxid`, then {_JOIN}",
        ),
        Answer("none", Status.SKIP, "no GPU is part of an NVLink fabric"),
        Answer("untold", Status.SKIP, "nvidia-smi -q does not tell the fabric"),
        NO_ROWS,
    ),
)

_IN_NO_FABRIC = ("", "N/A", "Not Supported")
_COMPLETED = "Completed"
_SUCCESS = "Success"


def probe(machine: Machine) -> Found:
    """Read from ``nvidia-smi -q`` whether each GPU has joined its NVLink fabric."""
    if not gpus_of(machine):
        yield "no-rows", {}
        return
    details = machine.cached(ask_details)
    if details is None:
        yield "untold", {}
        return
    members = [each for each in details if each.state not in _IN_NO_FABRIC]
    for each in members:
        yield _judged(machine, each), {"addr": each.addr, "state": each.state, "status": each.status}
    if not members:
        yield "none", {}


def _judged(machine: Machine, details: SmiDetails) -> str:
    if details.state == _COMPLETED:
        return "joined" if details.status == _SUCCESS else "failed"
    return "unneeded" if machine.cached(ask_cuda_library).code == 0 else "waiting"
