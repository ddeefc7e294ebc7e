"""The boot steps of an appliance that declares none: derived from its container and its GPU request."""

from __future__ import annotations

from collections.abc import Iterator

from ctxschema.core.finding import Severity
from ctxschema.model.container import Container
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.service import Discover
from ctxschema.model.step import Step, StepKind

ERROR, WARNING = Severity.ERROR, Severity.WARNING

OS = Step(
    "os",
    "OS and contextualization",
    "The system starts, and OpenNebula's contextualization sets up the network and hands over the context.",
    "Everything that follows reads what it leaves in /run/one-context.",
    (
        "mount the context CD and copy context.sh to /run/one-context",
        "start this agent, by its unit, once the network stage is done",
    ),
    ERROR,
    "Nothing can be done from inside; look at the VM's console and at CONTEXT in its template.",
    seconds=120,
    kind=StepKind.IMAGE,
)
CONTEXT = Step(
    "context",
    "Load the context",
    "The context is read as text; no shell ever sources it.",
    "one_env runs commands when it is sourced, so it is read here and nowhere else.",
    ("read the file that --context names, else what contextualization left, else the environment",),
    ERROR,
    "The boot stops. Correct CONTEXT in the VM's template and instantiate it again.",
    seconds=15,
    kind=StepKind.READ,
)
VALIDATE = Step(
    "validate",
    "Validate the context",
    "Every value is judged by its kind, its limits and the rules, and the defaults are applied.",
    "No server applies a default, and a wrong value shows here with its name rather than later as a container that "
    "does not start.",
    ("apply the default wherever a value is empty or missing", "report every finding at once"),
    ERROR,
    "The boot stops with every error listed. Correct the values that they name.",
    seconds=10,
    kind=StepKind.VALIDATE,
)
FOLDERS = Step(
    "folders",
    "Make the folders",
    "The folders that are mounted into the container exist and belong to the user that it runs as.",
    "docker run -v makes a missing folder itself, as root, which the program in the container may not be.",
    ("make each folder that the container mounts, and those of its files",),
    ERROR,
    "The boot stops. Look at the disk: it is full, read-only or broken.",
    seconds=20,
    kind=StepKind.FOLDERS,
)
FILES = Step(
    "files",
    "Write the files",
    "What the container reads is written: the env file, other files, and certificates.",
    "It comes before the container, which reads them as it starts.",
    (
        "write each file in one step, so that no half of one is ever read, for its owner only",
        "remove those that an earlier context asked for and this one does not",
    ),
    ERROR,
    "The boot stops. The message names the file that cannot be written.",
    seconds=60,
    kind=StepKind.FILES,
)
UNIT = Step(
    "unit",
    "systemd unit",
    "The unit that starts this agent at every boot is in place and enabled.",
    "A container is made anew at every boot, because the decision about the GPU is.",
    ("bring a unit that runs the agent after one-context and docker",),
    ERROR,
    "The agent does not run at the next boot. Enable the unit in the image.",
    seconds=10,
    kind=StepKind.IMAGE,
)
ENGINE = Step(
    "docker",
    "Wait for Docker",
    "The Docker engine answers.",
    "It starts beside this agent and takes its time.",
    ("ask the engine for its version until it answers",),
    ERROR,
    "The boot stops. Look at systemctl status docker.",
    seconds=60,
    kind=StepKind.ENGINE,
)
IMAGE = Step(
    "version",
    "Have the image",
    "The image is on the machine, or is pulled.",
    "The machine's image may bring it, and a network is not always there.",
    ("look for the image on the machine", "else pull it"),
    WARNING,
    "The container cannot start. Let the machine reach the registry, or put the image on it.",
    seconds=1800,
    kind=StepKind.PULL,
)
FREE_PORTS = (
    "where Docker says that a port is allocated, and no container but ours runs: restart Docker, and start once more"
)
"""What is done about a port that Docker holds for a container that it lost in a power cut (moby/libnetwork 1790)."""

START = Step(
    "start",
    "Start the container",
    "The container of the last boot is removed and a new one started.",
    "Flags, image and environment belong to a container for good, so each boot makes its own.",
    (
        "docker rm -f the container of that name",
        "docker run with the arguments as a list, which no shell reads",
        FREE_PORTS,
    ),
    ERROR,
    "The boot stops. The message has what Docker said.",
    seconds=120,
    kind=StepKind.START,
)


def boot_steps(container: Container, gpu: GpuRequest | None) -> tuple[Step, ...]:
    """Return the boot steps of a machine, in order.

    Args:
        container: The container that it runs.
        gpu: How it asks for a GPU, if it does.
    """
    return (
        *(OS, CONTEXT, VALIDATE, FOLDERS, FILES, UNIT),
        *_discover(container),
        ENGINE,
        *(() if gpu is None else (_gpu(gpu),)),
        *(IMAGE, START, _settle(container)),
        *_publish(container, gpu),
    )


def _discover(container: Container) -> Iterator[Step]:
    if not container.discovers:
        return
    roles = " and the ".join(each.role for each in container.discovers)
    names = " and ".join(each.variable.name for each in container.discovers)
    yield Step(
        "discover",
        f"Discover the {roles}",
        f"{names} is taken from the context, or else from OneGate.",
        "The container cannot start without it, and the machine that publishes it may still be booting.",
        tuple(
            action
            for each in container.discovers
            for action in (
                f"{_where(each)}take {each.variable.name} as it stands where it is set",
                f"else ask OneGate for the service, and take {each.attribute} of the machine that published "
                + (" and ".join(f"{name}={value}" for name, value in each.where.items()) or "it"),
            )
        ),
        ERROR,
        f"The boot stops. Set {names}, or look at the {roles} of the service.",
        "reads the service document",
        kind=StepKind.DISCOVER,
    )


def _where(discover: Discover) -> str:
    return f"where {discover.when.words}: " if discover.when is not None else ""


def _gpu(gpu: GpuRequest) -> Step:
    asked = f"Where {gpu.asked_by.name} is YES, the" if gpu.asked_by else "The"
    else_do = "else end the boot" if gpu.required else "and else without"
    without = (
        "The boot stops, for the appliance cannot do without one." if gpu.required else "The container runs on the CPU."
    )
    return Step(
        "gpu",
        "GPU detection",
        f"{asked} kernel, nvidia-smi, CUDA and Docker are asked whether the container can have a GPU.",
        "It stands before the start, because its answer decides the flags of the container; it is asked anew at every "
        "boot.",
        (
            "ask the kernel whether the NVIDIA driver is loaded",
            "ask nvidia-smi for every GPU, CUDA to initialise, and Docker for a route to hand it over",
            f"where all of them can, start the container with --gpus all, {else_do}",
            f"where they cannot, run {gpu.script} for details"
            if gpu.script
            else "where they cannot, check what is missing",
        ),
        ERROR if gpu.required else WARNING,
        f"{without} Run the VM checks (validate-gpu.sh), repair what they name, and boot again.",
        f"{gpu.published_as}=NO, when it is published" if gpu.published_as else "",
        seconds=50,
        kind=StepKind.GPU,
    )


def _settle(container: Container) -> Step:
    return Step(
        "running",
        "Wait until it runs",
        f"The container is running and has stayed so for {container.settle_seconds:g} seconds.",
        "docker run -d returns before the program in the container has read its arguments.",
        ("ask Docker for the container's state until it stays up",),
        ERROR,
        "The boot stops. The message has the last lines that the container printed.",
        seconds=60 + container.settle_seconds,
        kind=StepKind.SETTLE,
    )


def published_words(container: Container, gpu: GpuRequest | None) -> str:
    """Return a phrase for what a machine publishes through OneGate, such as "sets A, and last READY"; or empty."""
    first = [each.name for each in container.publishes if not each.opens_gate]
    first += [gpu.published_as] if gpu is not None and gpu.published_as else []
    last = [each.name for each in container.publishes if each.opens_gate]
    parts = [" and ".join(filter(None, (", ".join(first[:-1]), *first[-1:])))] if first else []
    parts += [f"{'last ' if first else ''}{' and '.join(last)}"] if last else []
    return f"sets {', and '.join(parts)}" if parts else ""


def _publish(container: Container, gpu: GpuRequest | None) -> Iterator[Step]:
    changes = published_words(container, gpu)
    if changes:
        yield Step(
            "publish",
            "Publish to OneGate",
            "The service learns what the machine runs.",
            "It comes after the container runs, so that what is published is true.",
            (
                "put one attribute at a time, in the one form that the server stores unchanged",
                "put a name with READY in it last, for OneFlow then takes the machine for ready",
            ),
            WARNING,
            "The machine runs all the same, and OneFlow does not see it. Look at TOKEN in CONTEXT.",
            changes,
            seconds=30,
            kind=StepKind.PUBLISH,
        )
