"""What nvidia-container-cli says of the GPUs and conditions that were asked for, and anything else."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CONTAINER_CLI
from ctxschema.gpu.troubles.words import NEWER_OR_OLDER, RESTART_DOCKER, TOOLKIT, TOOLKIT_CONFIG
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "libnvidia-container, src/"

CLI_CHOICE_TROUBLES = (
    Trouble(
        "cli-unknown-device",
        CONTAINER_CLI,
        "device error: ...: unknown device",
        ("device error: {device}: unknown device",),
        (
            Cause(
                "the machine has no GPU of that number or UUID",
                "ask for one that `nvidia-smi -L` lists, or for `--gpus all`",
                "the name in the message is not among those of `nvidia-smi -L`; numbers begin with 0",
                "on machines of OpenNebula the number may change when the VM gets other cards",
            ),
            Cause(
                "a list with a blank in it: the second name begins with the blank",
                "write `--gpus '\"device=0,1\"'`, without blanks",
                "the name in the message begins or ends with a blank, a quote or nothing at all",
            ),
            Cause(
                "MIG is on or off, and the name is of the other kind",
                "name the instance as `nvidia-smi -L` prints it (MIG-...), or GPU:instance, such as 0:0",
                "`nvidia-smi -L` lists MIG devices",
                check="mig",
            ),
        ),
        _SOURCE + "cli/common.c (select_devices)",
    ),
    Trouble(
        "cli-unsatisfied",
        CONTAINER_CLI,
        "requirement error: unsatisfied condition: cuda>=",
        (
            "requirement error: unsatisfied condition: cuda{rest}please update your driver to a newer version",
            "unsatisfied condition: cuda>={cuda}",
            "unsatisfied condition: cuda >= {cuda}",
            "requirement error: unsatisfied condition: {rest}",
            "unsatisfied condition: driver{rest}",
            "unsatisfied condition: brand{rest}",
            "unsatisfied condition: arch{rest}",
            "requirements not met: {rest}",
        ),
        (
            Cause(
                "the driver is too old for the image's CUDA",
                f"{NEWER_OR_OLDER}",
                "`nvidia-smi` prints the newest CUDA of the driver in its first lines; the message names what the "
                "image wants",
                check="container-cuda/newer",
            ),
            Cause(
                "the image demands more than it needs (NVIDIA_REQUIRE_CUDA), such as a driver branch or brand of card",
                "`docker run -e NVIDIA_DISABLE_REQUIRE=1 ...`, which skips the question and not the need",
                "the driver's CUDA is not older than the one in the message, or the message names driver, brand or "
                "arch",
            ),
        ),
        _SOURCE + "cli/dsl.c (dsl_evaluate)",
    ),
    Trouble(
        "cli-expression",
        CONTAINER_CLI,
        "requirement error: invalid expression",
        ("requirement error: invalid expression", "input error: too many requirements"),
        (
            Cause(
                "a NVIDIA_REQUIRE_... variable of the image or of `docker run` is misspelled",
                "write such as `NVIDIA_REQUIRE_CUDA=cuda>=12.4`, or set NVIDIA_DISABLE_REQUIRE=1",
                "`docker inspect <image>` shows the variable",
            ),
        ),
        _SOURCE + "cli/dsl.c",
    ),
    Trouble(
        "cli-rootfs",
        CONTAINER_CLI,
        "nvidia-container-cli: input error",
        ("nvidia-container-cli: input error: {rest}", "input error: invalid rootfs directory"),
        (
            Cause(
                "hook and library are of two versions, or the hook was called by hand",
                f"install both of one version ({TOOLKIT} libnvidia-container1), then {RESTART_DOCKER}",
                "`nvidia-container-cli --version` and `nvidia-container-runtime --version` differ",
            ),
        ),
        _SOURCE + "cli/configure.c",
    ),
    Trouble(
        "cli-mig-config",
        CONTAINER_CLI,
        "cannot enable mig-config with specific MIG devices selected",
        (
            "cannot enable mig-config with specific MIG devices selected",
            "cannot enable mig-monitor with specific MIG devices selected",
            "only 'all' devices are currently supported",
        ),
        (
            Cause(
                "a container is to configure MIG and was given instances, not whole GPUs",
                "give it all GPUs: `--gpus all` with NVIDIA_MIG_CONFIG_DEVICES=all",
                "NVIDIA_MIG_CONFIG_DEVICES or NVIDIA_MIG_MONITOR_DEVICES is set for the container",
            ),
        ),
        _SOURCE + "cli/common.c (select_mig_config_devices)",
    ),
    Trouble(
        "cli-other",
        CONTAINER_CLI,
        "OCI runtime create failed, with nvidia-container-cli in the message",
        ("nvidia-container-cli: {kind} error: {rest}", "nvidia-container-cli: {rest}"),
        (
            Cause(
                "the toolkit's hook failed",
                f'set `debug = "/var/log/nvidia-container-toolkit.log"` of [nvidia-container-cli] in '
                f"{TOOLKIT_CONFIG}, start the "
                "container again and read that file",
                "the word before `error` says when: initialization (driver), container (cgroups), device (choice), "
                "requirement "
                "(CUDA), mount (files), ldcache (ldconfig)",
                "`nvidia-container-cli -k -d /dev/stderr info` does the first half without a container",
                "container-gpu/refused",
            ),
        ),
        _SOURCE + "cli/configure.c",
        general=True,
    ),
)
