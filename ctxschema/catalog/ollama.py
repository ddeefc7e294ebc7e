"""Ollama: an API for language models, on a GPU or on the CPU.

Sources: ollama/ollama, docs/docker.md (volume, port, --gpus), docs/gpu.md (CUDA_VISIBLE_DEVICES), docs/faq.md and
envconfig/config.go (the environment variables and their values).
"""

from ctxschema.model.appliance import Appliance, Infrastructure, Machine
from ctxschema.model.conditions import Compare, Is, IsSet
from ctxschema.model.container import Container, EnvironmentEntry, Image, Mount, Port
from ctxschema.model.gpu_request import GpuRequest
from ctxschema.model.kinds import BOOLEAN, NUMBER, TEXT
from ctxschema.model.limits import Between, Matches
from ctxschema.model.service import Publish
from ctxschema.model.shapes import DEVICE_IDS, NOT_NEGATIVE
from ctxschema.model.variable import Variable

VERSION = Variable(
    "ONEAPP_OLLAMA_IMAGE_VERSION",
    TEXT,
    label="Version of Ollama, as a tag of its image",
    default="latest",
    help="One image runs on GPU and CPU.",
    group="image",
    limits=(
        Matches(
            "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", "a tag of letters, digits, dots, dashes and _", "0.12.3", "0.12:3"
        ),
    ),
)
API_PORT = Variable(
    "ONEAPP_OLLAMA_API_PORT",
    NUMBER,
    label="Port of the API",
    default=11434,
    help="The port of the machine; inside the container it stays 11434.",
    group="api",
    limits=(Between(1, 65535),),
)
API_ORIGINS = Variable(
    "ONEAPP_OLLAMA_API_ORIGINS",
    TEXT,
    label="Web origins that may use the API, comma-separated",
    default="",
    help="Beside those of the machine itself, such as https://chat.example.org.",
    group="api",
    limits=(Matches("[!-~]*", "URLs with commas between them, without blanks", "https://chat.example.org", "a b"),),
)
KEEP_ALIVE = Variable(
    "ONEAPP_OLLAMA_MODEL_KEEP_ALIVE",
    TEXT,
    label="How long a model stays loaded after its last use, such as 5m or 24h",
    default="5m",
    help="A model that is not loaded is read from disk first. -1 keeps it for ever, 0 unloads it at once.",
    group="model",
    limits=(Matches("-?[0-9]{1,9}(ms|s|m|h)?", "seconds, or a number with ms, s, m or h", "30m", "5 minutes"),),
)
MAX_LOADED = Variable(
    "ONEAPP_OLLAMA_MODEL_MAX_LOADED",
    NUMBER,
    label="Maximum number of models loaded at once (0 lets Ollama decide)",
    default=0,
    help="Each takes its memory, on each GPU.",
    group="model",
    limits=(NOT_NEGATIVE,),
)
PARALLEL = Variable(
    "ONEAPP_OLLAMA_MODEL_PARALLEL",
    NUMBER,
    label="Number of requests that a model answers at once (0 lets Ollama decide)",
    default=0,
    help="Each takes memory for its context.",
    group="model",
    limits=(NOT_NEGATIVE,),
)
DEBUG = Variable(
    "ONEAPP_OLLAMA_LOG_DEBUG",
    BOOLEAN,
    label="Log more",
    default=False,
    help="Adds details to the container's log.",
    group="log",
)
GPU_ENABLED = Variable(
    "ONEAPP_OLLAMA_GPU_ENABLED",
    BOOLEAN,
    label="Use the GPU (requires GPU-enabled VM template)",
    default=False,
    help="Hands the machine's GPUs to the container. Where none can be used, models run on the CPU.",
    group="gpu",
    stops_boot=False,
)
GPU_DEVICES = Variable(
    "ONEAPP_OLLAMA_GPU_DEVICES",
    TEXT,
    label="GPU device IDs visible to container (e.g., 0 or 0,1)",
    default="all",
    help="By the numbers that nvidia-smi gives them.",
    group="gpu",
    limits=(DEVICE_IDS,),
    effective=Is(GPU_ENABLED, True),
    stops_boot=False,
)

OLLAMA = Appliance(
    "ollama",
    "Ollama",
    "A server of language models with an API of its own, on a GPU where there is one.",
    (VERSION, API_PORT, API_ORIGINS, KEEP_ALIVE, MAX_LOADED, PARALLEL, DEBUG, GPU_ENABLED, GPU_DEVICES),
    infrastructure=(
        Infrastructure("TOKEN", "YES", "gives the machine a OneGate token"),
        Infrastructure("NETWORK", "YES", "sets up the network"),
        Infrastructure("SSH_PUBLIC_KEY", "$USER[SSH_PUBLIC_KEY]", "lets the operator in"),
    ),
    prefixes=("ONEAPP_OLLAMA_",),
    group_titles={"image": "Image", "api": "API", "model": "Models", "log": "Log", "gpu": "GPU"},
    machine=Machine(cpu=4, vcpu=4, memory=16384),
    container=Container(
        Image("ollama/ollama", "{ONEAPP_OLLAMA_IMAGE_VERSION}"),
        environment=(
            EnvironmentEntry("OLLAMA_KEEP_ALIVE", "{ONEAPP_OLLAMA_MODEL_KEEP_ALIVE}"),
            EnvironmentEntry("OLLAMA_ORIGINS", "{ONEAPP_OLLAMA_API_ORIGINS}", IsSet(API_ORIGINS)),
            EnvironmentEntry(
                "OLLAMA_MAX_LOADED_MODELS", "{ONEAPP_OLLAMA_MODEL_MAX_LOADED}", Compare(MAX_LOADED, ">", 0)
            ),
            EnvironmentEntry("OLLAMA_NUM_PARALLEL", "{ONEAPP_OLLAMA_MODEL_PARALLEL}", Compare(PARALLEL, ">", 0)),
            EnvironmentEntry("OLLAMA_DEBUG", "1", Is(DEBUG, True)),
        ),
        mounts=(Mount("ollama", "/root/.ollama", writable=True),),
        ports=(Port("11434", outside="{ONEAPP_OLLAMA_API_PORT}"),),
        publishes=(Publish("ONEAPP_OLLAMA_API", "http://{address}:{ONEAPP_OLLAMA_API_PORT}"),),
    ),
    gpu=GpuRequest(GPU_ENABLED, GPU_DEVICES, published_as="ONEAPP_OLLAMA_GPU_AVAILABLE"),
)
