"""The loop of pytest for ``make mutants``: collect the tests once, then fork for every change of the code.

A first child runs every test and writes down which functions each one reaches and how long it took. Then, for every
change, a child runs the tests that reach the changed function, and ends with the first that fails: first those that
noticed a change of the same function before, then the shortest.
Reads mutants.json (names) and writes ended.json (how each ended) in the folder in which pytest runs.
"""

from __future__ import annotations

import bisect
import contextlib
import gc
import json
import mmap
import os
import resource
import signal
import time
from collections import defaultdict
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest
from hypothesis import Phase, settings
from mutmut.mutation import trampoline

CHILDREN = len(os.sched_getaffinity(0))
MEMORY = 4 << 30
"""Bytes that a child may take; a changed loop may ask for all there is."""
LONGEST = float(os.environ.get("LONGEST", "90"))
"""Seconds of tests for one change; the tests after that are not run."""
SURVIVED = 42
"""How a child ends whose tests all passed; changed code may end it with 0 before that."""
settings.register_profile(
    "mutants", settings.get_profile("default"), max_examples=20, derandomize=True, database=None, deadline=None,
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip


class Test(NamedTuple):
    """A test, and how long it takes."""

    item: pytest.Item
    seconds: float


def first_failed(items: list[pytest.Item]) -> int | None:
    """Run tests, up to the first that fails; return which that is."""
    for number, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True)):
        failed = item.session.testsfailed
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed > failed:
            return number
    return None


def quiet() -> None:
    """Let a child be the leader of a group of its own, and write nowhere."""
    os.setpgid(0, 0)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(silence, stream)


def look(items: list[pytest.Item], into: Path) -> None:
    """Write down, for each test that passes, its seconds and the functions that it reaches. Ends the process."""
    reached: set[str] = set()
    process, forked = os.getpid(), into.with_suffix(".forked").absolute()

    def hit(name: str, caller: str | None = None) -> None:  # noqa: ARG001 - as mutmut calls it
        reached.add(name)
        if os.getpid() != process:
            with contextlib.suppress(OSError), forked.open("a", encoding="utf-8") as stream:
                stream.write(f"{name}\n")

    vars(trampoline)["record_trampoline_hit"] = hit
    trampoline.set_mutant_under_test("stats")
    del os.environ["MUTANT_UNDER_TEST"]  # programs that a test starts run as they are
    found = []
    for item in items:
        reached.clear()
        forked.write_text("", encoding="utf-8")
        begun = time.monotonic()
        if first_failed([item]) is None:
            reached.update(forked.read_text(encoding="utf-8").splitlines())
            found.append([item.nodeid, time.monotonic() - begun, sorted(reached)])
        else:
            os.write(1, f"fails without a change: {item.nodeid}\n".encode())
    into.write_text(json.dumps(found), encoding="utf-8")
    os._exit(0)


class Child(NamedTuple):
    """A change that is tried: its name, its tests, the list of them all, and where it writes which of them failed."""

    name: str
    tests: tuple[Test, ...]
    known: list[Test]
    noticed: mmap.mmap

    def run(self) -> NoReturn:
        """Run the tests with the change active, and end the process with 1 where one failed."""
        quiet()
        sums = list(accumulate(test.seconds for test in self.tests))
        limit = int(10 + 2 * min(LONGEST, sums[-1]))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(15 + limit)
        trampoline.set_mutant_under_test(self.name)
        count = max(1, bisect.bisect_right(sums, LONGEST))
        failed = first_failed([test.item for test in self.tests[:count]])
        if failed is not None:
            self.noticed[:] = failed.to_bytes(4, "big")
        os._exit(SURVIVED if failed is None else 1)

    def ended(self, process: int, status: int) -> str:
        """Say how it ended; what noticed it is tried first with the next change of the function."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)  # what its tests left behind
        noticed = os.waitstatus_to_exitcode(status) != SURVIVED
        if noticed:
            noticed_by = self.tests[int.from_bytes(self.noticed[:], "big")]
            self.known.remove(noticed_by)
            self.known.insert(0, noticed_by)
        self.noticed.close()
        return "noticed" if noticed else "survived"


def looked_at(items: list[pytest.Item]) -> dict[str, list[Test]]:
    """Return, for each function that can be changed, the tests that reach it, the shortest first."""
    parts = [Path(f"reached.{part}.json") for part in range(CHILDREN)]
    for part, path in enumerate(parts):
        if not os.fork():
            look(items[part::CHILDREN], path)
    for _ in parts:
        os.wait()
    named = {item.nodeid: item for item in items}
    found = [each for path in parts for each in json.loads(path.read_text(encoding="utf-8"))]
    by_function: dict[str, list[Test]] = defaultdict(list)
    for test, seconds, functions in sorted(found, key=lambda each: float(each[1])):
        for function in functions:
            by_function[function].append(Test(named[test], seconds))
    return by_function


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Take the place of pytest's own loop."""
    if session.testsfailed:
        raise session.Interrupted("not every test can be collected")
    gc.freeze()
    by_function = looked_at([item for item in session.items if not item.get_closest_marker("skip")])
    ends: dict[str, str] = {}
    running: dict[int, Child] = {}

    def wait() -> None:
        process, status = os.wait()
        child = running.pop(process)
        ends[child.name] = child.ended(process, status)
        if len(ends) % 20 == 0 or not running:
            Path("ended.json").write_text(json.dumps(ends), encoding="utf-8")
            os.write(1, f"{len(ends)} changes tried\n".encode())

    for name in json.loads(Path("mutants.json").read_text(encoding="utf-8")):
        tests = by_function[name.partition("__mutmut_")[0]]
        if not tests:
            ends[name] = "not reached"
            continue
        if len(running) == CHILDREN:
            wait()
        child = Child(name, tuple(tests), tests, mmap.mmap(-1, 4))
        if not (process := os.fork()):
            child.run()
        running[process] = child
    while running:
        wait()
    Path("ended.json").write_text(json.dumps(ends), encoding="utf-8")
    return True
