"""What nvidia-smi says of single GPUs."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import NVIDIA_SMI
from ctxschema.gpu.troubles.words import KERNEL_LOG, REBOOT
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "measured with drivers 535 and 580; nvidia-smi(1)"

SMI_GPU_TROUBLES = (
    Trouble(
        "smi-lost",
        NVIDIA_SMI,
        "nvidia-smi fails, or names a GPU as lost",
        (
            "Unable to determine the device handle for GPU{rest}",
            "Unable to determine the device handle for gpu {addr}: {rest}",
            "GPU is lost",
            "[GPU is lost]",
            "NVMLError_GpuIsLost",
            "Reboot the system to recover this GPU",
            "[Unknown Error]",
            "Failed to initialize NVML: GPU is lost",
        ),
        (
            Cause(
                "the GPU does not answer the driver",
                f"read {KERNEL_LOG} and {REBOOT}; if it stays lost, power the host off and on",
                "the kernel log has Xid 79 or `fallen off the bus` at that time",
                check="nvidia-smi/failed",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-err",
        NVIDIA_SMI,
        "ERR! in the table of nvidia-smi",
        ("|{rest}ERR!{rest}|",),
        (
            Cause(
                "a sensor or the memory of the GPU does not answer",
                f"read {KERNEL_LOG}; reset the GPU (`nvidia-smi --gpu-reset -i <index>`) or power the machine off "
                "and on",
                "it stands in the column of the fan, the power or the memory; `Unknown Error` in `nvidia-smi -q` "
                "says the same",
                check="nvidia-smi/failed",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-hangs",
        NVIDIA_SMI,
        "nvidia-smi hangs",
        (
            "task nvidia-smi:{number} blocked for more than {number} seconds",
            "task {name}:{number} blocked for more than {number} seconds{rest}nvidia",
            "GPU progresses too slowly",
            "task nvidia-{name}:{number} blocked for more than {number} seconds",
            "soft lockup - CPU#{number} stuck for {rest} [nvidia{rest}]",
        ),
        (
            Cause(
                "the driver waits for a GPU that does not answer",
                f"{REBOOT}; if it hangs again, read {KERNEL_LOG}",
                "the kernel log has Xid 119, 79 or 62 before it",
                check="nvidia-smi/timeout",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-inforom",
        NVIDIA_SMI,
        "WARNING: infoROM is corrupted",
        ("WARNING: infoROM is corrupted at gpu {addr}", "infoROM is corrupted"),
        (
            Cause(
                "the card's own record of its life cannot be read",
                "power the machine off and on; if it stays, have the card replaced",
                "`nvidia-smi -q` says `Inforom Version` N/A; programs mostly run all the same",
            ),
        ),
        "nvidia-smi(1), return code 14",
    ),
    Trouble(
        "smi-power-cable",
        NVIDIA_SMI,
        "External power cables are not properly attached",
        (
            "external power cables are not properly attached",
            "is not properly connected to external power",
            "power cable is not{rest}connected",
            "GPU does not have the necessary power cables connected",
        ),
        (
            Cause(
                "the card lacks power",
                "power the host off and seat the card's power cables",
                "nvidia-smi ends with 8, or the kernel log has Xid 54",
            ),
        ),
        "nvidia-smi(1), return code 8",
    ),
    Trouble(
        "smi-in-use",
        NVIDIA_SMI,
        "Unable to reset this GPU because it's being used",
        (
            "Unable to reset this GPU because it's being used by some other process{rest}",
            "GPU {addr} is currently in use by another process",
            "Resetting GPU {addr} is not supported",
            "GPU Reset couldn't run because {rest}",
            "The following GPUs could not be reset: {rest}",
        ),
        (
            Cause(
                "programs still use the GPU",
                "stop containers, Xorg, nvidia-persistenced and dcgm, then reset it; `fuser -v /dev/nvidia*` names "
                "them",
                "`nvidia-smi` or `fuser -v /dev/nvidia*` lists processes",
            ),
            Cause(
                "a virtual machine may not reset its card, or GPUs joined by NVLink are reset only together",
                "shut the virtual machine down and start it again; else `nvidia-smi --gpu-reset` without `-i`",
                "the message says `not supported`, or names other GPUs",
            ),
        ),
        "nvidia-smi(1)",
    ),
    Trouble(
        "smi-fewer",
        NVIDIA_SMI,
        "nvidia-smi names fewer GPUs than lspci",
        (),
        (
            Cause(
                "a GPU failed, or another driver holds it",
                f"look for the others in {KERNEL_LOG}",
                check="nvidia-smi/fewer",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-cuda-unknown",
        NVIDIA_SMI,
        "CUDA Version: N/A",
        ("CUDA Version: N/A", "CUDA Version: ERR!", "CUDA Version: Not Found"),
        (
            Cause(
                "libcuda is missing",
                "`apt install libnvidia-compute-<branch>` of the driver's own version",
                "`ldconfig -p | grep libcuda.so.1` prints nothing on the virtual machine",
                check="cuda/unknown",
            ),
            Cause(
                "in a container: it may not compute",
                "`-e NVIDIA_DRIVER_CAPABILITIES=compute,utility`",
                "the machine's own nvidia-smi names a version; the container's variable has no compute",
            ),
        ),
        _SOURCE,
    ),
    Trouble(
        "smi-setting",
        NVIDIA_SMI,
        "nvidia-smi may not change a setting",
        (
            "Unable to set {rest} for GPU {rest}: Insufficient Permissions",
            "Unable to set {rest}: Insufficient Permissions",
            "Changing {rest} for GPU {rest} is not supported",
            "Unable to set {rest} for GPU {rest}: Not Supported",
            "Unable to set {rest} for GPU {rest}: Unknown Error",
            "The current user does not have permission to change {rest}",
        ),
        (
            Cause(
                "only root may change it",
                "run nvidia-smi as root",
                "the message says `Insufficient Permissions` or `permission`",
            ),
            Cause(
                "the card or the vGPU does not have that setting",
                "leave it as it is; a vGPU's settings are the host's",
                "the message says `Not Supported`",
            ),
        ),
        "nvidia-smi(1)",
    ),
)
