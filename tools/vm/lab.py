"""What every station has at hand: disks, machines on them, networks, contexts."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from ctxschema.context.context_sh import write_context_sh
from tools.vm.cdrom import context_cd
from tools.vm.folders import ROOT
from tools.vm.image import Disk
from tools.vm.machine import Machine
from tools.vm.roles import Role
from tools.vm.seen import Ended, ended

ADDRESS = "10.0.2.15"
HOST = "10.0.2.2"
"""Where the machine finds what listens on the loopback of the one that runs qemu (qemu's user network)."""

_MAC = "02:00:0a:00:02:{:02x}"
USER_NETWORK = ("-netdev", "user,id=outside", "-device", f"virtio-net-pci,netdev=outside,mac={_MAC.format(15)}")
NETWORK = {"NETWORK": "YES", "ETH0_IP": ADDRESS, "ETH0_MAC": _MAC.format(15), "ETH0_MASK": "255.255.255.0"}
"""What OpenNebula tells a machine of its network. There is no gateway: nothing outside is reached."""


@frozen
class Lab:
    """What a station gets.

    Attributes:
        disks: The disks of the appliances, by name.
        seed: Of what is random.
        consoles: Where the consoles of machines are kept.
        say: Prints a line while a station goes on.
    """

    disks: Mapping[str, Disk]
    seed: int
    consoles: Path
    say: Callable[[str], None]

    @contextlib.contextmanager
    def machine(self, role: Role, station: str, *, network: tuple[str, ...] = USER_NETWORK) -> Iterator[Machine]:
        """Yield a machine that is off and was never on; its console is kept when the station is done with it."""
        with Machine(role.name, self.disks[role.name], network=network) as made:
            try:
                yield made
            finally:
                if made.console.exists():
                    (self.consoles / f"{station}.{role.name}.log").write_bytes(made.console.read_bytes())


def boot(machine: Machine, context: Mapping[str, str], token: str | None = None, *, words: str = "") -> Ended:
    """Switch a machine on with a context, and wait until the agent has ended."""
    switch_on(machine, context, token, words=words)
    return ended(machine)


def switch_on(machine: Machine, context: Mapping[str, str], token: str | None = None, *, words: str = "") -> None:
    """Switch a machine on with a context. One that was on loses its power before."""
    machine.cut()
    context_cd(machine.cd, {**NETWORK, **context}, token)
    machine.start(words=words)


def planned(role: Role, context: Mapping[str, str]) -> list[str]:
    """Return the command that a context comes to, as a dry run on this machine plans it."""
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as file:
        file.write(write_context_sh({**NETWORK, **context}))
        file.flush()
        asked = ["boot", *role.source(), "--context", file.name, "--dry-run", "--gpu", "no", "--format", "json"]
        command = [sys.executable, "-m", "ctxschema", *asked]
        plan: Any = json.loads(subprocess.check_output(command, cwd=ROOT, stderr=subprocess.DEVNULL))
        return [str(word) for word in plan["argv"]]


def as_flags(argv: list[str]) -> dict[str, Any]:
    """Return a `docker run` command as `flags` shows the container that it made."""
    found: dict[str, list[str]] = {}
    words = iter(argv[2:])
    image = ""
    for word in words:
        if word == "-d":
            continue
        if not word.startswith("-"):
            image = word
            break
        found.setdefault(word, []).append(next(words))
    return {
        "image": image,
        "command": list(words),
        "env": dict(entry.split("=", 1) for entry in found.get("-e", [])),
        "ports": sorted(_port(each) for each in found.get("-p", [])),
        "binds": sorted(found.get("-v", [])),
        "dropped": found.get("--cap-drop", []),
        "added": sorted(found.get("--cap-add", [])),
        "security": found.get("--security-opt", []),
        "restart": "".join(found.get("--restart", [])),
        "gpus": found.get("--gpus", []),
    }


def _port(text: str) -> str:
    *address, outside, inside = text.split(":")
    return f"{':'.join(address)}:{outside}->{inside}/tcp"
