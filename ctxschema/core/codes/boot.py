"""Codes of findings of a boot."""

from ctxschema.core.codes.code import ERROR, INFO, WARNING, Code

GPU_FALLBACK = Code(
    "CTX080",
    "gpu-fallback",
    WARNING,
    "A GPU was asked for and cannot be used; a node that trains on its CPU is better than no node.",
    "run the VM checks: ctxschema gpu check vm",
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
    "A program ends at once with a certificate that it cannot load, and Docker starts it again without end.",
    "paste the certificate and the key that belong together",
)
NOT_DISCOVERED = Code(
    "CTX092",
    "superlink-not-found",
    ERROR,
    "A machine that works for another one of its service, such as a SuperNode, has nothing to do without its address.",
    "set the variable, or let the other machine of the service come up",
)
VERSION_FALLBACK = Code(
    "CTX093",
    "version-not-there",
    WARNING,
    "The machine goes on with the newest release that it has; roles of a service may have to run the same one.",
    "correct the release, or let the machine reach the registry",
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
    "The appliance runs all the same; what runs beside it, such as the exporter of its GPUs' metrics, is missing.",
    "look at what Docker said",
)
STEP_FAILED = Code(
    "CTX096",
    "step-failed",
    ERROR,
    "The declaration of the step says whether the boot goes on without it.",
    "look at the step in the documents",
)
SECRET_LEFT_OUT = Code(
    "CTX097",
    "secret-left-out",
    INFO,
    "What is evaluated by a shell often ends in a log.",
    "add --secrets to have it printed",
)
GPU_REQUIRED = Code(
    "CTX210",
    "gpu-required",
    ERROR,
    "The appliance declares that its program cannot run on a CPU.",
    "run the VM checks: ctxschema gpu check vm",
)
EXPOSED = Code(
    "CTX213",
    "exposed-port",
    WARNING,
    "Whoever reaches any network of the machine reaches the port, and what is sent is in clear.",
    "publish it on one address, or switch TLS on",
)
NO_AUTHORITY = Code(
    "CTX214",
    "no-authority",
    WARNING,
    "A certificate that a machine made for itself, as a SuperLink does, is not trusted by any other system.",
    "give it the certificate of the authority, or switch TLS off at both ends",
)
MISMATCH = Code(
    "CTX215",
    "service-mismatch",
    WARNING,
    "Machines of one service that are set up differently, one with TLS and one without, do not understand one another.",
    "give both the same",
)
MISPLACED = Code(
    "CTX211",
    "misplaced-value",
    ERROR,
    "Docker has no way to write some texts at some places, and reads others as something else.",
    "write a plain value",
)
