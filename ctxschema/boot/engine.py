"""The Docker engine, used through its command-line client without a shell and with time limits.

Source: docs/facts/gpu.md, section 1.
"""

from __future__ import annotations

from collections.abc import Collection

from attrs import frozen

from ctxschema.boot.container_plan import ContainerPlan
from ctxschema.core.errors import CtxschemaError
from ctxschema.core.outside import whole_number
from ctxschema.core.secret import shortened
from ctxschema.machine.docker_route import VERSION_SECONDS, no_engine
from ctxschema.machine.system import Deadline, Outcome, System

RUN_SECONDS = 45.0
"""The time limit of ``docker run`` for an image that is present, in seconds; a healthy machine takes 0.1 s."""

QUICK_SECONDS = 15.0
"""The time limit of a query, or of removing a container, in seconds."""

RESTART_SECONDS = 45.0
"""The time limit for restarting the engine, in seconds; a healthy machine without containers takes one."""

_SHARE = 0.4
"""The part of the remaining time that a start may take, so that a second start without the GPU has time left."""

PAUSE = 0.25

CRASHES = 3
"""How often Docker may restart a container before it counts as failed."""

_SYSTEMD = "/run/systemd/system"
"""A folder that exists where systemd runs the machine. Source: sd_booted(3)."""

_SOCKETS = ("unix:///var/run/docker.sock", "unix:///run/docker.sock")
"""Where the engine of the machine listens; one of another machine, or of a user, listens elsewhere."""

_STATE = "{{.State.Running}}|{{.RestartCount}}|{{.State.ExitCode}}|{{.State.Error}}"


class EngineError(CtxschemaError):
    """Docker did not answer a query."""


@frozen
class Engine:
    """The Docker engine of a machine.

    Args:
        system: The machine.
    """

    system: System

    def wait(self, deadline: Deadline) -> str | None:
        """Wait until the engine answers; return why it does not, or None if it does."""
        while True:
            seconds = deadline.left(VERSION_SECONDS)
            outcome = self._docker(seconds, "version", "--format", "{{.Server.Version}}")
            if outcome.code == 0 and outcome.answer.strip():
                return None
            if outcome.missing or deadline.left(float("inf")) < PAUSE * 2:
                return no_engine(outcome, seconds)
            self.system.sleep(PAUSE)

    def has_image(self, image: str, deadline: Deadline) -> bool:
        """Say whether an image is on the machine.

        Raises:
            EngineError: Docker does not answer.
        """
        seconds = deadline.left(QUICK_SECONDS)
        outcome = self._docker(seconds, "image", "inspect", "--format", "{{.Id}}", image)
        if outcome.missing or outcome.timed_out:
            raise EngineError(no_engine(outcome, seconds))
        return outcome.code == 0

    def pull(self, image: str, deadline: Deadline) -> str | None:
        """Pull an image; return why that failed, or None if it succeeded."""
        seconds = deadline.left(float("inf") if deadline.moment is not None else RUN_SECONDS)
        outcome = self._docker(seconds, "pull", "--quiet", image)
        return None if outcome.code == 0 else _reason(outcome, seconds)

    def tags(self, repository: str, deadline: Deadline) -> list[str]:
        """Return the tags under which the machine has images of a repository."""
        outcome = self._docker(deadline.left(QUICK_SECONDS), "image", "ls", "--format", "{{.Tag}}", repository)
        return outcome.answer.split() if outcome.code == 0 else []

    def remove(self, name: str, deadline: Deadline) -> bool:
        """Remove a container, running or not, and say whether there was one; without one Docker exits with 0, too."""
        return self._docker(deadline.left(QUICK_SECONDS), "rm", "-f", name).answer.strip() == name

    def run(self, container: ContainerPlan, deadline: Deadline) -> str | None:
        """Start a container, replacing one of the same name; return why it did not start, or None if it did.

        A container that failed to start is removed: where the GPU is missing, Docker leaves a created container behind,
        whose name would be in the way of the next start.
        """
        self.remove(container.name, deadline)
        seconds = deadline.left(RUN_SECONDS / _SHARE) * _SHARE
        outcome = self.system.run(container.arguments(), seconds)
        if outcome.code == 0:
            return None
        recorded = "" if outcome.missing else self._state(container.name, deadline).error
        self.remove(container.name, deadline)
        return recorded or _reason(outcome, seconds)

    def may_restart(self, own: Collection[str], deadline: Deadline) -> bool:
        """Say whether the engine can be restarted without harm to anybody.

        It has to be the machine's own, run by systemd as docker.service, and no container but ours may run: it would be
        stopped.

        Args:
            own: The names of our containers.
            deadline: The moment by which that has to be known.
        """
        if not self.system.exists(_SYSTEMD):
            return False
        seconds = deadline.left(QUICK_SECONDS)
        unit = self.system.run(["systemctl", "is-active", "docker.service"], seconds)
        host = self._docker(seconds, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
        running = self._docker(seconds, "ps", "--format", "{{.Names}}")
        return (
            all(outcome.code == 0 for outcome in (unit, host, running))
            and host.answer.strip() in _SOCKETS
            and set(running.answer.split()) <= set(own)
        )

    def restart(self, deadline: Deadline) -> str | None:
        """Restart the engine; return why that failed, or None once it answers again."""
        outcome = self.system.run(["systemctl", "restart", "docker.service"], deadline.left(RESTART_SECONDS))
        if outcome.code != 0 and not outcome.timed_out:
            return f"systemctl ended with {outcome.code}: {outcome.said}"
        return self.wait(deadline)

    def settle(self, name: str, seconds: float, deadline: Deadline) -> str | None:
        """Wait until a container has stayed up for some seconds; return why it has not, or None if it has."""
        up_since: tuple[int, float] | None = None
        while True:
            state = self._state(name, deadline)
            if state.running:
                if up_since is None or up_since[0] != state.restarts:
                    up_since = (state.restarts, 0.0)
                if up_since[1] >= seconds:
                    return None
                up_since = (state.restarts, up_since[1] + PAUSE)
            else:
                up_since = None
            if state.restarts >= CRASHES or deadline.left(float("inf")) <= PAUSE:
                return self._why_not(name, state, deadline)
            self.system.sleep(PAUSE)

    def _why_not(self, name: str, state: _State, deadline: Deadline) -> str:
        logs = self._docker(max(deadline.left(QUICK_SECONDS), 1.0), "logs", "--tail", "3", name)
        printed = f"; it printed: {logs.said}" if logs.code == 0 and logs.output.strip() else ""
        if state.error:
            return f"{state.error}{printed}"
        if not state.known:
            return f"Docker does not tell the state of {name}"
        if state.running:
            return f"it did not stay up long enough, and was started {state.restarts} times anew{printed}"
        return f"it ended with {state.exit_code}, and was started {state.restarts} times anew{printed}"

    def _state(self, name: str, deadline: Deadline) -> _State:
        outcome = self._docker(deadline.left(QUICK_SECONDS), "inspect", "--type", "container", "--format", _STATE, name)
        if outcome.code != 0:
            return _State()
        running, restarts, exit_code, error = (*outcome.answer.strip().split("|", 3), "", "", "")[:4]
        count = whole_number(restarts) or 0
        return _State(True, running.strip() == "true", count, exit_code, shortened(" ".join(error.split())))

    def _docker(self, seconds: float, *words: str) -> Outcome:
        return self.system.run(["docker", *words], seconds)


@frozen
class _State:
    """The state of a container as Docker reports it."""

    known: bool = False
    running: bool = False
    restarts: int = 0
    exit_code: str = ""
    error: str = ""


def _reason(outcome: Outcome, seconds: float) -> str:
    if outcome.missing or outcome.timed_out:
        return no_engine(outcome, seconds)
    return f"docker ended with {outcome.code}: {outcome.said}"
