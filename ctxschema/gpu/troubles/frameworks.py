"""What PyTorch, TensorFlow and JAX say. Source: their own sources, as named."""

from __future__ import annotations

from ctxschema.gpu.troubles.cuda_start import HIDDEN, NO_GPUS_FLAG
from ctxschema.gpu.troubles.programs import JAX, TENSORFLOW, TORCH
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

FRAMEWORK_TROUBLES = (
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
        "PyTorch, torch/cuda/__init__.py, torch/serialization.py; gpu.md, section 2; flwrlabs/flower#1426, #6220",
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
        "gpu.md, section 8; PyTorch, c10/cuda/CUDAAllocatorConfig.cpp",
    ),
    Trouble(
        "tf-no-gpu",
        TENSORFLOW,
        "TensorFlow does not use the GPU",
        (
            "Could not find cuda drivers on your machine, GPU will not be used",
            "Cannot dlopen some GPU libraries",
            "kernel driver does not appear to be running on this host",
            "failed call to cuInit: CUDA_ERROR_NO_DEVICE: {rest}",
            "failed call to cuInit: {rest}",
            "Skipping registering GPU devices{rest}",
            "retrieving CUDA diagnostic information for host: {rest}",
            "Could not find TensorFlow GPU{rest}",
            "Ignore above cudart dlerror if you do not have a GPU set up on your machine",
            "tf.config.list_physical_devices('GPU') returns []",
        ),
        (
            NO_GPUS_FLAG,
            Cause(
                "the image lacks libraries of CUDA or cuDNN that this TensorFlow wants",
                "`pip install tensorflow[and-cuda]`, or an image tensorflow/tensorflow:<version>-gpu",
                "`Cannot dlopen some GPU libraries`, or a `Could not load dynamic library` before it",
            ),
            HIDDEN,
            Cause(
                "the driver is too old",
                f"{NEWER_OR_OLDER}",
                "`kernel driver` or `cuInit` stands in the message, and `nvidia-smi` works",
                check="container-cuda/newer",
            ),
        ),
        "TensorFlow, xla/stream_executor/cuda/cuda_diagnostics.cc; tensorflow/core/common_runtime/gpu/gpu_device.cc",
    ),
    Trouble(
        "tf-kernel-dso",
        TENSORFLOW,
        "kernel version does not match DSO version",
        (
            "kernel version {version} does not match DSO version {version}",
            "cannot find working devices in this configuration",
        ),
        (
            Cause(
                "libcuda in the container is of another driver than the kernel's",
                "remove libcuda and libnvidia-* from the image; after an update of the driver restart the virtual "
                "machine",
                "the message names both versions",
                check="nvidia-smi/mismatch",
            ),
        ),
        "TensorFlow, xla/stream_executor/cuda/cuda_diagnostics.cc",
    ),
    Trouble(
        "xla-libdevice",
        TENSORFLOW,
        "libdevice not found",
        (
            "libdevice not found at {path}",
            "Can't find libdevice directory {rest}",
            "Couldn't get ptxas version{rest}",
            "Couldn't invoke ptxas{rest}",
            "ptxas not found in path",
            "No PTX compilation provider is available{rest}",
        ),
        (
            Cause(
                "the image has no ptxas and libdevice, which XLA compiles with",
                "`pip install nvidia-cuda-nvcc-cu12`, and XLA_FLAGS=--xla_gpu_cuda_data_dir=<folder with nvvm>",
                "`find / -name libdevice.10.bc` in the container finds none, or one where XLA does not look",
            ),
        ),
        "XLA, xla/service/gpu; TensorFlow, installation guide",
    ),
    Trouble(
        "jax-cpu",
        JAX,
        "JAX falls back to the CPU",
        (
            "An NVIDIA GPU may be present on this machine, but a CUDA-enabled jaxlib is not installed",
            "No GPU/TPU found, falling back to CPU",
            "CUDA-enabled jaxlib is not installed",
            "Unable to initialize backend 'cuda': {rest}",
            "Unable to initialize backend 'gpu': {rest}",
            "CUDA backend failed to initialize: {rest}",
            "Unknown backend cuda",
            "Unknown backend: 'gpu' requested{rest}",
            "Jax plugin configuration error: Exception when calling jax_plugins.xla_cuda{rest}",
        ),
        (
            Cause(
                "a CPU build of jaxlib is installed",
                '`pip install -U "jax[cuda12]"`',
                "the message says `CUDA-enabled jaxlib is not installed`, and `pip list` has no jax-cuda12-plugin",
            ),
            NO_GPUS_FLAG,
            Cause(
                "the image's CUDA or cuDNN is older than the one that JAX was built with, or LD_LIBRARY_PATH leads "
                "to another",
                "unset LD_LIBRARY_PATH, and let `jax[cuda12]` bring its own libraries",
                "the message says `Found ... version ..., but JAX was built against version ...`",
            ),
            HIDDEN,
        ),
        "JAX, jax/_src/xla_bridge.py; jax_plugins/cuda/__init__.py",
    ),
    Trouble(
        "jax-libraries",
        JAX,
        "JAX cannot load a library of CUDA",
        (
            "Unable to load cu{name}. Is it installed?",
            "Unable to load CUDA. Is it installed?",
            "Found CUDA version {number}, but JAX was built against version {number}{rest}",
            "Found cu{name} version {number}, but JAX was built against version {number}{rest}",
            "Outdated cuDNN installation found.{rest}",
            "Outdated CUDA installation found.{rest}",
        ),
        (
            Cause(
                "the image's library is missing or too old",
                '`pip install -U "jax[cuda12]"`, which brings all of them, and unset LD_LIBRARY_PATH',
                "`pip list | grep nvidia-` lacks it, or LD_LIBRARY_PATH names another folder",
            ),
        ),
        "JAX, jax_plugins/cuda/__init__.py",
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
)
