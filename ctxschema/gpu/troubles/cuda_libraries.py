"""What the loader, cuDNN, cuBLAS and NCCL say."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CUDNN, LOADER
from ctxschema.gpu.troubles.words import RUN_WITH_GPUS
from ctxschema.model.trouble import Cause, Trouble

CUDA_LIBRARY_TROUBLES = (
    Trouble(
        "cuda-libcuda",
        LOADER,
        "libcuda.so.1: cannot open shared object file",
        (
            "libcuda.so.1: cannot open shared object file",
            "libcuda.so: cannot open shared object file",
            "Could not load dynamic library 'libcuda.so.1'",
            "libnvidia-ptxjitcompiler.so.1: cannot open shared object file",
            "libnvidia-{name}: cannot open shared object file",
            "Could not find libcuda.so{rest}",
            "Failed to load libcuda.so{rest}",
            "libcuda.so cannot found!",
            "Could not load library {name} Error: libcuda.so: cannot open shared object file",
            "unable to load cuda driver library",
        ),
        (
            Cause(
                "the container was started without a GPU: libcuda belongs to the driver, and only `--gpus` puts it in",
                RUN_WITH_GPUS,
                "`docker inspect --format {{{{.HostConfig.DeviceRequests}}}} <container>` prints []; no image should "
                "bring libcuda along",
                check="container-gpu",
            ),
            Cause(
                "the container may not compute: NVIDIA_DRIVER_CAPABILITIES has no compute",
                "`-e NVIDIA_DRIVER_CAPABILITIES=compute,utility`",
                "nvidia-smi works in the container, and `env` there shows the variable without compute",
            ),
            Cause(
                "the driver's libraries are not installed on the machine",
                "`apt install libnvidia-compute-<branch>` of the driver's own version",
                "`ldconfig -p | grep libcuda.so.1` prints nothing on the virtual machine itself",
                check="cuda/unknown",
            ),
        ),
        "glibc, elf/dl-load.c; measured with Docker 28.5 and 29.7",
    ),
    Trouble(
        "cuda-libcudart",
        LOADER,
        "libcudart.so: cannot open shared object file",
        (
            "libcudart.so.{version}: cannot open shared object file",
            "libcudart.so: cannot open shared object file",
            "Could not load dynamic library 'libcudart.so{rest}'",
            "libcublas{name}: cannot open shared object file",
            "libcufft.so{name}: cannot open shared object file",
            "libcurand.so{name}: cannot open shared object file",
            "libcusparse{name}: cannot open shared object file",
            "libcusolver{name}: cannot open shared object file",
            "libnvrtc{name}: cannot open shared object file",
            "libnvJitLink{name}: cannot open shared object file",
            "libnccl.so{name}: cannot open shared object file",
            "libcupti.so{name}: cannot open shared object file",
            "Could not load dynamic library 'libcublas{rest}'",
            "undefined symbol: __nvJitLink{name}",
            "undefined symbol: cu{name}, version libcu{name}",
        ),
        (
            Cause(
                "the library belongs to the CUDA toolkit and has to be in the image; it is not part of the driver",
                "use an image with that CUDA (nvidia/cuda:<version>-runtime-..., or a wheel of PyTorch that brings "
                "it along), or "
                "`pip install nvidia-cuda-runtime-cu12`",
                "`find / -name 'libcudart.so*'` in the container finds none, or one of another number",
                "the number in its name is CUDA's: libcudart.so.12 is CUDA 12",
            ),
            Cause(
                "it is there, and the loader does not look there",
                "add its folder to LD_LIBRARY_PATH in the image (/usr/local/cuda/lib64, or the nvidia folders in "
                "site-packages)",
                "`find` finds it",
                "an `undefined symbol` is two versions mixed: take older folders out of LD_LIBRARY_PATH",
            ),
        ),
        "glibc, elf/dl-load.c; NVIDIA/nvidia-docker#671",
    ),
    Trouble(
        "cudnn-library",
        CUDNN,
        "libcudnn cannot be loaded",
        (
            "libcudnn{name}: cannot open shared object file",
            "Could not load library libcudnn_{name}",
            "Unable to load any of {{libcudnn{rest}",
            "Could not load dynamic library 'libcudnn{rest}'",
            "Loaded runtime CuDNN library: {version} but source was compiled with: {version}",
            "cuDNN version incompatibility: {rest}",
            "Found cuDNN version {number}, but JAX was built against version {number}{rest}",
            "Please make sure libcudnn_{name} is in your library path!",
        ),
        (
            Cause(
                "the image has no cuDNN, or one of another version than the program was built with",
                "use an image with it (a tag with -cudnn-), or `pip install nvidia-cudnn-cu12` of the version that "
                "the program names",
                "`find / -name 'libcudnn*'` in the container finds none, or several versions",
                "it belongs to the image, never to the driver",
            ),
            Cause(
                "LD_LIBRARY_PATH leads to another one first",
                "take that folder out of LD_LIBRARY_PATH",
                "`find` finds two",
            ),
        ),
        "cuDNN, installation guide; PyTorch, torch/backends/cudnn",
    ),
    Trouble(
        "cudnn-status",
        CUDNN,
        "cuDNN or cuBLAS could not be started",
        (
            "cuDNN error: CUDNN_STATUS_{name}",
            "CUDNN_STATUS_NOT_INITIALIZED",
            "CUDNN_STATUS_INTERNAL_ERROR",
            "CUDNN_STATUS_EXECUTION_FAILED",
            "Could not create cudnn handle: {rest}",
            "CUBLAS_STATUS_NOT_INITIALIZED",
            "CUBLAS_STATUS_EXECUTION_FAILED",
            "CUBLAS_STATUS_INTERNAL_ERROR",
            "failed to create cublas handle: {rest}",
            "Failed to get convolution algorithm. This is probably because cuDNN failed to initialize",
            "Unable to find a valid cuDNN algorithm to run convolution",
            "GET was unable to find an engine to execute this computation",
            "DNN library is not found",
            "DNN library initialization failed",
            "No DNN in stream executor",
        ),
        (
            Cause(
                "there was no memory left for it",
                "a smaller batch; TensorFlow: TF_FORCE_GPU_ALLOW_GROWTH=true; JAX: XLA_PYTHON_CLIENT_PREALLOCATE=false",
                "`nvidia-smi` shows the GPU full, or the program takes all of it first",
            ),
            Cause(
                "its version does not fit the driver or the card",
                "use a newer image",
                "memory is free; the card is newer than the build",
                check="container-cuda",
            ),
            Cause(
                "an earlier error of the program broke the context",
                "run it once with CUDA_LAUNCH_BLOCKING=1; the first message is the one that counts",
                "other messages of CUDA stand before it",
            ),
        ),
        "cuDNN, cudnnStatus_t; cuBLAS, cublasStatus_t",
    ),
    Trouble(
        "nccl",
        CUDNN,
        "NCCL error",
        (
            "ncclUnhandledCudaError: {rest}",
            "ncclSystemError: {rest}",
            "ncclInternalError: {rest}",
            "ncclRemoteError: {rest}",
            "ncclInvalidUsage: {rest}",
            "NCCL WARN Call to {name} returned {rest}",
            "NCCL WARN Net : {rest}",
            "NCCL error in: {rest}",
            "NCCL Error {number}: {rest}",
            "unhandled system error, NCCL version {version}",
            "unhandled cuda error, NCCL version {version}",
            "NCCL WARN Error while creating shared memory segment {rest}",
            "NCCL WARN Failed to CUDA calloc async {rest}",
        ),
        (
            Cause(
                "the container has too little shared memory",
                "`docker run --shm-size=8g ...`, or `--ipc=host`",
                "the message, or one with NCCL_DEBUG=INFO, names /dev/shm or `No space left on device`",
            ),
            Cause(
                "GPUs cannot reach one another in this virtual machine: over PCIe with ACS or an IOMMU, or an NVLink "
                "fabric that is not up",
                "NCCL_P2P_DISABLE=1 to try; then Fabric Manager where there are NVSwitches",
                "`nvidia-smi topo -p2p r` says NS or CNS, or it hangs with P2P alone",
            ),
            Cause(
                "the network between machines",
                "NCCL_SOCKET_IFNAME=<interface>, and open its ports",
                "one machine alone works",
            ),
        ),
        "NCCL, Troubleshooting; src/debug.cc",
    ),
)
