"""The GPU variables of a SuperNode. A wrong value never stops a boot: the node falls back to its CPU.

The requirements prescribe labels, input names, types and defaults literally.
"""

from ctxschema.catalog.flower.scopes import SUPERNODE
from ctxschema.catalog.flower.training import ML_FRAMEWORK
from ctxschema.model.conditions import AllOf, Is
from ctxschema.model.kinds import BOOLEAN, NUMBER_FLOAT, TEXT
from ctxschema.model.limits import Between
from ctxschema.model.shapes import DEVICE_IDS
from ctxschema.model.variable import Variable

GROUP = "gpu"
TITLE = "GPU"

FL_GPU_ENABLED = Variable(
    "FL_GPU_ENABLED",
    BOOLEAN,
    label="Enable GPU passthrough (requires GPU-enabled VM template)",
    default=False,
    help="Hands the machine's GPUs to the container. Where none can be used, the node trains on its CPU.",
    group=GROUP,
    scope=SUPERNODE,
    input_name="GPU",
    stops_boot=False,
)
FL_CUDA_VISIBLE_DEVICES = Variable(
    "FL_CUDA_VISIBLE_DEVICES",
    TEXT,
    label="GPU device IDs visible to container (e.g., 0 or 0,1)",
    default="all",
    help="Which of the GPUs the programs in the container see, by the numbers that nvidia-smi gives them. Where MIG "
    "is on, CUDA gives a program one instance, its device 0: all and 0 both mean that, and no other number is there.",
    group=GROUP,
    scope=SUPERNODE,
    limits=(DEVICE_IDS,),
    effective=Is(FL_GPU_ENABLED, True),
    input_name="CUDA_DEVICES",
    stops_boot=False,
)
FL_GPU_MEMORY_FRACTION = Variable(
    "FL_GPU_MEMORY_FRACTION",
    NUMBER_FLOAT,
    label="GPU memory fraction for PyTorch (0.0-1.0)",
    default=0.8,
    help="The share of a GPU's memory that PyTorch's allocator takes at most. A soft limit: libraries take memory "
    "beside it.",
    group=GROUP,
    scope=SUPERNODE,
    limits=(Between(0.0, 1.0),),
    effective=AllOf((Is(FL_GPU_ENABLED, True), Is(ML_FRAMEWORK, "pytorch"))),
    input_name="GPU_MEMORY_FRACTION",
    stops_boot=False,
)
