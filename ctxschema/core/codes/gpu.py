"""Codes of findings of the GPU checks."""

from ctxschema.core.codes.code import WARNING, Code

GPU_CHECK = Code(
    "CTX110",
    "gpu-check",
    WARNING,
    "A check of the virtual machine says why its GPU cannot be used.",
    "run the VM checks: ctxschema gpu check vm",
)
GPU_CHECKS_LATE = Code(
    "CTX111",
    "gpu-checks-late",
    WARNING,
    "A boot waits for no program for long, so not everything could be looked at.",
    "run ctxschema gpu check vm, or validate-gpu.sh",
)
