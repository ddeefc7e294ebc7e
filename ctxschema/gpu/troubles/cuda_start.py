"""What CUDA says when it starts. Source: cuda.h and driver_types.h for the numbers, docs/facts/gpu.md, section 2."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CUDA
from ctxschema.gpu.troubles.words import (
    IN_CONTAINER,
    KERNEL_LOG,
    NEWER_OR_OLDER,
    REBOOT,
    RUN_WITH_GPUS,
    no_gpu,
    not_seen,
)
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "CUDA Driver API, CUresult; CUDA Runtime API, cudaError_t"
NO_GPUS_FLAG = Cause(
    "the container was started without `--gpus`, so that it has no GPU",
    RUN_WITH_GPUS,
    "`docker inspect --format {{{{.HostConfig.DeviceRequests}}}} <container>` prints [], and `nvidia-smi` is not "
    "found in the container",
    "on a SuperNode: FL_GPU_ENABLED=YES, and read in the boot's log why it fell back to the CPU",
    "container-gpu",
)
HIDDEN = Cause(
    "CUDA_VISIBLE_DEVICES hides every GPU: it is empty, -1, or names one that is not there; `all` is no value of it",
    "unset CUDA_VISIBLE_DEVICES, or name GPUs that the container has, counted from 0",
    "`env` in the container shows the variable, and `nvidia-smi -L`, which does not look at it, lists GPUs",
    "FL_CUDA_VISIBLE_DEVICES=all leaves the variable out",
)

CUDA_START_TROUBLES = (
    Trouble(
        "cuda-no-device",
        CUDA,
        "no CUDA-capable device is detected",
        (
            "no CUDA-capable device is detected",
            "CUDA_ERROR_NO_DEVICE",
            "cudaErrorNoDevice",
            "cuInit returned 100",
            "cuInit(0) returned 100",
            "cuInit failed: 100",
            "Error 100: no CUDA-capable device is detected",
            "cudaGetDeviceCount returned 100",
            "CUDA driver initialization failed, you might not have a CUDA gpu",
            "cuInit failed with error 100",
            "CUDA error 100",
            "CUDA error code 100",
            "CUDA initialization failure with error: 100",
            "cuda runtime error (100)",
            "cudaError 100",
            "cuInit returned 38",
            "cuInit(0) returned 38",
            "cuInit failed: 38",
            "cuInit failed with error 38",
            "cudaGetDeviceCount returned 38",
            "CUDA error 38",
            "CUDA error code 38",
            "CUDA initialization failure with error: 38",
            "cuda runtime error (38)",
            "cudaError 38",
            "only 0 Devices available, {number} requested",
            "No CUDA devices found",
            "no CUDA devices were found",
        ),
        (
            NO_GPUS_FLAG,
            HIDDEN,
            Cause(
                "MIG is on, and the GPU is not cut up",
                check="mig/uncut",
                tell="`nvidia-smi -L` lists the GPU and no MIG device below it, and the table says `MIG M. Enabled`",
            ),
            Cause(
                "the driver starts no GPU",
                f"read {KERNEL_LOG}",
                "`nvidia-smi` names none on the virtual machine either",
                check="nvidia-smi/no-devices",
            ),
        ),
        _SOURCE,
        asked=(*no_gpu(IN_CONTAINER), *not_seen(IN_CONTAINER), "container has no GPU"),
    ),
    Trouble(
        "cuda-insufficient-driver",
        CUDA,
        "CUDA driver version is insufficient for CUDA runtime version",
        (
            "CUDA driver version is insufficient for CUDA runtime version",
            "driver version is insufficient for CUDA runtime version",
            "cudaErrorInsufficientDriver",
            "cudaGetDeviceCount returned 35",
            "cuInit returned 35",
            "cuInit(0) returned 35",
            "cuInit failed: 35",
            "cuInit failed with error 35",
            "CUDA error 35",
            "CUDA error code 35",
            "CUDA initialization failure with error: 35",
            "cuda runtime error (35)",
            "cudaError 35",
        ),
        (
            Cause(
                "the image's CUDA is newer than the driver allows",
                f"{NEWER_OR_OLDER}",
                "`nvidia-smi` prints the driver's CUDA; the image's is in its variable CUDA_VERSION or in "
                "`torch.version.cuda`",
                check="container-cuda/newer",
            ),
            Cause(
                "there is no driver at all where the program runs, which CUDA reports with the same words",
                RUN_WITH_GPUS,
                "`nvidia-smi` is not found in the container",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "cuda-not-ready",
        CUDA,
        "Error 802: system not yet initialized",
        (
            "Error 802: system not yet initialized",
            "system not yet initialized",
            "CUDA_ERROR_SYSTEM_NOT_READY",
            "cudaErrorSystemNotReady",
            "cuInit returned 802",
            "cuInit(0) returned 802",
            "cudaGetDeviceCount returned 802",
            "cuInit failed: 802",
            "cuInit failed with error 802",
            "CUDA error 802",
            "CUDA error code 802",
            "CUDA initialization failure with error: 802",
            "cuda runtime error (802)",
            "cudaError 802",
        ),
        (
            Cause(
                "an NVSwitch system (HGX, DGX, SXM cards) whose Fabric Manager does not run, or is of another "
                "version than the driver",
                "`apt install nvidia-fabricmanager-<branch>` of the driver's very version, then `systemctl enable "
                "--now nvidia-fabricmanager`",
                "`lspci -d 10de: | grep -i bridge` lists NVSwitches in this machine, or `nvidia-smi -q` says "
                "`Fabric` State: In Progress",
                "the versions have to be equal to the last number: `nvidia-smi --query-gpu=driver_version "
                "--format=csv,noheader`",
                check="fabric-manager/not-running",
            ),
            Cause(
                "the virtual machine has GPUs of such a system and no switches: the host's Fabric Manager has to "
                "activate their partition",
                "on the host run Fabric Manager in the shared NVSwitch mode (FABRIC_MODE=1) and activate the "
                "partition of these GPUs, or give "
                "the VM all GPUs and switches",
                "`lspci` in the VM lists SXM cards and no NVSwitch",
                check="nvswitch/apart",
            ),
        ),
        _SOURCE + "; NVIDIA, Fabric Manager User Guide",
    ),
    Trouble(
        "cuda-driver-mismatch",
        CUDA,
        "Error 803: system has unsupported display driver / cuda driver combination",
        (
            "system has unsupported display driver / cuda driver combination",
            "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH",
            "cudaErrorSystemDriverMismatch",
            "cuInit returned 803",
            "cuInit(0) returned 803",
            "cuInit failed: 803",
            "cuInit failed with error 803",
            "cudaGetDeviceCount returned 803",
            "CUDA error 803",
            "CUDA error code 803",
            "CUDA initialization failure with error: 803",
            "cuda runtime error (803)",
            "cudaError 803",
        ),
        (
            Cause(
                "libcuda is of another version than the driver in the kernel: the image brings one along, or the "
                "driver was updated",
                "remove libcuda.so* and cuda-compat from the image and its folder from LD_LIBRARY_PATH; after an "
                f"update {REBOOT}",
                "`ldconfig -p | grep libcuda.so` in the container names a file that `--gpus` did not put there, such "
                "as one in "
                "/usr/local/cuda/compat",
                check="nvidia-smi/mismatch",
            ),
        ),
        _SOURCE + "; NVIDIA, CUDA Compatibility",
    ),
    Trouble(
        "cuda-compat",
        CUDA,
        "Error 804: forward compatibility was attempted on non supported HW",
        (
            "forward compatibility was attempted on non supported HW",
            "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE",
            "cudaErrorCompatNotSupportedOnDevice",
            "cuInit returned 804",
            "cuInit(0) returned 804",
            "cuInit failed: 804",
            "cuInit failed with error 804",
            "cudaGetDeviceCount returned 804",
            "CUDA error 804",
            "CUDA error code 804",
            "CUDA initialization failure with error: 804",
            "cuda runtime error (804)",
            "cudaError 804",
        ),
        (
            Cause(
                "the image's CUDA is newer than the driver's, its compatibility libraries came into play, and this "
                "card (GeForce, RTX) may not use "
                "them",
                f"{NEWER_OR_OLDER}",
                "`nvidia-smi` prints an older CUDA than the image's CUDA_VERSION, and the card is not a datacentre one",
                check="container-cuda/newer",
            ),
            Cause(
                "the driver was updated while the old one was loaded",
                REBOOT,
                "`nvidia-smi` says `Driver/library version mismatch`",
                check="nvidia-smi/mismatch",
            ),
            Cause(
                "LD_LIBRARY_PATH puts /usr/local/cuda/compat first",
                "take it out of LD_LIBRARY_PATH",
                "`env` in the container shows it, and the driver is new enough",
                check="cuda-init/compat",
            ),
        ),
        _SOURCE + "; NVIDIA, CUDA Compatibility",
    ),
    Trouble(
        "cuda-unknown",
        CUDA,
        "Error 999: unknown error",
        (
            "CUDA unknown error - this may be due to an incorrectly set up environment",
            "CUDA unknown error",
            "CUDA_ERROR_UNKNOWN",
            "cudaErrorUnknown",
            "Error 999: unknown error",
            "cuInit returned 999",
            "cuInit(0) returned 999",
            "CUDA error: unknown error",
            "failed call to cuInit: CUDA_ERROR_UNKNOWN",
            "cuInit failed: 999",
            "cuInit failed with error 999",
            "cudaGetDeviceCount returned 999",
            "CUDA error 999",
            "CUDA error code 999",
            "CUDA initialization failure with error: 999",
            "cuda runtime error (999)",
            "cudaError 999",
            "cuInit returned 30",
            "cuInit(0) returned 30",
            "cuInit failed: 30",
            "cuInit failed with error 30",
            "cudaGetDeviceCount returned 30",
            "CUDA error 30",
            "CUDA error code 30",
            "CUDA initialization failure with error: 30",
            "cuda runtime error (30)",
            "cudaError 30",
        ),
        (
            Cause(
                "/dev/nvidia-uvm is missing",
                "`nvidia-modprobe -c 0 -u`, or enable nvidia-persistenced, which makes them at every start",
                "`ls -l /dev/nvidia-uvm` finds nothing, on the virtual machine or in the container, and nvidia-smi "
                "works",
                "a container that lacks it has to be made anew",
                "device-nodes/missing",
            ),
            Cause(
                "nvidia-uvm is in a bad state, mostly after the machine slept or the driver met an error",
                "stop every GPU program, `modprobe -r nvidia_uvm` and `modprobe nvidia_uvm`; or restart the machine",
                "the node is there, and it worked before",
                check="cuda-init/unknown",
            ),
            Cause(
                "CUDA_VISIBLE_DEVICES was changed while the program ran",
                "set it before the program starts",
                "another program in the same container works",
            ),
        ),
        _SOURCE,
    ),
)
