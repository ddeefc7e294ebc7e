"""shellcheck reads every shell script that is written by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SHELLCHECK = Path(sys.executable).parent / "shellcheck"
SCRIPTS = sorted(path for folder in ("tools", "tests") for path in (ROOT / folder).glob("*.sh"))


@pytest.mark.skipif(not SHELLCHECK.exists(), reason="shellcheck is not there; make setup installs it")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_no_fault(path: Path) -> None:
    ended = subprocess.run([SHELLCHECK, "-S", "warning", path], capture_output=True, text=True, check=False)
    assert ended.stdout == ""
