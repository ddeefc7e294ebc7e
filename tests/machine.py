"""A machine made of a folder and a PATH, for the boot agent: a docker and an nvidia-smi that behave as measured.

The facts: docs/facts/gpu.md, sections 1 and 3.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import evolve, frozen

from ctxschema import Appliance, get_appliance
from ctxschema.boot.agent import Report, boot
from ctxschema.boot.state import Options
from ctxschema.context.context_sh import write_context_sh
from ctxschema.machine.log import Log
from ctxschema.machine.system import System

ROW = "0, GPU-2f31e691, NVIDIA H200, 143771, 580.159.04, 9.0, Disabled"
NODE, LINK = "flower-supernode", "flower-superlink"
CPU_IMAGE, GPU_IMAGE = "flwr/supernode:1.25.0", "flwr/supernode:1.25.0-py3.13-ubuntu24.04"
HOOK = "usr/bin/nvidia-container-runtime-hook"
ADDRESS = {"FL_SUPERLINK_ADDRESS": "10.0.0.1:9092"}

DOCKER = r"""#!/bin/sh
s=@STATE@
printf '%s\n' "$*" >> "$s/log"
for last; do :; done
case " $(cat "$s/hangs" 2>/dev/null) " in *" $1 "*) trap '' TERM; sleep 600 & wait ;; esac
[ -e "$s/version" ] || {
    echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
    exit 1
}
case "$1" in
version) cat "$s/version" ;;
image)
    if [ "$2" = inspect ]; then
        grep -qxF "$last" "$s/images" && { echo sha256:0; exit 0; }
        echo "Error response from daemon: No such image: $last" >&2
        exit 1
    fi
    sed -n "s|^$last:||p" "$s/images" ;;
pull)
    grep -qxF "$last" "$s/registry" || { echo "Error response from daemon: manifest for $last not found" >&2; exit 1; }
    echo "$last" >> "$s/images" ;;
rm)
    [ -e "$s/containers/$last" ] || { echo "No such container: $last" >&2; exit 0; }
    rm -f "$s/containers/$last"; echo "$last" ;;
run)
    name='' gpu='' previous=''
    for word; do
        [ "$previous" = --name ] && name=$word
        [ "$word" = --gpus ] && gpu=yes
        previous=$word
    done
    if [ -e "$s/containers/$name" ]; then
        echo "docker: Conflict. The container name \"/$name\" is already in use" >&2
        exit 125
    fi
    printf '%s\0' docker "$@" > "$s/argv.$name"
    echo 4f5c0b2a9d
    if [ -e "$s/refuses" ]; then echo "docker: $(cat "$s/refuses")" >&2; exit 125; fi
    if [ "$gpu" ] && [ -e "$s/no-driver" ]; then
        echo "false|0|128|$(cat "$s/no-driver")" > "$s/containers/$name"
        echo "docker: Error response from daemon: $(cat "$s/no-driver")" >&2
        exit 125
    fi
    if [ -e "$s/crashes" ] || { [ "$gpu" ] && [ -e "$s/gpu-crashes" ]; }; then
        echo 'false|3|1|' > "$s/containers/$name"
    else
        echo 'true|0|0|' > "$s/containers/$name"
    fi ;;
inspect) cat "$s/containers/$last" 2>/dev/null || { echo "Error: No such container: $last" >&2; exit 1; } ;;
logs) echo 'ValueError: what the program said last' >&2 ;;
esac
"""


def _nap(seconds: float) -> None:
    time.sleep(seconds / 50)


@frozen
class Machine:
    """A folder that stands for ``/``, and another with programs."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, *, gpu: bool = False) -> Machine:
        """Return a healthy machine with Docker, both images and, if wanted, a GPU with a driver and a toolkit."""
        made = cls(folder)
        for path in ("bin", "docker/containers", "root/run/one-context"):
            (folder / path).mkdir(parents=True)
        made.program("docker", DOCKER.replace("@STATE@", str(folder / "docker")))
        made.docker("version", "28.5.2\n").docker("images", f"{CPU_IMAGE}\n{GPU_IMAGE}\nflwr/superlink:1.25.0\n")
        made.docker("registry", "")
        if gpu:
            made.file("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX Open Kernel Module  580.159.04\n")
            made.smi(f"echo '{ROW}'")
            made.file(HOOK, "#!/bin/sh\n")
            (made.root / HOOK).chmod(0o755)
        return made

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def path(self) -> str:
        return f"{self.folder}/bin:/usr/bin:/bin"

    def file(self, path: str, text: str) -> Machine:
        """Write a file of the machine."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)
        return self

    def remove(self, path: str) -> Machine:
        """Remove a file of the machine."""
        (self.root / path).unlink()
        return self

    def program(self, name: str, text: str) -> Machine:
        """Put a program on the machine's PATH."""
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(0o755)
        return self

    def smi(self, script: str) -> Machine:
        """Put an nvidia-smi there."""
        return self.program("nvidia-smi", f"#!/bin/sh\n{script}\n")

    def docker(self, name: str, text: str | None) -> Machine:
        """Set what Docker does; see the script above."""
        path = self.folder / "docker" / name
        if text is None:
            path.unlink()
        else:
            path.write_text(text)
        return self

    def without_docker(self) -> Machine:
        """Take the client away."""
        (self.folder / "bin/docker").unlink()
        return self

    def context(self, **values: str) -> Machine:
        """Write the context, as contextualization leaves it."""
        return self.file("run/one-context/context.sh.network", write_context_sh(values))

    def system(self, sleep: Callable[[float], None] | None = None) -> System:
        """Return the machine as the agent sees it; where no docker is, that of this machine is not seen either."""
        path = self.path if (self.folder / "bin/docker").exists() else f"{self.folder}/bin"
        return System(str(self.root), path, sleep or _nap)

    def boot(
        self,
        appliance: str | Appliance = NODE,
        *,
        sleep: Callable[[float], None] | None = None,
        hardened: bool = True,
    ) -> Report:
        """Boot it, with short waiting times."""
        declared = get_appliance(appliance) if isinstance(appliance, str) else appliance
        system = self.system(sleep)
        return boot(declared, Options(hardened=hardened), system, Log(system, syslog=False))

    def argv(self, name: str = NODE) -> list[str]:
        """Return the arguments of the last ``docker run`` of a container."""
        text = (self.folder / "docker" / f"argv.{name}").read_bytes().decode()
        return text.split("\0")[:-1]

    @property
    def commands(self) -> list[str]:
        """Every call of docker, as one line each."""
        log = self.folder / "docker/log"
        return log.read_text().splitlines() if log.exists() else []

    @property
    def containers(self) -> list[str]:
        """The names of the containers that are there."""
        return sorted(path.name for path in (self.folder / "docker/containers").iterdir())


def hurried(name: str = NODE, seconds: float = 3.0, hurry: Sequence[str] = ()) -> Appliance:
    """Return an appliance whose steps have seconds where the declared ones have minutes; some of them very few."""
    appliance = get_appliance(name)
    steps = (
        step if step.seconds is None else evolve(step, seconds=2.5 if step.id in hurry else seconds)
        for step in appliance.steps
    )
    return evolve(appliance, steps=tuple(steps))
