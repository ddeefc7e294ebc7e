"""What a machine shows of how a boot ended: the report, the container as Docker has it, files, the console."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from tools.vm.machine import Machine

AGENT_SECONDS = 900.0
"""How long a boot may take on an emulated processor of a busy machine."""

REPORT = "/var/log/ctxschema-report.json"
OWN_FOLDERS = "/opt /etc/ctxschema /var/lib/ctxschema /var/log /root /tmp /var/tmp /run/one-context"
"""Where the agent writes, or might."""

_ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|c)|\r|\x07")
_WAIT = (
    "while s=$(systemctl show -p ActiveState --value ctxschema-agent); "
    '[ "$s" != active ] && [ "$s" != failed ]; do sleep 3; done; echo "$s"'
)


class WrongError(Exception):
    """A machine is not as it should be."""


def check(condition: object, message: str) -> None:
    """Stop a station.

    Raises:
        WrongError: The condition does not hold.
    """
    if not condition:
        raise WrongError(message)


def console(machine: Machine) -> str:
    """Return what the machine has printed since it was switched on, without what only a terminal needs."""
    return readable(machine.console)


def readable(log: Path) -> str:
    """Return what stands in the file of a console, without what only a terminal needs."""
    return _ESCAPES.sub("", log.read_text(encoding="utf-8", errors="replace"))


@frozen
class Ended:
    """How the agent ended.

    Attributes:
        machine: Where.
        state: What systemd says of its unit: ``active`` or ``failed``.
        report: What it wrote down.
    """

    machine: Machine
    state: str
    report: Mapping[str, Any]

    @property
    def codes(self) -> list[str]:
        """The codes of its findings."""
        return [finding["code"] for finding in self.report["findings"]]

    def container(self, name: str) -> dict[str, Any] | None:
        """Return a container as Docker has it, or None."""
        answer = self.machine.ask(f"docker inspect --type container {name}", 120)
        return json.loads(answer.output)[0] if answer.code == 0 else None

    def running(self, name: str, expected: Mapping[str, Any]) -> dict[str, Any]:
        """Return a container that has to run as it should.

        Args:
            name: The container.
            expected: What `flags` returns of it, or a part of that.

        Raises:
            WrongError: It is not there, or not as it should be.
        """
        found = self.container(name)
        if found is None:
            raise WrongError(f"there is no container {name}; the agent said: {self.said}")
        check(found["State"]["Running"], f"{name} does not run; the agent said: {self.said}")
        seen = flags(found)
        for key, value in expected.items():
            same = all(seen[key].get(k) == v for k, v in value.items()) if key == "env" else seen[key] == value
            check(same, f"{name} has {key} {seen[key]}, not {value}")
        return found

    @property
    def said(self) -> str:
        """What the agent printed last."""
        printed = self.machine.ask("journalctl -t python3 --no-pager -o cat | tail -n 3").output
        return " ".join(printed.replace("ctxschema-agent: ", "").split())


def state(machine: Machine) -> str:
    """Wait until the agent has ended, and return what systemd says of its unit.

    Raises:
        WrongError: It does not end.
    """
    answer = machine.ask(_WAIT, AGENT_SECONDS)
    if answer.code != 0:
        jobs = machine.ask("systemctl list-jobs --no-pager; systemctl --failed --no-pager").output
        raise WrongError(f"the agent did not end within {AGENT_SECONDS:g} seconds: {' '.join(jobs.split())}")
    return answer.output.strip()


def ended(machine: Machine) -> Ended:
    """Wait until the agent has ended, and return how.

    Raises:
        WrongError: It does not end, or left no report.
    """
    how = state(machine)
    report = machine.ask(f"cat {REPORT}")
    try:
        return Ended(machine, how, json.loads(report.output))
    except ValueError:
        said = " ".join(machine.ask("journalctl -u ctxschema-agent --no-pager -o cat | tail -n 5").output.split())
        raise WrongError(f"{REPORT} is no JSON; the agent printed: {said}") from None


def flags(container: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `docker run` was told, as `docker inspect` shows it."""
    host, config = container["HostConfig"], container["Config"]
    ports = host["PortBindings"] or {}
    return {
        "image": config["Image"],
        "command": config["Cmd"] or [],
        "env": dict(entry.split("=", 1) for entry in config["Env"]),
        "ports": sorted(
            f"{each['HostIp']}:{each['HostPort']}->{port}" for port, all_ in ports.items() for each in all_
        ),
        "binds": sorted(host["Binds"] or []),
        "dropped": host["CapDrop"] or [],
        "added": sorted(each.removeprefix("CAP_") for each in host["CapAdd"] or []),
        "security": host["SecurityOpt"] or [],
        "restart": host["RestartPolicy"]["Name"],
        "gpus": host["DeviceRequests"] or [],
    }


def clean(machine: Machine, keys: set[str], secrets: Mapping[str, str]) -> None:
    """Look for what a boot must not leave.

    Args:
        machine: The machine, once its boot has ended.
        keys: The files that hold a private key.
        secrets: Text that nobody else is to read, with the file that holds it, or nothing where none does.

    Raises:
        WrongError: Half of a file, a key, a secret, or a file that others can read.
    """
    halves = machine.ask(f"find {OWN_FOLDERS} \\( -name '*.tmp' -o -name 'tmp?*' -o -empty -type f \\) 2> /dev/null")
    left = [path for path in halves.output.split() if not path.startswith(("/var/log/journal", "/var/log/btmp"))]
    left = [path for path in left if path not in LOGS_OF_OTHERS and "systemd-private" not in path]
    check(not left, f"half a file is left: {' '.join(left)}")
    found = set(machine.ask(f"grep -rlIs -e 'PRIVATE KEY' {OWN_FOLDERS} --exclude=agent.pyz").output.split())
    found -= {path for path in found if path.startswith("/run/one-context/")}
    check(found == keys, f"private keys are in {sorted(found)}, not in {sorted(keys)}")
    for secret, path in secrets.items():
        told = set(machine.ask(f"grep -rlFs -e '{secret}' {OWN_FOLDERS}").output.split())
        told -= {path for path in told if path.startswith("/run/one-context/")}
        check(told == ({path} if path else set()), f"a secret is in {sorted(told)}, not in {path or 'no file'}")
        check(secret not in console(machine), "a secret is on the console")
        logged = machine.ask(f"journalctl --no-pager | grep -cF -e '{secret}'").output.strip()
        check(logged == "0", "a secret is in the journal")
    closed = sorted(keys | {path for path in secrets.values() if path} | {REPORT})
    modes = machine.must(f"stat -c '%a %n' {' '.join(closed)}").split()[::2]
    check(set(modes) == {"600"}, f"{' '.join(closed)} have the modes {' '.join(modes)}")


LOGS_OF_OTHERS = {"/var/log/faillog", "/var/log/lastlog", "/var/log/wtmp", "/opt/containerd"}
