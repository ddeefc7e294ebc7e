"""2: a program that prints without end fills no memory."""

import os
import resource
import subprocess
import sys
import time

import pytest

from ctxschema.machine.process import MOST_KEPT
from ctxschema.machine.system import System
from tests.attack.conftest import environment

PEAK = """
import sys
from ctxschema.machine.system import System
def peak():  # in KiB, of this process alone
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
before = peak()
outcome = System().run(sys.argv[1:], 5)
print((peak() - before) // 1024, len(outcome.output) >> 20)
"""


@pytest.mark.parametrize("words", [["cat", "/dev/zero"], ["yes"], ["sh", "-c", "cat /dev/zero >&2"]])
def test_memory_stays_flat(words: list[str]) -> None:
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-c", PEAK, *words],
        env=environment(os.environ["PATH"]),
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    grown, kept = map(int, told.split())
    assert grown < 40
    assert kept <= 2
    assert time.monotonic() - began < 15


def test_what_printed_too_much_is_ended_and_says_so() -> None:
    outcome = System().run(["yes"], 10)
    assert not outcome.timed_out
    assert outcome.code not in {0, None}
    assert "more than" in outcome.said


def test_what_is_read_away_does_not_stop_a_program() -> None:
    outcome = System().run(["sh", "-c", "head -c 9000000 /dev/zero; echo end >&2"], 10)
    assert outcome.code == 0
    assert len(outcome.answer) == MOST_KEPT
    assert outcome.said == "end"


def test_a_program_that_forks_a_printer_and_ends_is_not_waited_for() -> None:
    began = time.monotonic()
    outcome = System().run(["sh", "-c", "sleep 20 & echo done"], 10)
    assert (outcome.code, outcome.answer) == (0, "done\n")
    assert time.monotonic() - began < 5


def test_nothing_of_a_run_is_left() -> None:
    """No descriptor and no zombie, however a program ends."""
    System().run(["true"], 5)
    before = sorted(os.listdir("/proc/self/fd"))
    for words in (["true"], ["no-such-program"], ["sleep", "9"], ["yes"], ["/etc/passwd"]):
        System().run(words, 0.2)
    assert sorted(os.listdir("/proc/self/fd")) == before
    time.sleep(0.2)
    System().run(["true"], 5)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
