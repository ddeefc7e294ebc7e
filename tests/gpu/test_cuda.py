"""CUDA itself is asked, in a process of its own, and the decision follows what it says."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxschema import get_appliance, load_context, validate
from ctxschema.context.values import Values
from ctxschema.gpu.cuda_library import ask_cuda_library
from ctxschema.gpu.decision import GpuDecision, decide_gpu
from ctxschema.gpu.facts import GpuFacts, detect_gpu
from ctxschema.gpu.machine import Machine
from ctxschema.gpu.smi import Gpu
from ctxschema.gpu.values import CUDA_LIBRARY, CUDA_PROGRAM
from ctxschema.machine.system import System
from tests.gpu.tree import Tree
from tests.gpu.vms import ready

LIBRARY = """\
#include <stdlib.h>
int cuInit(unsigned flags) {{ return flags ? 1 : getenv("CUDA_VISIBLE_DEVICES") ? 100 : {code}; }}
int cuDeviceGetCount(int *count) {{ *count = {count}; return 0; }}
int cuDeviceGet(int *device, int index) {{ *device = index; return 0; }}
int cuDeviceGetAttribute(int *value, int attribute, int device) {{
  *value = attribute == 20 && device == {closed} ? 2 : 0;
  return 0;
}}
"""


@pytest.fixture
def library(tmp_path: Path) -> Callable[..., str]:
    """What makes a library with the part of libcuda's functions that are asked."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")

    def make(code: int = 0, count: int = 1, closed: int = -1) -> str:
        (tmp_path / "cuda.c").write_text(LIBRARY.format(code=code, count=count, closed=closed))
        made = tmp_path / CUDA_LIBRARY
        subprocess.run([compiler, "-shared", "-fPIC", "-o", made, tmp_path / "cuda.c"], check=True)
        return str(made)

    return make


def asked(library: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-ISc", CUDA_PROGRAM, library]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def test_a_library_is_really_asked(library: Callable[..., str]) -> None:
    assert asked(library(count=3)).stdout == "cuda 0 3 0\n"
    assert asked(library(code=802)).stdout == "cuda 802 0 0\n"
    assert asked(library(count=2, closed=1)).stdout == "cuda 0 2 1\n"


def test_it_is_asked_about_the_machine_whatever_the_environment_hides(library: Callable[..., str]) -> None:
    assert asked(library(), CUDA_VISIBLE_DEVICES="7").stdout == "cuda 0 1 0\n"


def test_what_is_no_library_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / CUDA_LIBRARY).write_text("")
    ended = asked(str(tmp_path / CUDA_LIBRARY))
    assert ended.returncode
    assert ended.stderr.startswith("no library: ")
    assert len(ended.stderr.splitlines()) == 1


def test_below_a_root_the_library_of_that_root_is_asked(
    library: Callable[..., str], new_tree: Callable[[], Tree]
) -> None:
    tree = new_tree()
    (tree.bin / "python3").symlink_to(sys.executable)
    machine = Machine(System(str(tree.root), f"{tree.bin}:{os.environ['PATH']}"))
    assert ask_cuda_library(machine).outcome is None
    shutil.copy(library(count=2), tree.path(f"usr/lib/x86_64-linux-gnu/{CUDA_LIBRARY}"))
    answer = ask_cuda_library(machine)
    assert (answer.code, answer.count, answer.closed) == (0, 2, 0)


def test_nothing_of_cuda_is_loaded_into_the_agent(library: Callable[..., str], new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    ready(tree)
    (tree.bin / "python3").unlink()
    (tree.bin / "python3").symlink_to(sys.executable)
    shutil.copy(library(), tree.path(f"usr/lib/x86_64-linux-gnu/{CUDA_LIBRARY}"))
    assert detect_gpu(System(str(tree.root), str(tree.bin))).usable
    assert str(tree.root) not in Path("/proc/self/maps").read_text()


# ---- the decision ----


def decided(tree: Tree) -> GpuDecision:
    return decide_gpu(asks_for("all"), detect_gpu(System(str(tree.root), str(tree.bin)), 1))


def asks_for(devices: str) -> Values:
    context = {"FL_GPU_ENABLED": "YES", "FL_CUDA_VISIBLE_DEVICES": devices, "FL_SUPERLINK_ADDRESS": "a:1"}
    return validate(get_appliance("flower-supernode"), load_context(context)).values


@pytest.mark.parametrize(
    ("answer", "code", "reason"),
    [
        ("cuda 802 0 0", 0, "802"),
        ("cuda 100 0 0", 0, "CUDA finds no device"),
        ("cuda 0 0 0", 0, "CUDA finds no device"),
        ("cuda 999 0 0", 0, "999"),
        ("cuda 803 0 0", 0, "two versions"),
        ("cuda 0 1 1", 0, "Prohibited"),
        ("no library: libcuda.so.1: cannot open", 1, "cannot be loaded: libcuda.so.1"),
        ("Segmentation fault", 139, "ended with 139"),
    ],
)
def test_a_gpu_whose_cuda_does_not_initialise_is_not_available(
    answer: str, code: int, reason: str, new_tree: Callable[[], Tree]
) -> None:
    tree = new_tree()
    ready(tree)
    assert decided(tree).onegate == {"FL_GPU_AVAILABLE": "YES"}
    tree.cuda(answer, code)
    decision = decided(tree)
    assert decision.onegate == {"FL_GPU_AVAILABLE": "NO"}
    assert decision.docker_flags == []
    assert decision.warning == "GPU requested but not available, falling back to CPU"
    assert reason in (decision.reason or "")


def test_what_cuda_said_before_it_crashed_is_no_answer(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    ready(tree)
    tree.program("python3", "echo cuda 0 1 0; exit 139")
    assert "ended with 139" in (decided(tree).reason or "")


def test_cuda_that_hangs_is_given_up(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    ready(tree)
    tree.program("python3", "trap '' TERM INT HUP; sleep 30 & wait; sleep 30")
    began = time.monotonic()
    decision = decided(tree)
    assert time.monotonic() - began < 5
    assert "did not initialise within 1 seconds" in (decision.reason or "")


def test_where_nobody_can_ask_cuda_the_rest_decides(new_tree: Callable[[], Tree]) -> None:
    tree = new_tree()
    ready(tree)
    (tree.bin / "python3").unlink()
    assert decided(tree).use_gpu
    assert detect_gpu(System(str(tree.root), str(tree.bin)), 1).devices is None


# ---- MIG ----

CUT = Gpu("0", "GPU-1", "H100", "81559", "580.1", mig_mode="Enabled")
WHOLE = Gpu("1", "GPU-2", "H100", "81559", "580.1", mig_mode="Disabled")


def with_mig(devices: str, count: int | None = 1) -> GpuDecision:
    facts = GpuFacts(driver_loaded=True, nvidia_smi=True, gpus=(CUT, WHOLE), devices=count)
    return decide_gpu(asks_for(devices), facts)


def test_with_mig_on_a_number_is_one_of_cudas() -> None:
    assert with_mig("all").docker_flags == ["--gpus", "all"]
    assert with_mig("0").environment == {"CUDA_VISIBLE_DEVICES": "0"}
    two = with_mig("0,1")
    assert two.environment == {"CUDA_VISIBLE_DEVICES": "0"}
    assert "no GPU has the number 1" in (two.notice or "")
    assert not with_mig("1").use_gpu


def test_without_an_answer_of_cuda_the_numbers_are_those_of_nvidia_smi() -> None:
    assert with_mig("0,1", None).environment == {"CUDA_VISIBLE_DEVICES": "0,1"}
