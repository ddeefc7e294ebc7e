"""Running a program closes each of its descriptors exactly once, and no others."""

import os

import pytest

from ctxschema.machine.process import run_program


def test_no_descriptor_is_closed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two closes of one number another thread may have opened a file of its own under it."""
    closed: list[int] = []
    close = os.close

    def once(descriptor: int) -> None:
        close(descriptor)
        closed.append(descriptor)

    def failing(descriptor: int) -> None:
        try:
            once(descriptor)
        except OSError:
            closed.append(-1)
            raise

    monkeypatch.setattr(os, "close", failing)
    assert run_program(["/bin/echo", "hello"], {}, 5).answer == "hello\n"
    monkeypatch.undo()
    assert -1 not in closed


def test_descriptors_do_not_pile_up() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        assert run_program(["/bin/true"], {}, 5).code == 0
        assert run_program(["/nowhere/at/all"], {}, 5).missing
    assert len(os.listdir("/proc/self/fd")) == before
