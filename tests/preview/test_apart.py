"""A text that keeps the engine busy is given up, and the next is answered."""

import json
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ctxschema.preview.apart import EngineApart
from ctxschema.preview.engine import Engine

BUSY = b"""name: a
variables:
  A:
    default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!
    limits: {matches: (a+)+, description: x, example: a, counterexample: b}
"""
"""A declaration whose pattern takes Python's engine of regular expressions longer than anybody lives."""
FORM = b'USER_INPUTS = [ A = "O|text|a| |" ]\n'


@pytest.fixture
def apart() -> Iterator[EngineApart]:
    made = EngineApart(Engine(), seconds=1.0)
    yield made
    made.stop()


def ask(apart: EngineApart, data: bytes = b"", **request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(apart.answer({"op": "open", "name": "a.yaml", **request}, data))
    return answer


def test_it_answers_as_the_engine_does(apart: EngineApart) -> None:
    here = Engine().answer({"op": "open", "name": "a.tmpl"}, FORM)
    assert ask(apart, FORM, name="a.tmpl") == here
    assert ask(apart, op="fill", id=here["id"], part=0, answers={})["errors"] == 0


def test_a_busy_one_is_ended_and_another_answers(apart: EngineApart) -> None:
    ask(apart, FORM, name="a.tmpl")
    process = apart._process
    assert ask(apart, BUSY) == {"stopped": "it took more than 1 seconds"}
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert ask(apart, op="fill", id=1, part=0, answers={})["error"] == "this form is not open any more; show it again"
    assert ask(apart, FORM, name="a.tmpl")["parts"]


def test_whoever_waits_is_told_when_somebody_stops_it() -> None:
    apart = EngineApart(Engine(), seconds=60.0)
    ask(apart, FORM, name="a.tmpl")
    threading.Timer(0.3, apart.stop).start()
    before = time.monotonic()
    assert ask(apart, BUSY) == {"stopped": ""}
    assert time.monotonic() - before < 30
    apart.stop()


def test_its_process_ends_with_whoever_asks(apart: EngineApart) -> None:
    ask(apart, FORM, name="a.tmpl")
    process, pipe = apart._process, apart._pipe
    assert pipe is not None
    pipe.close()
    assert os.waitpid(process, 0) == (process, 0)
    apart._process, apart._pipe = 0, None
