"""What CUDA says while a program runs."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CUDA
from ctxschema.gpu.troubles.words import KERNEL_LOG, NEWER_OR_OLDER, REBOOT
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "CUDA Driver API, CUresult; CUDA Runtime API, cudaError_t"

CUDA_RUN_TROUBLES = (
    Trouble(
        "cuda-no-kernel-image",
        CUDA,
        "no kernel image is available for execution on the device",
        (
            "no kernel image is available for execution on the device",
            "CUDA_ERROR_NO_BINARY_FOR_GPU",
            "cudaErrorNoKernelImageForDevice",
            "with CUDA capability sm_{number} is not compatible with the current PyTorch installation",
            "is not compatible with the current PyTorch installation",
            "PyTorch no longer supports this GPU because it is too old",
            "device kernel image is invalid",
            "Value 'sm_{name}' is not defined for option 'gpu-name'",
            "nvrtc: error: invalid value for --gpu-architecture (-arch)",
            "Unsupported gpu architecture 'compute_{name}'",
        ),
        (
            Cause(
                "the build of PyTorch (or of a library) does not know the card: the card is newer (sm_XX)",
                "use a newer image, or a build for a newer CUDA",
                "`python -c 'import torch; print(torch.cuda.get_arch_list(), torch.cuda.get_device_capability())'` "
                "lists no such sm_XX",
                "Blackwell (sm_100, sm_120) needs CUDA 12.8 or newer, Hopper (sm_90) CUDA 11.8",
                "container-cuda",
            ),
            Cause(
                "the card is older than the build supports",
                "use an older image, or build for that card",
                "the card's number is lower than the lowest of the list",
            ),
        ),
        _SOURCE + "; PyTorch, torch/cuda/__init__.py (_check_capability)",
    ),
    Trouble(
        "cuda-out-of-memory",
        CUDA,
        "CUDA out of memory",
        (
            "CUDA out of memory. Tried to allocate {size}",
            "CUDA out of memory",
            "CUDA error: out of memory",
            "torch.cuda.OutOfMemoryError",
            "torch.OutOfMemoryError",
            "CUDA_ERROR_OUT_OF_MEMORY",
            "cudaErrorMemoryAllocation",
            "Error 2: out of memory",
            "RESOURCE_EXHAUSTED: Out of memory while trying to allocate {rest}",
            "RESOURCE_EXHAUSTED: {rest}OOM when allocating tensor{rest}",
            "OOM when allocating tensor with shape{rest}",
            "failed to allocate {size} ({rest}) from device: CUDA_ERROR_OUT_OF_MEMORY",
            "CUBLAS_STATUS_ALLOC_FAILED",
            "CUDNN_STATUS_ALLOC_FAILED",
            "Cuda failure 'out of memory'",
        ),
        (
            Cause(
                "the memory is taken by another process on the same GPU",
                "end it, or wait for it: `nvidia-smi` lists processes with their memory (those of other containers "
                "on the virtual machine only)",
                "`nvidia-smi` shows much memory in use before this program starts",
                "FL_GPU_MEMORY_FRACTION is a cap for this process only; it makes no room that others hold",
            ),
            Cause(
                "the program needs more than the GPU has",
                "a smaller batch or model, lower precision, or a larger GPU",
                "the memory is free before, and the program's own `already allocated` is near the total",
            ),
            Cause(
                "FL_GPU_MEMORY_FRACTION (or PYTORCH_CUDA_ALLOC_CONF) caps the process",
                "raise FL_GPU_MEMORY_FRACTION",
                "the message says `allowed` or it stops near that fraction of the total",
            ),
            Cause(
                "free memory lies in pieces",
                "`PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True`",
                "`reserved but unallocated` in the message is large",
            ),
        ),
        _SOURCE + "; PyTorch, c10/cuda/CUDACachingAllocator.cpp",
    ),
    Trouble(
        "cuda-busy",
        CUDA,
        "all CUDA-capable devices are busy or unavailable",
        (
            "all CUDA-capable devices are busy or unavailable",
            "CUDA-capable device(s) is/are busy or unavailable",
            "CUDA_ERROR_DEVICE_UNAVAILABLE",
            "cudaErrorDevicesUnavailable",
            "exclusive (this thread) or prohibited compute mode",
        ),
        (
            Cause(
                "the compute mode lets nobody in, or one process only",
                "`nvidia-smi -i <index> -c DEFAULT`",
                "`nvidia-smi --query-gpu=compute_mode --format=csv` says Prohibited or Exclusive_Process",
                check="cuda-init/prohibited",
            ),
            Cause(
                "another program holds the GPU, or a broken one left it in a bad state",
                f"end it (`nvidia-smi`, `fuser -v /dev/nvidia*`); if none is there, reset the GPU or {REBOOT}",
                "the mode is Default",
            ),
            Cause(
                "a vGPU without a license, or confidential computing that waits to be made ready",
                "see `nvidia-smi -q | grep -i -e license -e ready`",
                "it says Unlicensed or Not Ready",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "cuda-invalid-device",
        CUDA,
        "invalid device ordinal",
        (
            "CUDA error: invalid device ordinal",
            "invalid device ordinal",
            "CUDA_ERROR_INVALID_DEVICE",
            "cudaErrorInvalidDevice",
        ),
        (
            Cause(
                "the program asks for a GPU of a number that the container does not have",
                "use `cuda:0` and on; the container's GPUs are counted anew from 0",
                "`torch.cuda.device_count()` is not larger than the number",
                "with `--gpus '\"device=2,3\"'` they are 0 and 1 inside, and CUDA_VISIBLE_DEVICES=2,3 would hide them",
            ),
        ),
        _SOURCE + "; gpu.md, section 2",
    ),
    Trouble(
        "cuda-program-fault",
        CUDA,
        "CUDA error: device-side assert, illegal memory access or launch failure",
        (
            "CUDA error: device-side assert triggered",
            "device-side assert triggered",
            "CUDA error: an illegal memory access was encountered",
            "an illegal memory access was encountered",
            "CUDA error: an illegal instruction was encountered",
            "CUDA error: misaligned address",
            "unspecified launch failure",
            "CUDA error: invalid configuration argument",
            "CUDA_ERROR_ILLEGAL_ADDRESS",
            "CUDA_ERROR_LAUNCH_FAILED",
            "CUDA_ERROR_ASSERT",
            "cudaErrorIllegalAddress",
            "cudaErrorLaunchFailure",
        ),
        (
            Cause(
                "the program is at fault, mostly an index or label out of range",
                "run it once with CUDA_LAUNCH_BLOCKING=1 (or on the CPU), which names the line",
                "it comes with this program only; Xid 13, 31 or 43 stands in the kernel log",
            ),
            Cause(
                "the card is at fault",
                f"read {KERNEL_LOG}; Xid 48, 79, 94 or 95 tells",
                "it comes with every program",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "cuda-ecc",
        CUDA,
        "uncorrectable ECC error encountered",
        ("uncorrectable ECC error encountered", "CUDA_ERROR_ECC_UNCORRECTABLE", "cudaErrorECCUncorrectable"),
        (
            Cause(
                "the card's memory has an error that cannot be mended",
                "reset the GPU (`nvidia-smi --gpu-reset -i <index>`) or restart the machine; if it comes again, have "
                "the card replaced",
                "`nvidia-smi -q -d ECC,ROW_REMAPPER` counts it; Xid 48, 94 or 95 stands in the kernel log",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "cuda-fork",
        CUDA,
        "CUDA error: initialization error",
        (
            "CUDA error: initialization error",
            "Cannot re-initialize CUDA in forked subprocess",
            "CUDA_ERROR_NOT_INITIALIZED",
            "cudaErrorInitializationError",
            "Error 3: initialization error",
        ),
        (
            Cause(
                "the program used CUDA and forked afterwards",
                "`multiprocessing.set_start_method('spawn')`, or use CUDA in the children only",
                "it comes in a child process or a worker of a DataLoader",
            ),
            Cause(
                "the driver could not be started",
                "ask again with what `nvidia-smi` says in the container",
                "it comes in the first process as well",
            ),
        ),
        _SOURCE + "; PyTorch, torch/cuda/__init__.py (_lazy_init)",
    ),
    Trouble(
        "cuda-ptx",
        CUDA,
        "the provided PTX was compiled with an unsupported toolchain",
        (
            "the provided PTX was compiled with an unsupported toolchain",
            "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
            "cudaErrorUnsupportedPtxVersion",
            "ptxas fatal : Unsupported .version {rest}",
        ),
        (
            Cause(
                "the image's CUDA is a little newer than the driver's",
                f"{NEWER_OR_OLDER}",
                "the program runs up to the first kernel that is compiled for the card on the spot",
                check="container-cuda/newer-minor",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "cuda-not-supported",
        CUDA,
        "CUDA error: operation not supported",
        (
            "CUDA error: operation not supported",
            "CUDA_ERROR_NOT_SUPPORTED",
            "cudaErrorNotSupported",
            "CUDA_ERROR_NOT_PERMITTED",
            "peer access is not supported between these two devices",
            "CUDA error: peer mapping resources exhausted",
            "Error 304: OS call failed or operation not supported on this OS",
            "OS call failed or operation not supported on this OS",
        ),
        (
            Cause(
                "the vGPU profile or the virtual machine does not allow it: unified memory, or access of GPUs to one "
                "another",
                "give the vGPU a profile with unified memory (`enable_uvm=1` on the host) or a whole GPU; "
                "NCCL_P2P_DISABLE=1 for access between GPUs",
                "`nvidia-smi` names a GRID or vGPU profile, or `nvidia-smi topo -p2p r` says NS",
            ),
            Cause(
                "the container may not open the driver's nodes",
                "start it with `--gpus all` rather than with `--device` and mounts made by hand",
                "the message is 304",
                check="device-nodes",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "cuda-other",
        CUDA,
        "another error of CUDA",
        (
            "CUDA error: {rest}",
            "Unexpected error from cudaGetDeviceCount(){rest}Error {number}: {rest}",
            "CUDA_ERROR_{name}",
            "CUDA driver error: {rest}",
            "CUDA failure {number}: {rest}",
            "CUDA initialization: {rest}",
            "cuInit returned {number}",
            "cuInit(0) returned {number}",
        ),
        (
            Cause(
                "CUDA answers with an error; the words behind it say which",
                f"run `nvidia-smi` in the same container, and read {KERNEL_LOG}",
                "`nvidia-smi` works: it is CUDA or the program; it does not: it is the driver",
                check="cuda",
            ),
        ),
        _SOURCE,
        general=True,
    ),
)
