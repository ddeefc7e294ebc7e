"""vLLM: one language model behind an API compatible with OpenAI's, on GPUs.

Sources: OpenNebula's own appliance (one-apps, appliances/Vllm) for variables, their names, defaults and use; vLLM's
documentation, deployment/docker, for the container (cache, port, shared memory, HF_TOKEN) and the arguments.
"""

from ctxschema.core.secret import Secret
from ctxschema.model.appliance import Appliance, Infrastructure, Machine
from ctxschema.model.conditions import Is, IsSet
from ctxschema.model.container import Argument, Container, EnvironmentEntry, Image, Mount, Port
from ctxschema.model.gpu_request import GpuRequest, GpuUsed
from ctxschema.model.kinds import BOOLEAN, LIST, NUMBER, NUMBER_FLOAT, PASSWORD, TEXT
from ctxschema.model.limits import Between, Matches
from ctxschema.model.service import Publish
from ctxschema.model.shapes import POSITIVE
from ctxschema.model.variable import Variable

API_PORT = Variable(
    "ONEAPP_VLLM_API_PORT",
    NUMBER,
    label="Port of the API",
    default=8000,
    help="Where the API of OpenAI is offered.",
    group="api",
    limits=(Between(1, 65535),),
)
MODEL_ID = Variable(
    "ONEAPP_VLLM_MODEL_ID",
    TEXT,
    label="Model, by its name at Hugging Face",
    default="Qwen/Qwen2.5-1.5B-Instruct",
    help="It is downloaded at the first boot, and kept in a volume.",
    group="model",
    limits=(
        Matches(
            "[A-Za-z0-9][A-Za-z0-9._-]{0,95}(/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?",
            "owner/name",
            "Qwen/Qwen2.5-1.5B-Instruct",
            "Qwen 2.5",
        ),
    ),
)
MODEL_TOKEN = Variable(
    "ONEAPP_VLLM_MODEL_TOKEN",
    PASSWORD,
    label="Token for Hugging Face, for models that need one",
    default=Secret(""),
    help="It is never shown.",
    group="model",
)
MODEL_QUANTIZATION = Variable(
    "ONEAPP_VLLM_MODEL_QUANTIZATION",
    LIST,
    label="Bits of a quantized weight (0 takes the model as it is)",
    default="0",
    help="With 4 the model takes less memory, and answers a little worse.",
    group="model",
    options=("0", "4"),
)
MODEL_MAX_LENGTH = Variable(
    "ONEAPP_VLLM_MODEL_MAX_LENGTH",
    NUMBER,
    label="Longest context, prompt and answer together, in tokens",
    default=1024,
    help="A longer one takes more memory.",
    group="model",
    limits=(POSITIVE,),
)
ENFORCE_EAGER = Variable(
    "ONEAPP_VLLM_ENFORCE_EAGER",
    BOOLEAN,
    label="Always use the eager mode of PyTorch",
    default=False,
    help="Saves memory and time at the start, and answers more slowly.",
    group="model",
)
SLEEP_MODE = Variable(
    "ONEAPP_VLLM_SLEEP_MODE",
    BOOLEAN,
    label="Allow the model to be put to sleep",
    default=False,
    help="A sleeping model gives the memory of the GPU to others.",
    group="gpu",
)
GPU_MEMORY_UTILIZATION = Variable(
    "ONEAPP_VLLM_GPU_MEMORY_UTILIZATION",
    NUMBER_FLOAT,
    label="Share of the GPU's memory to use (above 0.0, up to 1.0)",
    default=0.9,
    help="The rest is left to other programs.",
    group="gpu",
    limits=(Between(0.0, 1.0, low_included=False),),
)
QUANTIZED = Is(MODEL_QUANTIZATION, "4")

VLLM = Appliance(
    "vllm",
    "vLLM",
    "A server of one language model with the API of OpenAI, on GPUs.",
    (
        *(API_PORT, MODEL_ID, MODEL_TOKEN, MODEL_QUANTIZATION, MODEL_MAX_LENGTH),
        *(ENFORCE_EAGER, SLEEP_MODE, GPU_MEMORY_UTILIZATION),
    ),
    infrastructure=(
        Infrastructure("TOKEN", "YES", "gives the machine a OneGate token"),
        Infrastructure("NETWORK", "YES", "sets up the network"),
        Infrastructure("SSH_PUBLIC_KEY", "$USER[SSH_PUBLIC_KEY]", "lets the operator in"),
    ),
    prefixes=("ONEAPP_VLLM_",),
    group_titles={"api": "API", "model": "Model", "gpu": "GPU"},
    machine=Machine(cpu=8, vcpu=8, memory=32768),
    container=Container(
        Image("vllm/vllm-openai", "v0.10.2"),
        arguments=(
            Argument("--model", "{ONEAPP_VLLM_MODEL_ID}"),
            Argument("--tensor-parallel-size", "{gpu_count}", GpuUsed()),
            Argument("--gpu-memory-utilization", "{ONEAPP_VLLM_GPU_MEMORY_UTILIZATION}", GpuUsed()),
            Argument("--enable-sleep-mode", when=Is(SLEEP_MODE, True)),
            Argument("--quantization", "bitsandbytes", QUANTIZED),
            Argument("--load-format", "bitsandbytes", QUANTIZED),
            Argument("--enforce-eager", when=Is(ENFORCE_EAGER, True)),
            Argument("--max-model-len", "{ONEAPP_VLLM_MODEL_MAX_LENGTH}"),
        ),
        environment=(EnvironmentEntry("HF_TOKEN", "{ONEAPP_VLLM_MODEL_TOKEN}", IsSet(MODEL_TOKEN), in_file=True),),
        mounts=(Mount("vllm-models", "/root/.cache/huggingface", writable=True),),
        ports=(Port("8000", outside="{ONEAPP_VLLM_API_PORT}"),),
        shared_memory="2g",
        publishes=(Publish("ONEAPP_VLLM_CHATBOT_API", "http://{address}:{ONEAPP_VLLM_API_PORT}/v1"),),
    ),
    # The image contains builds for CUDA only.
    gpu=GpuRequest(published_as="ONEAPP_VLLM_GPU_AVAILABLE", required=True),
)
