"""What a boot asks of Docker, in what order and with which time limits, on a clock that stands still but for waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from attrs import evolve

from ctxschema import Appliance, load_context
from ctxschema.boot import start as starting
from ctxschema.boot.container_plan import ContainerPlan
from ctxschema.boot.engine import Engine, EngineError
from ctxschema.boot.start import start, wait_until_running
from ctxschema.boot.state import Options, State
from ctxschema.context.values import Values
from ctxschema.core import codes
from ctxschema.gpu.decision import NOT_REQUESTED, GpuDecision
from ctxschema.machine.log import Log
from ctxschema.machine.system import Deadline, Outcome, System
from ctxschema.model.conditions import Is
from ctxschema.model.container import Container, Image
from ctxschema.model.gpu_request import GpuRequest, GpuUsed
from ctxschema.model.kinds import BOOLEAN
from ctxschema.model.variable import Variable

Answer = Callable[[list[str]], Outcome]
TIMED_OUT = Outcome(None, timed_out=True)
MISSING = Outcome(None, missing=True)
STATE = "{{.State.Running}}|{{.RestartCount}}|{{.State.ExitCode}}|{{.State.Error}}"
UP, DOWN = "true|0|0|", "false|3|137|"


def answered(text: str, code: int = 0) -> Outcome:
    return Outcome(code, text, answer=text)


class Docker:
    """An engine whose answers are given by the word behind ``docker``, the last of them again and again."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: Sequence[Outcome]) -> None:
        self.now = 1000.0
        self.answers = {word: list(outcomes) for word, outcomes in answers.items()}
        self.asked: list[tuple[str, float]] = []
        self.slept: list[float] = []
        monkeypatch.setattr("ctxschema.machine.system.time.monotonic", lambda: self.now)
        monkeypatch.setattr(System, "run", self.run)

    def run(self, arguments: list[str], seconds: float) -> Outcome:
        self.asked.append((" ".join(arguments[1:]), round(seconds, 3)))
        outcomes = self.answers.get(arguments[1], [Outcome(0)])
        outcome = outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]
        if outcome.timed_out:
            self.now += seconds
        return outcome

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def words(self) -> list[str]:
        return [asked.split()[0] for asked, _ in self.asked]

    def engine(self) -> Engine:
        return Engine(System(sleep=self.sleep))


PLAN = ContainerPlan("own", "busybox:1", {})


# ---- the engine -------------------------------------------------------------------------------------


def test_an_engine_that_answers_is_waited_for_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, version=[answered("", 1), answered(" \n"), answered("28.5.2\n")])
    assert docker.engine().wait(Deadline.after(60)) is None
    assert (docker.slept, [seconds for _, seconds in docker.asked]) == ([0.25, 0.25], [5.0, 5.0, 5.0])
    assert docker.asked[0][0] == "version --format {{.Server.Version}}"


def test_an_engine_that_does_not_answer_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, version=[answered("no socket", 1)])
    assert docker.engine().wait(Deadline.after(2)) == "Docker does not answer: no socket"
    assert docker.slept == [0.25] * 7
    docker = Docker(monkeypatch, version=[MISSING])
    assert docker.engine().wait(Deadline.after(2)) == "the docker program is not there; install Docker"
    assert docker.slept == []


@pytest.mark.parametrize(
    ("outcome", "there"), [(answered("sha256:1"), True), (answered("", 1), False), (TIMED_OUT, None), (MISSING, None)]
)
def test_whether_an_image_is_there(outcome: Outcome, monkeypatch: pytest.MonkeyPatch, *, there: bool | None) -> None:
    docker = Docker(monkeypatch, image=[outcome])
    if there is None:
        with pytest.raises(EngineError) as refused:
            docker.engine().has_image("busybox:1", Deadline.after(7))
        assert str(refused.value) in {
            "Docker did not answer within 7 seconds; restart it with systemctl restart docker",
            "the docker program is not there; install Docker",
        }
    else:
        assert docker.engine().has_image("busybox:1", Deadline.after(60)) is there
        assert docker.asked == [("image inspect --format {{.Id}} busybox:1", 15.0)]


def test_pulling_takes_the_time_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, pull=[answered("sha256:1"), answered("no such image", 1), TIMED_OUT])
    assert docker.engine().pull("busybox:1", Deadline.after(600)) is None
    assert docker.engine().pull("busybox:1", Deadline()) == "docker ended with 1: no such image"
    late = docker.engine().pull("busybox:1", Deadline.after(20))
    assert late == "Docker did not answer within 20 seconds; restart it with systemctl restart docker"
    assert docker.asked == [
        ("pull --quiet busybox:1", 600.0),
        ("pull --quiet busybox:1", 45.0),
        ("pull --quiet busybox:1", 20.0),
    ]


def test_the_tags_of_a_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, image=[answered("1.2\n1.3\n"), answered("1.2", 1)])
    assert docker.engine().tags("busybox", Deadline.after(60)) == ["1.2", "1.3"]
    assert docker.engine().tags("busybox", Deadline.after(5)) == []
    assert docker.asked == [
        ("image ls --format {{.Tag}} busybox", 15.0),
        ("image ls --format {{.Tag}} busybox", 5.0),
    ]


def test_a_start_leaves_more_than_half_of_the_time_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, run=[answered("id")])
    assert docker.engine().run(PLAN, Deadline.after(50)) is None
    assert docker.asked[0] == ("rm -f own", 15.0)
    assert docker.words == ["rm", "run"]
    assert docker.asked[1][1] == 20.0
    docker = Docker(monkeypatch, run=[answered("id")])
    assert docker.engine().run(PLAN, Deadline()) is None
    assert docker.asked[1][1] == 45.0


@pytest.mark.parametrize(
    ("outcome", "recorded", "why"),
    [
        (answered("bad flag", 125), answered("false|0|127|no  such file\n"), "no such file"),
        (answered("bad flag", 125), answered("false|0|127|"), "docker ended with 125: bad flag"),
        (answered("bad flag", 125), answered("", 1), "docker ended with 125: bad flag"),
        (MISSING, answered("false|0|127|no such file"), "the docker program is not there; install Docker"),
    ],
)
def test_a_container_that_did_not_start_is_removed(
    outcome: Outcome, recorded: Outcome, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker = Docker(monkeypatch, run=[outcome], inspect=[recorded])
    assert docker.engine().run(PLAN, Deadline.after(50)) == why
    assert docker.words == ["rm", "run", *(() if outcome.missing else ("inspect",)), "rm"]


def test_a_container_has_to_stay_up(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, inspect=[answered("false|0|0|"), answered(UP)])
    assert docker.engine().settle("own", 1.0, Deadline.after(60)) is None
    assert docker.slept == [0.25] * 5
    assert docker.asked[0] == (
        f"inspect --type container --format {STATE} own",
        15.0,
    )


def test_a_container_that_has_to_stay_up_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, inspect=[answered(UP)])
    assert docker.engine().settle("own", 0.1, Deadline.after(60)) is None
    assert docker.slept == [0.25]


def test_a_container_that_is_started_anew_has_to_stay_up_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    states = [answered(UP)] * 4 + [answered("true|1|1|")]
    docker = Docker(monkeypatch, inspect=states)
    assert docker.engine().settle("own", 1.0, Deadline.after(60)) is None
    assert docker.slept == [0.25] * 8


@pytest.mark.parametrize(
    ("states", "logs", "seconds", "why"),
    [
        (["true|2|1|", "true|3|1|"], answered(""), 60, "it did not stay up long enough, and was started 3 times anew"),
        ([DOWN], answered("bye\n"), 60, "it ended with 137, and was started 3 times anew; it printed: bye"),
        ([DOWN], answered("bye\n", 1), 60, "it ended with 137, and was started 3 times anew"),
        (["false|3|1|no  such\tfile"], answered("bye\n"), 60, "no such file; it printed: bye"),
        (["false|3|1|no | such file"], answered(""), 60, "no | such file"),
        (["false|x|1|"], answered(""), 1, "it ended with 1, and was started 0 times anew"),
        ([""], answered(""), 1, "it ended with , and was started 0 times anew"),
        (["true|0|0|"], answered(""), 0.5, "it did not stay up long enough, and was started 0 times anew"),
    ],
)
def test_why_a_container_does_not_stay_up(
    states: list[str], logs: Outcome, seconds: float, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker = Docker(monkeypatch, inspect=[answered(state) for state in states], logs=[logs])
    assert docker.engine().settle("own", 5.0, Deadline.after(seconds)) == why
    assert docker.asked[-1] == ("logs --tail 3 own", max(min(15.0, docker.asked[-1][1]), 1.0))


def test_an_engine_that_tells_nothing_of_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, inspect=[answered("", 1)])
    assert docker.engine().settle("own", 5.0, Deadline.after(1)) == "Docker does not tell the state of own"
    assert docker.slept == [0.25] * 3
    assert docker.asked[-1] == ("logs --tail 3 own", 1.0)


# ---- the steps --------------------------------------------------------------------------------------

WITH_GPU = Variable("OWN_GPU", BOOLEAN, label="GPU", default=True, stops_boot=False)
BESIDE = Container(Image("example/beside"), name="beside", when=Is(WITH_GPU, True))
CONTAINER = Container(Image("example/own", "1", "1-cuda"), settle_seconds=1.0, beside=(BESIDE,))
OWN = Appliance("own", "Own", "One.", (WITH_GPU,), container=CONTAINER, gpu=GpuRequest(WITH_GPU))
USED = GpuDecision(requested=True, use_gpu=True, request=OWN.gpu, count=1)


def state(docker: Docker, appliance: Appliance = OWN, decision: GpuDecision = USED, *, check: bool = False) -> State:
    values = Values({WITH_GPU.name: decision.use_gpu}, {}, appliance.gpu)
    system = System(sleep=docker.sleep)
    return State(appliance, Options(check_gpu=check), system, Log(system), load_context({}), values, decision=decision)


def images(docker: Docker) -> list[str]:
    """The images that were started, in order."""
    runs = [asked for asked, _ in docker.asked if asked.startswith("run ")]
    return [word for run in runs for word in run.split() if word.startswith("example/")]


def test_a_container_is_started_and_what_is_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch)
    outcome = start(state(docker), Deadline.after(60))
    assert (outcome.failed, outcome.findings) == (False, ())
    assert outcome.summary == "own was started from example/own:1-cuda"
    assert images(docker) == ["example/own:1-cuda", "example/beside:latest"]
    assert outcome.state.container is not None


def test_what_does_not_start_with_a_gpu_is_started_without(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, run=[answered("no driver", 125), answered("id")])
    outcome = start(state(docker), Deadline.after(60))
    assert (outcome.failed, outcome.state.decision.use_gpu) == (False, False)
    assert outcome.summary == "own was started from example/own:1"
    assert images(docker) == ["example/own:1-cuda", "example/own:1", "example/beside:latest"]
    (finding,) = outcome.findings
    assert finding.repair == "the container does not run with a GPU: docker ended with 125: no driver"


def test_without_another_image_the_same_is_started_without_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, run=[answered("no driver", 125), answered("id")], image=[answered("", 1)])
    outcome = start(state(docker), Deadline.after(60))
    assert outcome.summary == "own was started from example/own:1-cuda"
    runs = [asked for asked, _ in docker.asked if asked.startswith("run ")]
    assert ["--gpus" in run for run in runs] == [True, False, False]


def test_what_needs_a_gpu_is_not_started_without(monkeypatch: pytest.MonkeyPatch) -> None:
    required = evolve(OWN, gpu=GpuRequest(WITH_GPU, required=True))
    docker = Docker(monkeypatch, run=[answered("no driver", 125)])
    outcome = start(state(docker, required), Deadline.after(60))
    assert (outcome.failed, outcome.findings) == (True, ())
    assert outcome.summary == "own did not start: docker ended with 125: no driver"
    assert images(docker) == ["example/own:1-cuda"]


def test_what_does_not_start_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, run=[answered("no driver", 125), answered("no such image", 125)])
    outcome = start(state(docker), Deadline.after(60))
    assert outcome.failed
    assert outcome.summary == "own did not start: docker ended with 125: no such image"
    assert len(outcome.findings) == 1


TAKEN = answered("Bind for 0.0.0.0:80 failed: port is already allocated", 125)
LOCAL = answered("unix:///var/run/docker.sock\n")
RESTART = "restart docker.service"
HEALTHY: dict[str, list[Outcome]] = {"context": [LOCAL], "version": [answered("20.10.24\n")]}


def with_systemd(folder: Path, docker: Docker, appliance: Appliance = OWN, decision: GpuDecision = USED) -> State:
    (folder / "run/systemd/system").mkdir(parents=True)
    return evolve(state(docker, appliance, decision), system=System(str(folder), sleep=docker.sleep))


def test_a_port_that_nobody_has_is_freed_by_a_restart_of_docker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docker = Docker(monkeypatch, run=[TAKEN, TAKEN, answered("id")], ps=[answered("beside\n")], **HEALTHY)
    outcome = start(with_systemd(tmp_path, docker), Deadline.after(120))
    assert (outcome.failed, outcome.findings) == (False, ())
    started = "own was started from example/own:1-cuda"
    assert outcome.summary == f"{started}, after a restart of Docker, which held a lost port"
    assert outcome.state.decision.use_gpu  # a port is no reason to do without the GPU
    words = docker.words
    assert words.count("restart") == 1
    assert words[words.index("is-active") :][:6] == ["is-active", "context", "ps", "restart", "version", "rm"]
    assert (RESTART, 45.0) in docker.asked
    assert capsys.readouterr().err == (
        "ctxschema-agent: Docker holds a port that no container has, as after a power cut: it is restarted\n"
    )


def test_a_port_of_what_stands_beside_it_is_freed_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    docker = Docker(monkeypatch, run=[answered("id"), TAKEN, answered("id")], ps=[answered("own\n")], **HEALTHY)
    outcome = start(with_systemd(tmp_path, docker), Deadline.after(120))
    assert (outcome.failed, outcome.findings) == (False, ())
    assert images(docker) == ["example/own:1-cuda", "example/beside:latest"] * 2


def test_a_port_that_only_what_stands_beside_it_lacks_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, run=[answered("id"), TAKEN])
    outcome = start(state(docker), Deadline.after(120))
    assert (outcome.failed, outcome.summary) == (False, "own was started from example/own:1-cuda")
    assert [finding.code for finding in outcome.findings] == [codes.SIDECAR.id]


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("ps", answered("own\nsomebody\n")),
        ("ps", answered("", 1)),
        ("context", answered("tcp://10.0.0.1:2375\n")),
        ("context", answered("unix:///run/user/1000/docker.sock\n")),
        ("context", answered("unix:///var/run/docker.sock\n", 1)),
        ("is-active", answered("inactive\n", 3)),
        ("is-active", MISSING),
    ],
)
def test_docker_is_not_restarted_where_that_may_harm_somebody(
    word: str, answer: Outcome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    docker = Docker(monkeypatch, **{"run": [TAKEN], **HEALTHY, word: [answer]})
    outcome = start(with_systemd(tmp_path, docker), Deadline.after(120))
    assert outcome.failed
    assert outcome.summary.endswith(
        "port is already allocated; where docker ps shows no container with that port, restart Docker: "
        "systemctl restart docker"
    )
    assert "restart" not in docker.words
    assert docker.words.count("run") == 2


def test_what_is_asked_before_docker_is_restarted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[list[str], float]] = []
    answers = {"context": "unix:///run/docker.sock\n", "ps": "own beside\n", "version": "28.5.2\n"}

    def run(_system: System, arguments: list[str], seconds: float) -> Outcome:
        asked.append((arguments, seconds))
        return answered(answers.get(arguments[1], ""))

    monkeypatch.setattr(System, "run", run)
    engine = Engine(System(str(tmp_path)))
    assert not engine.may_restart(["own", "beside"], Deadline())
    assert asked == []
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert engine.may_restart(["own", "beside"], Deadline())
    assert not engine.may_restart(["own"], Deadline())
    assert asked[:3] == [
        (["systemctl", "is-active", "docker.service"], 15.0),
        (["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], 15.0),
        (["docker", "ps", "--format", "{{.Names}}"], 15.0),
    ]
    asked.clear()
    assert engine.restart(Deadline()) is None
    assert asked == [
        (["systemctl", "restart", "docker.service"], 45.0),
        (["docker", "version", "--format", "{{.Server.Version}}"], 5.0),
    ]


def test_docker_is_not_restarted_without_systemd(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    docker = Docker(monkeypatch, run=[TAKEN], **HEALTHY)
    outcome = start(evolve(state(docker), system=System(str(tmp_path), sleep=docker.sleep)), Deadline.after(120))
    assert "restart Docker: systemctl restart docker" in outcome.summary
    assert not {"restart", "is-active"} & set(docker.words)


def test_docker_is_not_restarted_for_another_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    docker = Docker(monkeypatch, run=[answered("address already in use", 125)], **HEALTHY)
    outcome = start(with_systemd(tmp_path, docker), Deadline.after(120))
    assert outcome.summary == "own did not start: docker ended with 125: address already in use"
    assert "restart" not in docker.words


def test_a_port_that_stays_taken_is_an_error_after_one_restart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    docker = Docker(monkeypatch, run=[TAKEN], **HEALTHY)
    outcome = start(with_systemd(tmp_path, docker), Deadline.after(120))
    assert outcome.failed
    assert outcome.summary.endswith("port is already allocated; Docker was restarted before")
    assert docker.words.count("restart") == 1


@pytest.mark.parametrize(
    ("restarted", "why"),
    [
        (answered("Access denied", 4), "systemctl ended with 4: Access denied"),
        (TIMED_OUT, "Docker does not answer: no socket"),
        (Outcome(0), "Docker does not answer: no socket"),
    ],
)
def test_a_docker_that_does_not_come_back_is_an_error_in_time(
    restarted: Outcome, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    version = [answered("no socket", 1)]
    docker = Docker(monkeypatch, run=[answered("id"), TAKEN], restart=[restarted], context=[LOCAL], version=version)
    outcome = start(with_systemd(tmp_path, docker), Deadline.after(60))
    assert outcome.failed
    assert outcome.summary.endswith(f"; a restart of Docker failed: {why}")
    assert docker.now <= 1060.0


def test_what_stands_beside_it_and_fails_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, run=[answered("id"), answered("no such image", 125)])
    outcome = start(state(docker), Deadline.after(60))
    (finding,) = outcome.findings
    assert not outcome.failed
    assert (finding.code, finding.severity.value, finding.variable) == ("CTX095", "warning", "OWN_GPU")
    assert finding.message == "OWN_GPU: beside did not start: docker ended with 125: no such image"


def test_what_is_not_wanted_beside_it_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch)
    start(state(docker, decision=NOT_REQUESTED), Deadline.after(60))
    assert images(docker) == ["example/own:1"]
    assert docker.asked[-1][0] == "rm -f beside"


def test_what_stands_beside_it_counts_each_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = (evolve(BESIDE, name="first"), evolve(BESIDE, name="second", when=None))
    both = evolve(OWN, container=evolve(CONTAINER, beside=wanted))
    docker = Docker(monkeypatch, run=[answered("id"), answered("no such image", 125)])
    outcome = start(state(docker, both, NOT_REQUESTED), Deadline.after(60))
    (finding,) = outcome.findings
    assert "rm -f first" in [asked for asked, _ in docker.asked]
    assert (finding.variable, finding.message) == (
        None,
        "second did not start: docker ended with 125: no such image",
    )


def test_what_stands_beside_a_gpu_and_fails_names_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    beside = evolve(OWN, container=evolve(CONTAINER, beside=(evolve(BESIDE, when=GpuUsed()),)))
    docker = Docker(monkeypatch, run=[answered("id"), answered("no such image", 125)])
    (finding,) = start(state(docker, beside), Deadline.after(60)).findings
    assert (finding.variable, finding.message) == (
        None,
        "beside did not start: docker ended with 125: no such image",
    )


def test_what_stays_up_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, inspect=[answered(UP)])
    outcome = wait_until_running(state(docker), Deadline.after(60))
    assert (outcome.failed, outcome.summary, outcome.findings) == (False, "own is up", ())
    assert docker.slept == [0.25] * 4


def test_half_of_the_time_is_kept_for_the_start_without_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, inspect=[answered("false|0|1|")])
    outcome = wait_until_running(state(docker), Deadline.after(40))
    assert outcome.failed
    started = next(number for number, word in enumerate(docker.words) if word == "run")
    before = docker.words[:started].count("inspect")
    after = docker.words[started:].count("inspect")
    assert (before, after) == (80, 81)  # what was not needed before is there afterwards
    assert images(docker) == ["example/own:1", "example/beside:latest"]


def test_of_much_time_half_a_minute_is_given_to_the_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, inspect=[answered("false|0|1|")])
    wait_until_running(state(docker), Deadline.after(200))
    started = next(number for number, word in enumerate(docker.words) if word == "run")
    assert docker.words[:started].count("inspect") == 120


def test_all_of_the_time_is_given_to_what_has_no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, inspect=[answered("false|0|1|")])
    outcome = wait_until_running(state(docker, decision=NOT_REQUESTED), Deadline.after(40))
    assert outcome.summary == "own does not stay up: it ended with 1, and was started 0 times anew"
    assert docker.words.count("inspect") == 160
    assert "run" not in docker.words


def test_what_stays_up_without_a_gpu_only(monkeypatch: pytest.MonkeyPatch) -> None:
    docker = Docker(monkeypatch, inspect=[answered(DOWN), answered(UP)])
    outcome = wait_until_running(state(docker), Deadline.after(60))
    assert (outcome.failed, outcome.summary, len(outcome.findings)) == (False, "own is up", 1)
    assert outcome.state.decision.use_gpu is False


@pytest.mark.parametrize(("check", "decision", "asked"), [(True, USED, 1), (False, USED, 0), (True, NOT_REQUESTED, 0)])
def test_a_gpu_in_use_is_checked_where_that_is_wanted(
    decision: GpuDecision, asked: int, monkeypatch: pytest.MonkeyPatch, *, check: bool
) -> None:
    seconds: list[float] = []

    def details(_machine: object, most: float, script: str, *, containers: bool) -> tuple[()]:
        assert (script, containers) == ("/opt/own/check.sh", True)
        seconds.append(most)
        return ()

    monkeypatch.setattr("ctxschema.gpu.details.gpu_details", details)
    docker = Docker(monkeypatch, inspect=[answered(UP)])
    scripted = evolve(OWN, gpu=GpuRequest(WITH_GPU, script="/opt/own/check.sh"))
    wait_until_running(state(docker, scripted, decision, check=check), Deadline.after(600))
    assert seconds == [starting.CHECK_SECONDS] * asked
