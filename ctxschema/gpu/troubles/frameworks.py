"""What TensorFlow, JAX and Ollama say."""

from __future__ import annotations

from ctxschema.gpu.troubles.cuda_start import HIDDEN, NO_GPUS_FLAG
from ctxschema.gpu.troubles.programs import JAX, OLLAMA, TENSORFLOW
from ctxschema.gpu.troubles.words import NEWER_OR_OLDER
from ctxschema.model.trouble import Cause, Trouble

FRAMEWORK_TROUBLES = (
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
            "Num GPUs Available: 0",
            "tf.test.is_gpu_available() returns False",
            "GPU will not be used",
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
            "No visible GPU devices",
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
        "ollama-no-gpu",
        OLLAMA,
        "no compatible GPUs were discovered",
        (
            "no compatible GPUs were discovered",
            'msg="inference compute" id=0 library=cpu',
            'msg="inference compute" id=cpu library=cpu',
            "no GPU detected",
            "ggml_cuda_init: failed to initialize CUDA: {rest}",
            "gpu VRAM usage didn't recover within timeout",
        ),
        (
            NO_GPUS_FLAG,
            HIDDEN,
            Cause(
                "the driver is too old for the backend, or the container lost its devices",
                f"{NEWER_OR_OLDER}; start the container anew",
                "`nvidia-smi` in the container fails, or prints a CUDA older than 11.4",
                check="container-gpu/blind",
            ),
        ),
        "Ollama, discover/gpu.go; llama.cpp, ggml/src/ggml-cuda",
    ),
)
