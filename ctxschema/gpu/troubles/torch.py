"""What PyTorch says, and programs upon it."""

from __future__ import annotations

from ctxschema.gpu.troubles.cuda_start import HIDDEN, NO_GPUS_FLAG
from ctxschema.gpu.troubles.programs import TORCH
from ctxschema.gpu.troubles.words import NEWER_OR_OLDER, RUN_WITH_GPUS
from ctxschema.model.trouble import Cause, Trouble

_CPU_BUILD = Cause(
    "the image has a CPU build of PyTorch",
    "install a CUDA build: the plain wheel of torch for Linux is one (`pip install --force-reinstall torch`)",
    "`python -c 'import torch; print(torch.version.cuda)'` prints None, and its version ends in +cpu",
    "Flower's own images bring no PyTorch along; the one in a requirements.txt decides",
)
_TOO_OLD = Cause(
    "the driver is too old for the build's CUDA",
    f"{NEWER_OR_OLDER}",
    "`torch.version.cuda` is newer than the CUDA that `nvidia-smi` prints",
    check="container-cuda/newer",
)

TORCH_TROUBLES = (
    Trouble(
        "torch-no-gpus",
        TORCH,
        "No CUDA GPUs are available",
        (
            "RuntimeError: No CUDA GPUs are available",
            "No CUDA GPUs are available",
            "torch.cuda.is_available() returns False",
            "torch.cuda.is_available() is False",
            "torch.cuda.is_available(): False",
            "torch.cuda.is_available() -> False",
            "torch.cuda.is_available() False",
            "torch.cuda.is_available() == False",
            "torch.cuda.is_available() = False",
            "torch.cuda.is_available() prints False",
            "print(torch.cuda.is_available()) False",
            "cuda available: False",
            "CUDA is not available",
            "torch.cuda.device_count() returns 0",
            "torch.cuda.device_count() is 0",
            "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False",
        ),
        (NO_GPUS_FLAG, _CPU_BUILD, HIDDEN, _TOO_OLD),
        "PyTorch, torch/cuda/__init__.py, torch/serialization.py; measured with PyTorch 2.8 to 2.15; "
        "flwrlabs/flower#1426, #6220",
    ),
    Trouble(
        "torch-cpu-build",
        TORCH,
        "Torch not compiled with CUDA enabled",
        (
            "Torch not compiled with CUDA enabled",
            "PyTorch is not linked with support for cuda devices",
            "torch was not compiled with CUDA support",
        ),
        (_CPU_BUILD,),
        "PyTorch, torch/cuda/__init__.py (_lazy_init)",
    ),
    Trouble(
        "torch-no-driver",
        TORCH,
        "Found no NVIDIA driver on your system",
        ("Found no NVIDIA driver on your system",),
        (
            NO_GPUS_FLAG,
            Cause(
                "no driver is loaded on the virtual machine",
                "install the driver, or `modprobe nvidia`",
                "`nvidia-smi` fails on the virtual machine itself",
                check="kernel-driver",
            ),
        ),
        "PyTorch, torch/csrc/cuda/Module.cpp; torch/cuda/__init__.py",
    ),
    Trouble(
        "torch-driver-old",
        TORCH,
        "The NVIDIA driver on your system is too old",
        (
            "The NVIDIA driver on your system is too old (found version {number})",
            "The NVIDIA driver on your system is too old",
        ),
        (
            Cause(
                "the driver is too old for the build's CUDA",
                f"{NEWER_OR_OLDER}",
                "the number is CUDA's, not the driver's: 12040 is CUDA 12.4; `torch.version.cuda` is newer",
                check="container-cuda/newer",
            ),
        ),
        "PyTorch, c10/cuda/CUDAFunctions.cpp",
    ),
    Trouble(
        "torch-alloc-conf",
        TORCH,
        "Unrecognized key in the allocator's configuration",
        (
            "Unrecognized key '{name}' in CUDA allocator config",
            "Unrecognized key {rest}per_process_memory_fraction{rest}",
            "Unrecognized CachingAllocator option: {name}",
            "Unrecognized CachingAllocator option{rest}",
        ),
        (
            Cause(
                "this PyTorch does not know a key of PYTORCH_CUDA_ALLOC_CONF; per_process_memory_fraction is known "
                "from 2.10 on",
                "take the key out, or use PyTorch 2.10 or newer; the program can read FL_GPU_MEMORY_FRACTION and call "
                "torch.cuda.set_per_process_memory_fraction instead",
                "`env` in the container shows PYTORCH_CUDA_ALLOC_CONF or PYTORCH_ALLOC_CONF",
            ),
        ),
        "measured with PyTorch 2.8 to 2.15; PyTorch, c10/cuda/CUDAAllocatorConfig.cpp",
    ),
    Trouble(
        "torch-extension",
        TORCH,
        "CUDA_HOME environment variable is not set",
        (
            "CUDA_HOME environment variable is not set",
            "nvcc: command not found",
            "nvcc: not found",
            "The detected CUDA version ({version}) mismatches the version that was used to compile PyTorch ({version})",
            "RuntimeError: Cannot find CUDA_HOME",
            "bitsandbytes was compiled without GPU support",
            "CUDA Setup failed despite GPU being available",
        ),
        (
            Cause(
                "an extension is to be built, and the image has no CUDA toolkit (nvcc), or another one than PyTorch's",
                "build in an image nvidia/cuda:<version>-devel-... of the version in `torch.version.cuda`, or "
                "install a ready-made wheel",
                "`nvcc --version` is not found, or names another CUDA than `torch.version.cuda`",
                "running programs needs no toolkit; the driver has no part in it",
            ),
        ),
        "PyTorch, torch/utils/cpp_extension.py",
    ),
    Trouble(
        "framework-device-type",
        TORCH,
        "Failed to infer device type",
        ("Failed to infer device type", "No accelerator detected{rest}", "Found no GPU{rest}falling back to CPU"),
        (
            NO_GPUS_FLAG,
            Cause(
                "the program (vLLM, accelerate) finds no GPU through NVML",
                RUN_WITH_GPUS + " and `-e NVIDIA_DRIVER_CAPABILITIES=compute,utility`",
                "`nvidia-smi` does not work in the container, and `torch.cuda.is_available()` does",
            ),
        ),
        "vLLM, vllm/config/device.py",
    ),
    Trouble(
        "framework-card-old",
        TORCH,
        "the card is too old for a feature",
        (
            "FlashAttention only supports Ampere GPUs or newer",
            "Flash Attention only supports Ampere GPUs or newer",
            "Bfloat16 is only supported on GPUs with compute capability of at least {version}",
            "bfloat16 is only supported on GPUs with compute capability{rest}",
            "requires a GPU with compute capability{rest}",
            "Your setup doesn't support bf16/gpu",
        ),
        (
            Cause(
                "the card has a compute capability below the one that the feature needs",
                "use float16, another attention, or a newer card",
                "`nvidia-smi --query-gpu=compute_cap --format=csv` says so: 8.0 is Ampere",
            ),
        ),
        "flash-attention; vLLM; transformers",
    ),
)
