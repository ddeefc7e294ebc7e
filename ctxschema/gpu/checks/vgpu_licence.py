"""Has each vGPU its licence? Without one it is slowed down after a while. Source: NVIDIA's client licensing guide."""

from __future__ import annotations

from ctxschema.gpu.answers import NO_ROWS
from ctxschema.gpu.machine import Found, Machine
from ctxschema.gpu.smi import gpus_of
from ctxschema.gpu.smi_details import ask_details
from ctxschema.model.check import Answer, Check, Layer, Status

_GET_ONE = (
    "put the client configuration token of your licence server into /etc/nvidia/ClientConfigToken, "
    "`systemctl restart nvidia-gridd`, and read `journalctl -u nvidia-gridd`"
)

CHECK = Check(
    "vgpu-licence",
    Layer.VM,
    "Has each vGPU its licence?",
    "License Status in nvidia-smi -q, for each GPU",
    "it is Licensed, or the GPU is no vGPU",
    (
        Answer("licensed", Status.PASS, "vGPU {addr} is licensed"),
        Answer(
            "restricted",
            Status.FAIL,
            "vGPU {addr} has no licence and is slowed down: {licence}",
            _GET_ONE,
        ),
        Answer(
            "grace",
            Status.WARN,
            "vGPU {addr} has no licence, and is slowed down when its time of grace is over: {licence}",
            _GET_ONE,
        ),
        Answer("none", Status.SKIP, "no GPU is a vGPU"),
        Answer("untold", Status.SKIP, "nvidia-smi -q does not tell the licence"),
        NO_ROWS,
    ),
)

_NO_VGPU = ("", "N/A")


def probe(machine: Machine) -> Found:
    """Read from ``nvidia-smi -q`` the state of each vGPU's licence."""
    if not gpus_of(machine):
        yield "no-rows", {}
        return
    details = machine.cached(ask_details)
    if details is None:
        yield "untold", {}
        return
    vgpus = [each for each in details if each.licence not in _NO_VGPU]
    for each in vgpus:
        yield _judged(each.licence), {"addr": each.addr, "licence": each.licence}
    if not vgpus:
        yield "none", {}


def _judged(licence: str) -> str:
    if licence.startswith("Licensed"):
        return "licensed"
    return "grace" if "Unrestricted" in licence else "restricted"
