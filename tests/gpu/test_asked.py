"""What Docker, CUDA and nvidia-smi are asked, and what is made of their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ctxschema.gpu import cuda_library
from ctxschema.gpu.checks import container_cuda, container_gpu
from ctxschema.gpu.engine import ask_route, ask_version, choose_image, cuda_of, engine_version
from ctxschema.gpu.facts import gpu_facts
from ctxschema.gpu.machine import Machine
from ctxschema.machine.system import Outcome, System
from tests.gpu.fake import LATE, MISSING, Fake, printed

# ---- Docker -----------------------------------------------------------------------------------------


def test_what_the_engine_is_asked(fake: Fake) -> None:
    fake.answers = {"docker version": printed("28.5.2\n")}
    machine = fake.machine()
    assert (engine_version(machine), engine_version(machine)) == ("28.5.2", "28.5.2")
    assert [line for line, _ in fake.asked] == ["docker version --format {{.Server.Version}}"]
    assert ask_version(machine).code == 0
    for outcome in (printed("odd"), printed("28.5.2", 1), printed(""), MISSING):
        fake.answers = {"docker version": outcome}
        assert engine_version(fake.machine()) == ""


def test_the_route_is_looked_for_within_the_limit(fake: Fake) -> None:
    fake.answers = {"docker": LATE}
    route = ask_route(fake.machine(most=3.0))
    assert not route.usable
    assert fake.asked == [("docker version --format {{.Server.Version}}", 3.0)]


@pytest.mark.parametrize(
    ("images", "more", "chosen"),
    [
        ("", {}, ""),
        ("", {"pull": True}, "PULLED"),
        ("alpine:3\nnvidia/cuda:12.4.1-base-ubuntu22.04\n", {}, "nvidia/cuda:12.4.1-base-ubuntu22.04"),
        ("nvidia/cuda:<none>\nnvidia/cuda:12.4.1-base-ubuntu22.04\n", {}, "nvidia/cuda:12.4.1-base-ubuntu22.04"),
        ("alpine:3\n", {"image": "own:1"}, "own:1"),
        ("alpine:3\n", {"image": ""}, ""),
    ],
)
def test_which_image_is_started(fake: Fake, images: str, more: dict[str, Any], chosen: str) -> None:
    from ctxschema.gpu.values import PULLED_IMAGE

    fake.answers = {"docker image ls --format {{.Repository}}:{{.Tag}}": printed(images)}
    assert choose_image(fake.machine(**more)) == chosen.replace("PULLED", PULLED_IMAGE)
    fake.answers = {"docker image ls": printed("nvidia/cuda:12.4.1-base-ubuntu22.04\n", 1)}
    assert choose_image(fake.machine()) == ""


@pytest.mark.parametrize(
    ("environment", "cuda"),
    [
        ("PATH=/bin\nCUDA_VERSION=12.4.1\n", "12.4"),
        ("NVIDIA_REQUIRE_CUDA=cuda>=11.8 brand=x\n", "11.8"),
        ("NVIDIA_REQUIRE_CUDA=cuda>=11.8\nCUDA_VERSION=12.4.1\n", "12.4"),
        ("PATH=/bin\nXCUDA_VERSION=12.4\n", ""),
    ],
)
def test_the_cuda_of_an_image(fake: Fake, environment: str, cuda: str) -> None:
    fake.answers = {"docker image inspect": printed(environment)}
    assert cuda_of(fake.machine(), "-odd:1") == cuda
    (asked,) = fake.asked
    assert asked[0] == "docker image inspect --format {{range .Config.Env}}{{println .}}{{end}} -- -odd:1"
    fake.answers = {"docker image inspect": printed(environment, 1)}
    assert cuda_of(fake.machine(), "x") is None


@pytest.mark.parametrize(
    ("ours", "drivers", "answer"),
    [
        ("", "13.0", "undeclared"),
        ("12.4", "12.4", "runs"),
        ("12.3", "12.4", "runs"),
        ("12.5", "12.4", "newer-minor"),
        ("13.0", "12.4", "newer"),
        ("11.8", "12.4", "runs"),
    ],
)
def test_whether_a_driver_runs_a_cuda(ours: str, drivers: str, answer: str) -> None:
    assert container_cuda._judged(ours, drivers) == answer


@pytest.mark.parametrize(
    ("code", "words", "count", "answer"),
    [
        (0, "GPU 0: H200", 1, "reaches"),
        (0, "", 0, "blind"),
        (1, "GPU 0: H200", 1, "blind"),
        (125, "no such image: x", 0, "not-there"),
        (125, "Pull access denied for x", 0, "not-there"),
        (125, "could not select device driver", 0, "refused"),
        (126, "nvidia-container-cli: x", 0, "refused"),
        (127, "OCI hook failed", 0, "refused"),
        (127, "executable file not found", 0, "no-program"),
        (1, "exec: no such file or directory", 0, "no-program"),
    ],
)
def test_what_the_end_of_a_container_tells(code: int, words: str, count: int, answer: str) -> None:
    assert container_gpu._judged(Outcome(code, words), words, count) == answer


# ---- CUDA's library ---------------------------------------------------------------------------------


def test_where_cudas_library_is_looked_for(fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    assert cuda_library._library(Machine(System("/"))) == "libcuda.so.1"
    assert cuda_library._library(fake.machine()) == ""
    fake.file("usr/lib/x86_64-linux-gnu/libcuda.so.1")
    assert cuda_library._library(fake.machine()) == f"{fake.root}/usr/lib/x86_64-linux-gnu/libcuda.so.1"
    for root in (f"{fake.root}/", f"{fake.root}/X"):
        fake.file("X/usr/lib64/libcuda.so.1").file("usr/lib64/libcuda.so.1")
        assert cuda_library._library(Machine(System(root))).startswith(f"{root.rstrip('/')}/usr/lib")
    other = tmp_path / "other"
    other.mkdir()
    (other / "libcuda.so.1").write_text("")
    monkeypatch.setenv("LD_LIBRARY_PATH", f"relative:/nowhere:{other}")
    assert cuda_library._library(fake.machine()) == f"{other}/libcuda.so.1"


def test_what_cudas_library_answers(fake: Fake) -> None:
    assert cuda_library.ask_cuda_library(fake.machine()).outcome is None
    fake.file("usr/lib/x86_64-linux-gnu/libcuda.so.1")
    fake.answers = {"python3 -ISc": printed("a warning\ncuda 3 2 1\ncuda 9 9 9\n")}
    answer = cuda_library.ask_cuda_library(fake.machine())
    assert (answer.code, answer.count, answer.closed) == (3, 2, 1)
    for outcome in (printed("cuda 3 2 1", 1), printed("cuda 3 2"), LATE):
        fake.answers = {"python3 -ISc": outcome}
        answer = cuda_library.ask_cuda_library(fake.machine())
        assert (answer.outcome, answer.code, answer.count) == (outcome, None, 0)


# ---- the facts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (MISSING, "nvidia-smi is not there; install the driver's own utilities"),
        (LATE, "nvidia-smi did not answer within 3.5 seconds; the driver hangs, so restart the machine"),
        (
            printed("Driver/library version mismatch", 18),
            (
                "the driver in the kernel and its library are of two versions; restart the machine "
                "(Driver/library version mismatch)"
            ),
        ),
        (printed("oh no", 9), "nvidia-smi failed and ended with 9: oh no"),
        (printed("No devices"), "nvidia-smi ended with 0 and named no GPU: No devices"),
    ],
)
def test_why_nvidia_smi_names_no_gpu(fake: Fake, outcome: Outcome, reason: str) -> None:
    fake.file("sys/module/nvidia/version", "580.1").answers = {"nvidia-smi": outcome}
    facts = gpu_facts(fake.machine(most=3.5))
    assert (facts.driver_loaded, facts.nvidia_smi, facts.usable, facts.reason) == (True, False, False, reason)


ABSENT = "the NVIDIA kernel driver is not loaded"


def test_why_there_is_no_driver(fake: Fake) -> None:
    (fake.root / "sys/bus/pci/devices").mkdir(parents=True)
    assert gpu_facts(fake.machine()).reason == (
        f"{ABSENT}, and no NVIDIA GPU is on the PCI bus; add a PCI section for one to the VM's template"
    )
    fake.link("sys/bus/pci/devices/0000:07:00.0/vendor", "vendor")
    assert gpu_facts(fake.machine()).reason == f"{ABSENT}; install it, or load it with modprobe nvidia"
    fake.function("0000:01:00.0").function("0000:02:00.0")
    without = f"{ABSENT} for the GPU at 0000:01:00.0; install it, or load it with modprobe nvidia"
    assert gpu_facts(fake.machine()).reason == without
    fake.file("sys/bus/pci/devices/0000:01:00.0/driver")
    assert gpu_facts(fake.machine()).reason == without  # what drives it cannot be read
    (fake.root / "sys/bus/pci/devices/0000:01:00.0/driver").unlink()
    fake.link("sys/bus/pci/devices/0000:01:00.0/driver", "../nouveau")
    assert gpu_facts(fake.machine()).reason == (
        f"{ABSENT}: the driver nouveau holds the GPU at 0000:01:00.0; block nouveau and load nvidia"
    )


@pytest.mark.parametrize(
    ("answer", "devices", "cuda"), [("cuda 0 2 0", 2, True), ("cuda 802 2 0", None, False), ("odd", None, False)]
)
def test_what_cuda_says_of_the_machine(fake: Fake, answer: str, devices: int | None, *, cuda: bool) -> None:
    fake.file("sys/module/nvidia/version", "580.1").file("usr/lib/x86_64-linux-gnu/libcuda.so.1")
    fake.answers = {
        "nvidia-smi": printed("0, GPU-2f31, NVIDIA H200, 143771, 580.1\n"),
        "python3": printed(answer),
        "docker": MISSING,
    }
    facts = gpu_facts(fake.machine())
    assert (facts.nvidia_smi, facts.cuda, facts.devices, len(facts.gpus)) == (True, cuda, devices, 1)
    assert facts.docker_route is (not cuda)  # Docker is asked only where CUDA works
    assert facts.reason
