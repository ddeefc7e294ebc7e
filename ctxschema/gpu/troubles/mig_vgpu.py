"""What nvidia-smi says of MIG, and what vGPU licensing and the vGPU manager say."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import GRIDD, NVIDIA_SMI, VGPU_HOST
from ctxschema.model.trouble import Cause, Trouble

_MIG = "NVIDIA, Multi-Instance GPU User Guide; nvidia-smi(1)"
_VGPU = "NVIDIA, Virtual GPU Software User Guide and Client Licensing User Guide"

MIG_VGPU_TROUBLES = (
    Trouble(
        "mig-no-devices",
        NVIDIA_SMI,
        "nvidia-smi names the GPU, and CUDA finds none",
        (
            "No MIG devices found",
            "No GPU instances found: Not Found",
            "No compute instances found: Not Found",
            "No MIG-enabled devices found",
        ),
        (
            Cause(
                "MIG is on, and the GPU is not cut up",
                check="mig/uncut",
                tell="`nvidia-smi -L` lists the GPU and no MIG device below it",
            ),
            Cause(
                "the instances were lost at a restart, which keeps MIG on and not its instances",
                "make them at every start: a systemd unit with `nvidia-smi mig -cgi <profile> -C`, or "
                "nvidia-mig-manager",
                "they were there before the restart",
            ),
        ),
        _MIG,
    ),
    Trouble(
        "mig-enable",
        NVIDIA_SMI,
        "Unable to enable MIG Mode",
        (
            "Unable to enable MIG Mode for GPU {rest}",
            "Unable to disable MIG Mode for GPU {rest}",
            "Warning: MIG mode is in pending enable state for GPU {rest}",
            "Warning: MIG mode is in pending disable state for GPU {rest}",
            "MIG mode is in pending enable state",
            "Enabling MIG mode is not supported{rest}",
            "Not all GPUs support MIG mode{rest}",
        ),
        (
            Cause(
                "programs use the GPU: MIG takes effect with a reset, which waits for them",
                "stop nvidia-persistenced, dcgm, containers and Xorg, then `nvidia-smi --gpu-reset -i <index>`; in a "
                "VM that may not "
                "reset it, shut the VM down and start it again",
                "`fuser -v /dev/nvidia*` lists programs; the message says `pending` or `In use by another client`",
            ),
            Cause(
                "the user may not, or the card cannot",
                "run it as root; MIG is for A30, A100, H100, H200, B200 and their like",
                "the message says `Insufficient Permissions` or `Not Supported`",
            ),
        ),
        _MIG,
    ),
    Trouble(
        "mig-instance",
        NVIDIA_SMI,
        "Unable to create or destroy a MIG instance",
        (
            "Unable to create a GPU instance on GPU {rest}",
            "Unable to create a compute instance on GPU {rest}",
            "Failed to create GPU instances: {rest}",
            "Failed to create compute instances: {rest}",
            "Unable to destroy GPU instance ID {rest}",
            "Unable to destroy compute instance ID {rest}",
            "Failed to destroy GPU instances: {rest}",
        ),
        (
            Cause(
                "the GPU has no room left for that profile",
                "`nvidia-smi mig -lgi`, destroy what is not needed (`-dci`, then `-dgi`), and create the largest first",
                "the message says `Insufficient Resources`",
            ),
            Cause(
                "a program uses the instance",
                "end it; containers keep an instance as long as they run",
                "the message says `In use by another client`",
            ),
            Cause(
                "MIG is off on that GPU, or the profile does not exist there",
                "`nvidia-smi -i <index> -mig 1`, and `nvidia-smi mig -lgip` for the profiles",
                "the message says `Not Supported` or `Not Found`",
            ),
        ),
        _MIG,
    ),
    Trouble(
        "vgpu-unlicensed",
        GRIDD,
        "the vGPU has no license",
        (
            "Valid GRID license not found. GPU features and performance {rest}",
            "Valid GRID license not found",
            "Failed to acquire license from {rest}",
            "Failed to acquire/renew license from license server{rest}",
            "License Status : Unlicensed{rest}",
            "Unlicensed (Unrestricted)",
            "Unlicensed (Restricted)",
            "License Status : Expired{rest}",
            "Unable to acquire license{rest}",
            "Failed to renew license{rest}",
            "Error: No license server{rest}",
            "Failed server communication{rest}license{rest}",
            "Your license has expired{rest}",
        ),
        (
            Cause(
                "the virtual machine has no client token, or the licensing service is not configured",
                "put the token (client_configuration_token_*.tok) into /etc/nvidia/ClientConfigToken, mode 0744, set "
                "FeatureType=1 (vGPU) or 4 "
                "(vCS) in /etc/nvidia/gridd.conf, and `systemctl restart nvidia-gridd`",
                "`ls /etc/nvidia/ClientConfigToken` is empty",
                "without a license CUDA is slowed down after some minutes, then refused",
                check="vgpu-licence/restricted",
            ),
            Cause(
                "the license server is not reached",
                "open 443 (DLS) or 7070 (old server) to it, set the machine's clock, and `systemctl restart "
                "nvidia-gridd`",
                "`journalctl -u nvidia-gridd` names the server and a network error; `timedatectl` says that the "
                "clock is not synchronised",
            ),
            Cause(
                "no license of that kind is left",
                "free one on the server, or buy one",
                "the server's log or portal says so",
            ),
        ),
        _VGPU,
    ),
    Trouble(
        "vgpu-version",
        VGPU_HOST,
        "Incompatible Guest/Host drivers",
        (
            "Incompatible Guest/Host drivers: {rest}",
            "Incompatible Guest/Host drivers",
            "Guest VGX version is newer than the maximum version supported by the Host",
            "Host VGX version is older than the minimum version supported by the Guest",
            "guest driver version is incompatible with the host driver{rest}",
        ),
        (
            Cause(
                "the guest's driver does not fit the host's vGPU manager",
                "install the guest driver (-grid) of the host's vGPU release, or a newer manager on the host",
                "`nvidia-smi` on the host and in the guest name different branches; NVIDIA's table says which pairs "
                "fit",
            ),
        ),
        _VGPU + "; open-gpu-kernel-modules, src/nvidia/src/kernel/vgpu/rpc.c",
    ),
    Trouble(
        "vgpu-start",
        VGPU_HOST,
        "a vGPU cannot be started on the host",
        (
            "vmiop_log: (0x0): {rest}failed{rest}",
            "nvidia-vgpu-vfio: {rest}failed{rest}",
            "nvidia-vgpu-mgr{rest}error: vmiop_{rest}",
            "NVIDIA-vGPU-VFIO: {rest}failed{rest}",
            "Failed to create vGPU{rest}",
            "vGPU plugin initialization failed{rest}",
            "nvidia-vgpud.service: Failed with result {rest}",
        ),
        (
            Cause(
                "ECC, the profile or other vGPUs on the card do not fit",
                "read `journalctl -u nvidia-vgpu-mgr`; vGPUs of one card share a kind of profile; after a restart run "
                "`/usr/lib/nvidia/sriov-manage -e <address>`",
                "`nvidia-smi vgpu -c` lists the types that can still be made",
            ),
        ),
        _VGPU,
        general=True,
    ),
)
