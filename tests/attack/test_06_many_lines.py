"""6: reading a context is linear in time and memory, with a small factor, whatever it consists of."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.attack.conftest import environment

MEASURE = """
import sys, time
from ctxschema import get_appliance, validate
from ctxschema.context.load import load_context
began = time.process_time()
for _ in range(3_000_000):
    pass
loop = time.process_time() - began
began = time.process_time()
result = validate(get_appliance("flower-supernode"), load_context(sys.argv[1]))
told = [str(finding.position) for finding in result.findings]
# Not what getrusage tells: the peak of whoever started this process is in it.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print((time.process_time() - began) / loop, int(peak) / 1024)
"""
"""Prints how many times as long as a loop of three million rounds it takes, on any machine, and the peak in MiB."""
SIZE = 16 * 1024 * 1024
UNITS = {
    "line ends": ("", "\n"),
    "CRLF": ("", "\r\n"),
    "blank lines": ("", " \t\n"),
    "comments": ("", "#\n"),
    "comments and blank lines": ("", "# x\n\n"),
    "lines without a name": ("", "a\n"),
    "the same, one by one": ("", "a\n\n"),
    "quotes": ("", "'"),
    "escaped quotes": ("A='", "'\\''"),
    "one value": ("A='", "x"),
    "one name": ("", "A"),
    "entries": ("", "A=''\n"),
    "entries without quotes": ("", "ETH0_IP=1\n"),
    "one_env": ("", 'export A="1"\n'),
    "one_env, then line ends": ("export ", "\n"),
    "one_env without quotes": ("", "export A=1\n"),
    "NUL": ("", "\0\n"),
}


@pytest.mark.parametrize(("start", "unit"), UNITS.values(), ids=UNITS)
def test_sixteen_megabytes(tmp_path: Path, start: str, unit: str) -> None:
    text = start + unit * ((SIZE - len(start)) // len(unit))
    (tmp_path / "context.sh").write_text(text)
    told = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "context.sh"],
        env=environment("/usr/bin:/bin"),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    loops, megabytes = map(float, told.split())
    assert loops < (20 if unit.isspace() else 55)
    assert megabytes < 100
