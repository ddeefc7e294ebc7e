"""What nvidia-persistenced says."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import PERSISTENCED
from ctxschema.model.trouble import Cause, Trouble

PERSISTENCED_TROUBLES = (
    Trouble(
        "persistenced-no-devices",
        PERSISTENCED,
        "Failed to query NVIDIA devices",
        (
            "Failed to query NVIDIA devices. Please ensure that the NVIDIA device files (/dev/nvidia*) exist{rest}",
            "Failed to query NVIDIA devices",
            "nvidia-persistenced failed to initialize. Check syslog for more details",
            "device {addr} - failed to {rest}",
            "nvidia-persistenced.service: Failed with result {rest}",
            "Failed to start nvidia-persistenced.service{rest}",
            "Failed to start NVIDIA Persistence Daemon",
        ),
        (
            Cause(
                "the driver is not loaded, or found no GPU",
                "`modprobe nvidia`, then `systemctl restart nvidia-persistenced`",
                "`nvidia-smi` fails, too",
                check="kernel-driver",
            ),
            Cause(
                "the daemon's user may not open the device nodes, or they are not there yet",
                "`nvidia-modprobe -c 0 -u`, then `systemctl restart nvidia-persistenced`",
                "`nvidia-smi` works as root",
                check="device-nodes",
            ),
        ),
        "nvidia-persistenced, nvidia-persistenced.c",
    ),
    Trouble(
        "persistenced-running",
        PERSISTENCED,
        "nvidia-persistenced is already running, or its folder is not its own",
        (
            "Failed to lock PID file: {rest}",
            "nvidia-persistenced failed to initialize. The daemon may already be running{rest}",
            "Failed to create directory /var/run/nvidia-persistenced: {rest}",
            "Failed to open PID file: {rest}",
        ),
        (
            Cause(
                "it was started twice, or left its file behind",
                "`systemctl restart nvidia-persistenced`; start it by systemd alone",
                "`pgrep -a nvidia-persiste` shows one that systemd does not know",
            ),
        ),
        "nvidia-persistenced, nvidia-persistenced.c",
    ),
    Trouble(
        "persistence-off",
        PERSISTENCED,
        "The first use of a GPU takes seconds",
        ("Persistence mode is disabled in device {addr}", "persistence mode is disabled"),
        (
            Cause(
                "persistence mode is off",
                "`systemctl enable --now nvidia-persistenced`",
                "`nvidia-smi -q -d PERFORMANCE` or the table says `Persistence-M: Off`",
                check="persistence/off",
            ),
        ),
        "NVIDIA, Driver Persistence",
    ),
)
