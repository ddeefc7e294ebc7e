"""Power cuts: qemu is killed at random moments of a boot, and the next boot has to end as its context says.

Half of the cuts fall anywhere in the boot, half into the time in which the agent is at work. Some hit the first boot of
a machine, others one that has been cut before; the context is another one each time.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any

from attrs import frozen

from tools.vm.lab import Lab, as_flags, boot, planned, switch_on
from tools.vm.machine import Machine, StuckError
from tools.vm.roles import Role
from tools.vm.seen import Ended, WrongError, check, clean, console

_BELONG = """\
cd /opt/flower/certs 2> /dev/null && test -e server.key || exit 0
test "$(openssl pkey -in server.key -pubout)" = "$(openssl x509 -in server.crt -noout -pubkey)"
"""
FRESH = 0.3
"""How often a cut hits a machine that was never on before."""


@frozen
class Case:
    """A context, and what a machine has that ended as it says.

    Args:
        context: What the machine is told.
        keys: The files that hold a private key.
        secrets: Text that is in one file at most, with that file.
    """

    context: Mapping[str, str]
    keys: frozenset[str] = frozenset()
    secrets: Mapping[str, str] = {}


def cuts(role: Role, cases: tuple[Case, ...], number: int) -> Callable[[Lab], str]:
    """Return a station that cuts the power of an appliance's machine."""

    def station(lab: Lab) -> str:
        rng = random.Random(f"{lab.seed} {role.name}")
        plans = [as_flags(planned(role, case.context)) for case in cases]
        secrets = {secret: "" for case in cases for secret in case.secrets}
        begins, lasts = _times(lab, role, cases[0])
        lab.say(f"{role.name}: the agent works from {begins:.0f} s to {lasts:.0f} s after the start; seed {lab.seed}")
        done, wrong = 0, []
        while done < number:
            with lab.machine(role, f"power-{role.name}") as machine:
                while done < number:
                    done += 1
                    first, second = rng.randrange(len(cases)), rng.randrange(len(cases))
                    moment = rng.uniform(0 if done % 2 else begins, lasts)
                    switch_on(machine, cases[first].context)
                    machine.sleep_until(moment)
                    where = _at(machine)
                    end = None
                    try:
                        end = boot(machine, cases[second].context)
                        _as_told(end, role, plans[second])
                        clean(machine, set(cases[second].keys), {**secrets, **cases[second].secrets})
                        said = "well, after a restart of Docker" if _restarted(end) else "well"
                    except (WrongError, StuckError) as error:
                        said = str(error)
                        wrong.append(f"cut {done}: {said}")
                    lab.say(
                        f"{role.name}: cut {done} at {moment:.1f} s of context {first} ({where}), then {second}: {said}"
                    )
                    if rng.random() < FRESH:
                        break
        made = f"{done} cuts made, {len(wrong)} ended wrong"
        check(not wrong, f"{made}: {'; '.join(wrong)}")
        return made

    return station


def _times(lab: Lab, role: Role, case: Case) -> tuple[float, float]:
    """Return when the agent begins and ends in a boot that nothing disturbs, in seconds after the start."""
    with lab.machine(role, f"power-{role.name}") as machine:
        end = boot(machine, case.context)
        lasts = time.monotonic() - machine.began
        return max(0.0, lasts - end.report["seconds"] - 3), lasts


def _at(machine: Machine) -> str:
    """Cut the power, and return what the machine had printed last."""
    machine.cut()
    lines = [line.strip() for line in console(machine).splitlines() if line.strip()]
    return lines[-1][:60] if lines else "nothing printed yet"


def _restarted(end: Ended) -> bool:
    """Say whether Docker held a port that the power cut had lost, and the agent restarted it."""
    return any("after a restart of Docker" in step["message"] for step in end.report["steps"])


def _as_told(end: Ended, role: Role, plan: Mapping[str, Any]) -> None:
    """Compare a machine with what its context says.

    Raises:
        WrongError: It is otherwise.
    """
    check(end.state == "active" and end.report["ok"], f"the agent ended as {end.state}; it said: {end.said}")
    found = end.running(role.name, plan)
    running = end.machine.must("docker ps -aq --no-trunc").split()
    check(running == [found["Id"]], f"there are {len(running)} containers")
    up = float(end.machine.must("cut -d ' ' -f 1 /proc/uptime"))
    age = float(end.machine.must(f"echo $(( $(date +%s) - $(date -d {found['Created']} +%s) ))"))
    check(age <= up, "the container is that of an earlier boot")
    for path in end.machine.ask("find /opt/flower/certs -name '*.crt' 2> /dev/null").output.split():
        end.machine.must(f"openssl x509 -noout -in {path}")
    check(end.machine.ask(_BELONG).code == 0, "key and certificate do not belong together")
