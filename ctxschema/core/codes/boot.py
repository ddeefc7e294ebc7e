"""Findings of a boot."""

from ctxschema.core.codes.code import ERROR, WARNING, Code

GPU_FALLBACK = Code(
    "CTX080",
    "gpu-fallback",
    WARNING,
    "A GPU was asked for and cannot be used; a node that trains on its CPU is better than no node.",
    "run the VM checks",
)
MOUNT = Code(
    "CTX082",
    "mount-collision",
    ERROR,
    "Docker refuses two folders at one place inside the container.",
    "write another path for one of them",
)
NO_ADDRESS = Code(
    "CTX081",
    "address-not-known-yet",
    WARNING,
    "A dry run asks nobody, so an address that is discovered at boot stays open.",
    "set the address to see the whole command",
)
