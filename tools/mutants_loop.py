"""The loop of pytest for ``make mutants``: collect the tests once, then fork for every change of the code.

A first child runs every test and writes down which functions each one reaches and how long it took. Then, for every
change, a child runs the tests that reach the changed function, the shortest first, and ends with the first that fails.
Reads mutants.json (names) and writes ended.json (how each ended) in the folder in which pytest runs.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import time
from collections import defaultdict
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from mutmut.mutation import trampoline

CHILDREN = os.cpu_count() or 1
MEMORY = 4 << 30
"""Bytes that a child may take; a changed loop may ask for all there is."""
LONGEST = 20.0
"""Seconds of tests for one change; the tests after that are not run."""
settings.register_profile(
    "mutants", settings.get_profile("default"), max_examples=20, derandomize=True, database=None, deadline=None,
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip


def passed(items: list[pytest.Item]) -> bool:
    """Run tests, up to the first that fails."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        failed = item.session.testsfailed
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed > failed:
            return False
    return True


def quiet() -> None:
    """Let a child be the leader of a group of its own, and write nowhere."""
    os.setpgid(0, 0)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(silence, stream)


def look(items: list[pytest.Item], into: Path) -> None:
    """Write down, for each test that passes, its seconds and the functions that it reaches. Ends the process."""
    reached: set[str] = set()

    def hit(name: str, caller: str | None = None) -> None:  # noqa: ARG001 - as mutmut calls it
        reached.add(name)

    vars(trampoline)["record_trampoline_hit"] = hit
    trampoline.set_mutant_under_test("stats")
    del os.environ["MUTANT_UNDER_TEST"]  # programs that a test starts run as they are
    found = []
    for item in items:
        reached.clear()
        begun = time.monotonic()
        if passed([item]):
            found.append([item.nodeid, time.monotonic() - begun, sorted(reached)])
        else:
            os.write(1, f"fails without a change: {item.nodeid}\n".encode())
    into.write_text(json.dumps(found), encoding="utf-8")
    os._exit(0)


def try_one(name: str, items: list[pytest.Item], seconds: float) -> None:
    """Run tests with one change active, and end the process with 1 where one failed."""
    quiet()
    limit = int(5 + 5 * seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.alarm(30 + 3 * limit)
    trampoline.set_mutant_under_test(name)
    os._exit(0 if passed(items) else 1)


def ended(running: dict[int, str], ends: dict[str, str]) -> None:
    """Wait for one child, and write down how its change ended."""
    process, status = os.wait()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)  # what its tests left behind
    ends[running.pop(process)] = "survived" if status == 0 else "noticed"
    if len(ends) % 50 == 0:
        os.write(1, f"{len(ends)} changes tried\n".encode())


def looked_at(items: list[pytest.Item]) -> dict[str, list[tuple[float, pytest.Item]]]:
    """Return, for each function that can be changed, the tests that reach it with their seconds, the shortest first."""
    parts = [Path(f"reached.{part}.json") for part in range(CHILDREN)]
    for part, path in enumerate(parts):
        if not os.fork():
            look(items[part::CHILDREN], path)
    for _ in parts:
        os.wait()
    named = {item.nodeid: item for item in items}
    found = [each for path in parts for each in json.loads(path.read_text(encoding="utf-8"))]
    by_function: dict[str, list[tuple[float, pytest.Item]]] = defaultdict(list)
    for test, seconds, functions in sorted(found, key=lambda each: float(each[1])):
        for function in functions:
            by_function[function].append((seconds, named[test]))
    return by_function


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Take the place of pytest's own loop."""
    gc.freeze()
    by_function = looked_at([item for item in session.items if not item.get_closest_marker("skip")])
    ends: dict[str, str] = {}
    running: dict[int, str] = {}
    for name in json.loads(Path("mutants.json").read_text(encoding="utf-8")):
        tests = by_function[name.partition("__mutmut_")[0]]
        if not tests:
            ends[name] = "not reached"
            continue
        sums = list(accumulate(seconds for seconds, _ in tests))
        chosen = [item for (_, item), total in zip(tests, sums, strict=True) if total <= LONGEST]
        if len(running) == CHILDREN:
            ended(running, ends)
        if not (child := os.fork()):
            try_one(name, chosen, min(LONGEST, sums[-1]))
        running[child] = name
    while running:
        ended(running, ends)
    Path("ended.json").write_text(json.dumps(ends), encoding="utf-8")
    return True
