"""The record of a machine with GPUs, tried on a folder and a library that stand for one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ctxschema.gpu.values import CUDA_LIBRARY
from tests.conftest import ROOT
from tests.gpu.tree import Tree
from tests.gpu.vms import ready

# CUDA takes the numbers of CUDA_VISIBLE_DEVICES up to the first that is not there.
LIBRARY = """\
#include <stdlib.h>
static int count(void) {
  const char *seen = getenv("CUDA_VISIBLE_DEVICES");
  int found = 0;
  if (!seen) return 2;
  while (*seen >= '0' && *seen < '2') {
    found++;
    if (*++seen != ',') break;
    seen++;
  }
  return found;
}
int cuInit(unsigned flags) { return CODE ? CODE : count() ? 0 : 100; }
int cuDeviceGetCount(int *number) { *number = count(); return 0; }
int cuDeviceGet(int *device, int index) { *device = index; return 0; }
int cuDeviceGetAttribute(int *value, int attribute, int device) { *value = 0; return 0; }
"""


def record(tree: Tree, folder: Path, code: int) -> tuple[int, str]:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")
    (folder / "cuda.c").write_text(LIBRARY)
    options = ["-shared", "-fPIC", f"-DCODE={code}"]
    subprocess.run([compiler, *options, "-o", folder / CUDA_LIBRARY, folder / "cuda.c"], check=True)
    (tree.bin / "python3").unlink()
    environment = {
        **os.environ,
        "MACHINE": str(tree.root),
        "LD_LIBRARY_PATH": str(folder),
        "PATH": f"{tree.bin}:{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    command: list[str | Path] = [sys.executable, ROOT / "tools/record_gpu_situations.py", folder / "out"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def test_a_machine_whose_parts_agree(new_tree: Callable[[], Tree], tmp_path: Path) -> None:
    tree = new_tree()
    ready(tree, 2)
    code, said = record(tree, tmp_path, 0)
    assert code == 0, said
    assert "agree: as the machine is: YES, cuInit 0 2" in said
    assert "agree: libcuda broken: NO (CUDA's library cannot be loaded" in said
    assert "agree: CUDA_VISIBLE_DEVICES=7 in the environment: YES" in said
    assert "skip: compute mode prohibited" in said
    observed = json.loads((tmp_path / "out/situations.json").read_text())["as the machine is"]
    assert observed["decisions"]["0,1"]["cuInit"] == "0 2"
    assert observed["decisions"]["0, 7"]["environment"] == {"CUDA_VISIBLE_DEVICES": "0"}
    assert not observed["decisions"]["7"]["available"]


def test_a_machine_with_a_gpu_that_is_not_used_is_named(new_tree: Callable[[], Tree], tmp_path: Path) -> None:
    tree = new_tree()
    ready(tree, 2)
    code, said = record(tree, tmp_path, 802)
    assert code == 1
    assert (
        "DISAGREE ['the machine has a GPU, and the decision is NO']: as the machine is: NO (cuInit answers 802" in said
    )
