"""The boot steps of the Flower machines, in order. The number of a step is its place.

Sources: docs/facts/gpu.md, sections 1, 3, 6 and 7, and
docs/facts/opennebula.md sections 5 and 6 for what can go wrong.
"""

from __future__ import annotations

from ctxschema.catalog.flower.container import (
    OWNER,
    SCRIPT_FOLDER,
    SUPERLINK_CONTAINER,
    SUPERNODE_CONTAINER,
    SUPERNODE_GPU,
)
from ctxschema.core.finding import Severity
from ctxschema.model.container import SECRET_MODE, SETTLE_SECONDS
from ctxschema.model.step import Step, StepKind
from ctxschema.model.steps import FREE_PORTS, published_words

OS = Step(
    "os",
    "OS and contextualization",
    "The system starts, and OpenNebula's contextualization sets up the network and hands over the context.",
    "Everything that follows reads what it leaves in /run/one-context.",
    (
        "mount the context CD and copy context.sh to /run/one-context",
        "configure network, host name and SSH keys",
        "start this agent, by its unit, once the network stage is done",
    ),
    Severity.ERROR,
    "Nothing can be done from inside; look at the VM's console and at CONTEXT in its template.",
    seconds=120,
    kind=StepKind.IMAGE,
)
CONTEXT = Step(
    "context",
    "Load the context",
    "The context is read as text; no shell ever sources it.",
    "one_env runs commands when it is sourced, so it is read here and nowhere else.",
    (
        "read the file that --context names, else context.sh or one_env below /run/one-context, else the environment",
        "keep the line and column of every value for the messages that follow",
    ),
    Severity.ERROR,
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
    (
        "apply the default wherever a value is empty or missing",
        "report every finding at once",
        "take a wrong GPU setting for a warning: the node goes on with its CPU",
    ),
    Severity.ERROR,
    "The boot stops with every error listed. Correct the values that they name.",
    seconds=10,
    kind=StepKind.VALIDATE,
)
FOLDERS = Step(
    "folders",
    "Make the folders",
    f"The folders that are mounted into the container exist and belong to {OWNER}:{OWNER}.",
    "docker run -v makes a missing folder itself, as root, and Flower then runs on without being able to write.",
    (
        "make each folder below /opt/flower that the container mounts",
        f"give it to {OWNER}:{OWNER}, the user of Flower's images",
    ),
    Severity.ERROR,
    "The boot stops. Look at the disk: it is full, read-only or broken.",
    seconds=20,
    kind=StepKind.FOLDERS,
)
FILES = Step(
    "files",
    "Write the env file and the certificates",
    "What the container reads is written: the env file with the settings for the apps in it, and the certificates.",
    "It comes before the container, which is started with --env-file and reads its certificates as it starts. "
    "/etc/docker/daemon.json stays as it is: --gpus does not depend on it.",
    (
        "write each file in one step, so that no half of one is ever read",
        "remove those that an earlier context asked for and this one does not",
        "decode certificates and key, check that they are what they should be and belong together",
        f"write them with mode {SECRET_MODE:04o} for {OWNER}:{OWNER}",
        "on a SuperLink with TLS and no certificate of its own, have openssl generate one, once",
    ),
    Severity.ERROR,
    "The boot stops. The message names the certificate, or the file that cannot be written.",
    seconds=60,
    kind=StepKind.FILES,
)
UNIT = Step(
    "unit",
    "systemd unit",
    "The unit that starts this agent at every boot is in place and enabled.",
    "A container is made anew at every boot, because the GPU decision is; a unit that starts an old container would "
    "start one with the flags of a GPU that is gone.",
    ("bring /etc/systemd/system/ctxschema-agent.service, which runs after one-context and docker",),
    Severity.ERROR,
    "The agent does not run at the next boot. Enable the unit in the image.",
    seconds=10,
    kind=StepKind.IMAGE,
)
DISCOVER = Step(
    "discover",
    "Discover the SuperLink",
    "The address of the SuperLink is taken from the context, or else from OneGate.",
    "A SuperNode cannot start without it. It comes early, because the SuperLink of a service may still be booting; "
    "FL_EDGE_BACKOFF says how long to wait for it: fixed 30 attempts, exponential without end.",
    (
        "take FL_SUPERLINK_ADDRESS as it stands where it is set",
        "else ask OneGate for the service, and take FL_ENDPOINT of the machine with FL_ROLE=superlink and FL_READY=YES",
        "else wait and ask again, with pauses as FL_EDGE_BACKOFF and FL_EDGE_MAX_BACKOFF say",
        "where FL_NODE_CONFIG is empty, ask for the place of the node among those of its role, for its partition",
        "without TLS, warn where that machine has published FL_TLS=YES",
        "with TLS and no CA of its own, take FL_CA_CERT of that machine as well, check it, and write it",
    ),
    Severity.ERROR,
    "The boot stops. Set FL_SUPERLINK_ADDRESS, or look at the SuperLink of the service.",
    "reads the service document",
    kind=StepKind.DISCOVER,
)
DOCKER = Step(
    "docker",
    "Wait for Docker",
    "The Docker engine answers.",
    "It starts beside this agent and takes its time; whether it hands over a GPU is asked of it in what follows.",
    ("ask the engine for its version until it answers",),
    Severity.ERROR,
    "The boot stops. Look at systemctl status docker.",
    seconds=60,
    kind=StepKind.ENGINE,
)
GPU = Step(
    "gpu",
    "GPU detection",
    "Where a GPU was asked for: the kernel, nvidia-smi, CUDA and Docker are asked whether the container can have it.",
    "It stands after discovery and before the start, because its answer decides the image and the flags of the "
    "container; it is asked anew at every boot.",
    (
        "skip where FL_GPU_ENABLED is not YES",
        "ask the kernel whether the NVIDIA driver is loaded",
        "ask nvidia-smi for every GPU, CUDA to initialise, and Docker for a route to hand it over",
        'where all of them can: DOCKER_GPU_FLAGS="--gpus all"',
        "where FL_CUDA_VISIBLE_DEVICES is set and not all: add -e CUDA_VISIBLE_DEVICES=<ids>",
        "else log the warning GPU requested but not available, falling back to CPU, and the reason",
        f"where the decision is NO: run {SUPERNODE_GPU.script} for details, or make its checks where it is not there",
    ),
    Severity.WARNING,
    f"The node trains on its CPU. Run {SUPERNODE_GPU.script}, repair what it names, and boot again.",
    "FL_GPU_AVAILABLE=NO where the container does without a GPU, YES where it has one; published once it runs",
    seconds=50,
    kind=StepKind.GPU,
)
VERSION = Step(
    "version",
    "Version override",
    "The image of FLOWER_VERSION is on the machine, or is pulled.",
    "The machine's image brings one version of Flower; another, or the build that can use a GPU, has to be pulled, and "
    "a network is not always there.",
    (
        "look for the image on the machine; for a CPU, the build for GPUs will do",
        "else pull it",
        "else, for a GPU, go on with the plain image and the CPU",
        "else go on with the newest release that is on the machine",
    ),
    Severity.WARNING,
    "The node runs the release that its image brought. Both roles have to run the same: correct FLOWER_VERSION, or let "
    "the machine reach the registry.",
    "FL_VERSION is the release that really runs",
    seconds=600,
    kind=StepKind.PULL,
)
START = Step(
    "start",
    "Start the container",
    "The container of the last boot is removed and a new one started.",
    "Flags, image and environment belong to a container for good, so each boot makes its own.",
    (
        "docker rm -f the container of that name",
        "docker run with the arguments as a list, which no shell reads",
        "where that fails with a GPU: read why, docker rm -f, and start once more without the GPU flags",
        "with FL_DCGM_ENABLED and a GPU in use, start the DCGM exporter beside it",
        FREE_PORTS,
    ),
    Severity.ERROR,
    "The boot stops. The message has what Docker said.",
    seconds=120,
    kind=StepKind.START,
)
RUNNING = Step(
    "running",
    "Wait until it runs",
    f"The container is running and has stayed so for {SETTLE_SECONDS:g} seconds.",
    "docker run -d returns before the program in the container has read its arguments and its certificates.",
    (
        "ask Docker for the container's state until it stays up",
        "where it does not, with a GPU: start once more without the GPU flags",
    ),
    Severity.ERROR,
    "The boot stops. The message has the last lines that the container printed.",
    seconds=60,
    kind=StepKind.SETTLE,
)
PUBLISH = Step(
    "publish",
    "Publish to OneGate",
    "The service learns what the machine runs, and last of all that it is ready.",
    "It comes after the container runs, so that what is published is true: YES for the GPU stands for a running "
    "container that has it. FL_NODE_READY=YES comes last: OneFlow takes whatever has READY=YES in it for READY, and "
    "starts the roles that wait for this one.",
    (
        "put one attribute at a time, in the one form that the server stores unchanged",
        "put what has READY=YES in it behind everything else",
    ),
    Severity.WARNING,
    "The machine runs all the same, and OneFlow does not see it. Look at TOKEN in CONTEXT and at ONEGATE_ENDPOINT.",
    published_words(SUPERNODE_CONTAINER, SUPERNODE_GPU),
    seconds=30,
    kind=StepKind.PUBLISH,
)
PUBLISH_SUPERLINK = Step(
    PUBLISH.id,
    PUBLISH.title,
    "The SuperNodes of the service learn where the SuperLink is, and last of all that it is ready.",
    "They read it from the service document when they have no static address. FL_READY=YES comes last: OneFlow takes "
    "whatever has READY=YES in it for READY, and starts the SuperNodes.",
    PUBLISH.actions,
    PUBLISH.severity,
    "The SuperLink runs all the same, and SuperNodes without a static address wait for it. Look at TOKEN in CONTEXT "
    "and at ONEGATE_ENDPOINT.",
    published_words(SUPERLINK_CONTAINER, None),
    seconds=PUBLISH.seconds,
    kind=StepKind.PUBLISH,
)
READY = Step(
    "ready",
    "Report ready",
    "OpenNebula's contextualization runs READY_SCRIPT_PATH and reports READY=YES.",
    "OneFlow starts the roles that depend on this one when it sees it. It looks for READY=YES anywhere in what a "
    "machine publishes, so that FL_NODE_READY=YES and FL_READY=YES of the step before open the gate too: roles start "
    "then, whatever the health check says. Where OneFlow polls the machine itself, only READY counts.",
    (f"run {SCRIPT_FOLDER}/health-check.sh", "where it ends with 0, set READY=YES through OneGate"),
    Severity.WARNING,
    "Where the step before published nothing, roles that wait for this one do not start. Run the health check by "
    "hand and look at what it says.",
    "sets READY=YES",
    seconds=60,
    kind=StepKind.IMAGE,
)

SUPERNODE_STEPS = (
    *(OS, CONTEXT, VALIDATE, FOLDERS, FILES, UNIT, DISCOVER, DOCKER, GPU),
    *(VERSION, START, RUNNING, PUBLISH, READY),
)
SUPERLINK_STEPS = (
    *(OS, CONTEXT, VALIDATE, FOLDERS, FILES, UNIT, DOCKER),
    *(VERSION, START, RUNNING, PUBLISH_SUPERLINK, READY),
)
