"""Findings of a boot."""

from ctxschema.core.codes.code import ERROR, INFO, WARNING, Code

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
DEVICE_NOT_THERE = Code(
    "CTX090",
    "device-not-there",
    WARNING,
    "CUDA drops every device from the first one on that does not exist, so it is left out.",
    "write the numbers that nvidia-smi shows, or all",
)
CERTIFICATE = Code(
    "CTX091",
    "certificate-unusable",
    ERROR,
    "Flower ends at once with a certificate that it cannot load, and Docker starts it again without end.",
    "paste the certificate and the key that belong together",
)
NO_SUPERLINK = Code(
    "CTX092",
    "superlink-not-found",
    ERROR,
    "A SuperNode without the address of a SuperLink has nothing to do.",
    "set FL_SUPERLINK_ADDRESS, or let the SuperLink of the service come up",
)
VERSION_FALLBACK = Code(
    "CTX093",
    "version-not-there",
    WARNING,
    "The two roles of a service have to run the same release of Flower.",
    "correct FLOWER_VERSION, or let the machine reach the registry",
)
NOT_PUBLISHED = Code(
    "CTX094",
    "not-published",
    WARNING,
    "The machine runs, and OneFlow does not see it.",
    "look at TOKEN in CONTEXT and at ONEGATE_ENDPOINT",
)
SIDECAR = Code(
    "CTX095",
    "sidecar-not-started",
    WARNING,
    "The node trains all the same; only the metrics of its GPUs are missing.",
    "look at what Docker said",
)
STEP_FAILED = Code(
    "CTX096",
    "step-failed",
    ERROR,
    "How bad it is stands with the step in the declaration of the boot.",
    "look at the step in the documents",
)
SECRET_LEFT_OUT = Code(
    "CTX097",
    "secret-left-out",
    INFO,
    "What is evaluated by a shell often ends in a log.",
    "add --secrets to have it printed",
)
