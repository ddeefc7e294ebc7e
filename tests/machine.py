"""A machine made of a folder and a PATH, for the boot agent: a docker and an nvidia-smi that behave as measured.

The facts: docs/facts/gpu.md, sections 1 and 3.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import evolve, frozen

from ctxschema import Appliance, get_appliance
from ctxschema.boot.agent import Report, boot
from ctxschema.boot.state import Options
from ctxschema.context.context_sh import write_context_sh
from ctxschema.machine.log import Log
from ctxschema.machine.system import Outcome, System
from tests import docker_stand_in

ROW = "0, GPU-2f31e691, NVIDIA H200, 143771, 580.159.04, 9.0, Disabled"
NODE, LINK = "flower-supernode", "flower-superlink"
CPU_IMAGE, GPU_IMAGE = "flwr/supernode:1.25.0", "flwr/supernode:1.25.0-py3.13-ubuntu24.04"
HOOK = "usr/bin/nvidia-container-runtime-hook"
ADDRESS = {"FL_SUPERLINK_ADDRESS": "10.0.0.1:9092"}

PROGRAM = f"#!{sys.executable} -IS\n{Path(docker_stand_in.__file__).read_text()}\nmain(@STATE@)\n"


def _nap(seconds: float) -> None:
    time.sleep(seconds / 50)


@frozen
class InProcess(System):
    """A machine whose docker is asked without a process, which takes a hundredth of the time.

    Args:
        docker: The folder with the state of docker; where docker is another one, or hangs, it is run after all.
    """

    docker: str = ""

    def run(self, arguments: list[str], seconds: float) -> Outcome:
        program, *words = arguments
        path = Path(self.docker).parent / "bin/docker"
        ours = program == "docker" and path.exists() and not path.is_symlink()
        if not ours or docker_stand_in.hangs(self.docker, words):
            return super().run(arguments, seconds)
        docker_stand_in.noted(self.docker, words)
        code, output, errors = docker_stand_in.answer(self.docker, words)
        return Outcome(code, output + errors, answer=output)


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
        made.program("docker", PROGRAM.replace("@STATE@", repr(str(folder / "docker"))))
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
        """Set what Docker does; see `docker_stand_in`."""
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
        return InProcess(str(self.root), path, sleep or _nap, str(self.folder / "docker"))

    def boot(
        self,
        appliance: str | Appliance = NODE,
        *,
        sleep: Callable[[float], None] | None = None,
        hardened: bool = True,
    ) -> Report:
        """Boot it, with short waiting times."""
        declared = get_appliance(appliance) if isinstance(appliance, str) else appliance
        if declared.container is not None:
            declared = evolve(declared, container=evolve(declared.container, settle_seconds=0.5))
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
