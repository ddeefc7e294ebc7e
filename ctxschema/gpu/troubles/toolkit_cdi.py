"""What the CDI hook and nvidia-ctk say."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import CDI_HOOK, CTK
from ctxschema.gpu.troubles.words import KERNEL_LOG, SPECIFICATION, TOOLKIT
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "nvidia-container-toolkit, cmd/"

CDI_TROUBLES = (
    Trouble(
        "cdi-stale-mount",
        CDI_HOOK,
        "a file that the CDI specification names is not there",
        (
            'error mounting "{path}{version}" to rootfs at "{rest}": {rest}no such file or directory',
            "failed to fulfil mount request: open {path}: no such file or directory",
            'failed to stat CDI host device "{path}": no such file or directory',
            'failed to stat CDI host device "{path}"',
            "failed to inject devices: failed to stat CDI host device {rest}",
        ),
        (
            Cause(
                "the specification is of an earlier driver, or of a machine with other cards",
                f"{SPECIFICATION} (or `systemctl restart nvidia-cdi-refresh`), then start the container again",
                "the path in the message is not there, and /etc/cdi/nvidia.yaml or /var/run/cdi/nvidia.yaml names it",
                "remove a second, older specification: `ls -l /etc/cdi /var/run/cdi`",
            ),
            Cause(
                "the node was not made yet",
                "`nvidia-modprobe -c 0 -u`",
                "the path is /dev/nvidia-uvm or another node of the driver",
                check="device-nodes/missing",
            ),
        ),
        "container-device-interface, pkg/cdi/container-edits_unix.go; runc, libcontainer/rootfs_linux.go",
    ),
    Trouble(
        "cdi-hook-missing",
        CDI_HOOK,
        "nvidia-cdi-hook is not where the specification says",
        (
            "fork/exec {path}/nvidia-cdi-hook: no such file or directory",
            "fork/exec {path}/nvidia-ctk: no such file or directory",
            'exec: "nvidia-cdi-hook": executable file not found',
            'exec: "{path}nvidia-cdi-hook": stat {path}: no such file or directory',
            "nvidia-cdi-hook: no such file or directory",
        ),
        (
            Cause(
                "the specification was made by a toolkit that was in another folder, or is gone",
                f"`apt install nvidia-container-toolkit-base`, then {SPECIFICATION}",
                "`command -v nvidia-cdi-hook` prints another path than the specification, or nothing",
                check="container-toolkit/no-hook",
            ),
        ),
        "runc, libcontainer/configs (Command.Run); NVIDIA/nvidia-container-toolkit, cmd/nvidia-cdi-hook",
    ),
    Trouble(
        "cdi-hook-failed",
        CDI_HOOK,
        "the CDI hook failed in the container",
        (
            "error running createContainer hook #{number}: {rest}",
            "Error updating ldcache: {rest}",
            "failed to construct ldconfig runner: {rest}",
            "failed to determined container root: {rest}",
            "failed to load container state: {rest}",
            "failed to create link [{rest}]: {rest}",
            "failed to create link {rest}: failed to {rest}",
            "invalid symlink specification {rest}",
            "failed to resolve existing symlink {path}: {rest}",
            "failed to update ldcache: {rest}",
            "failed to mount modified params file: {rest}",
            "failed to create soname symlinks: {rest}",
        ),
        (
            Cause(
                "the hook could not change the container's file system",
                f"make the specification anew with this toolkit ({SPECIFICATION}), and update both ({TOOLKIT})",
                "the message names the hook's step (update-ldcache, create-symlinks, chmod) and the file",
                "an image without /etc/ld.so.conf or glibc (Alpine) has no ldcache to update",
            ),
            Cause(
                "rootless Docker or a read-only root file system",
                "leave `--read-only` out, or mount a tmpfs over /etc",
                "the message ends with `read-only file system` or `operation not permitted`",
            ),
        ),
        _SOURCE + "nvidia-cdi-hook/ (update-ldcache, create-symlinks, update-nvidia-params)",
    ),
    Trouble(
        "ctk-nvml",
        CTK,
        "nvidia-ctk cdi generate: failed to initialize NVML",
        (
            "failed to generate CDI spec: {rest}",
            "failed to initialize NVML: ERROR_{name}",
            "failed to create device CDI specs: {rest}",
            "failed to initialize NVML library: {rest}",
            "failed to get driver version: {rest}",
        ),
        (
            Cause(
                "there is no working driver, so that there is nothing to specify",
                f"make `nvidia-smi` work first; read {KERNEL_LOG}",
                "`nvidia-smi` fails on the virtual machine, too",
                check="kernel-driver",
            ),
            Cause(
                "the driver's libraries are where nvidia-ctk does not look",
                "`ldconfig`, or `nvidia-ctk cdi generate --library-search-path=<folder> --output=/etc/cdi/nvidia.yaml`",
                "`nvidia-smi` works, and the message says ERROR_LIBRARY_NOT_FOUND",
                check="nvidia-smi/no-library",
            ),
        ),
        "nvidia-container-toolkit, pkg/nvcdi; cmd/nvidia-ctk/cdi/generate",
    ),
    Trouble(
        "ctk-config",
        CTK,
        "nvidia-ctk runtime configure fails",
        (
            "unable to load config for runtime {name}: {rest}",
            "unable to flush config: {rest}",
            "unable to update config: {rest}",
            "unable to create output file: {rest}",
        ),
        (
            Cause(
                "the runtime's configuration is no valid JSON or TOML",
                "`python3 -m json.tool /etc/docker/daemon.json` names the line; repair it and run nvidia-ctk again",
                "the message goes on with `invalid character` or a line number",
            ),
            Cause("it was not run as root", "`sudo nvidia-ctk ...`", "the message ends with `permission denied`"),
        ),
        "nvidia-container-toolkit, cmd/nvidia-ctk/runtime/configure",
    ),
)
