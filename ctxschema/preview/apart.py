"""Running the engine in a separate process, so that a request that takes too long can be abandoned."""

from __future__ import annotations

import json
import math
import os
import pickle
import signal
import threading
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection, Pipe
from typing import Any

from attrs import define, field

from ctxschema.core.quoting import without_nan
from ctxschema.core.timed import fork
from ctxschema.preview.engine import Engine

LONGEST = 30.0
"""The time limit for an answer, in seconds; a form takes a few milliseconds."""

_MOST_FILES = 4096


@define
class EngineApart:
    """Answers the requests of an engine in a separate process, one after another.

    If the process is stopped, the documents that were open in it are lost, as when a browser's worker is stopped.

    Args:
        engine: The engine; it is copied into the process, and is not changed itself.
        seconds: The time limit for an answer.
    """

    engine: Engine
    seconds: float = LONGEST
    _turn: threading.Lock = field(factory=threading.Lock, init=False)
    _process: int = field(default=0, init=False)
    _pipe: Connection | None = field(default=None, init=False)

    def answer(self, request: Mapping[str, Any], data: bytes = b"") -> bytes:
        """Return the answer to a request as JSON; see `Engine.answer`. If it takes too long, ``stopped`` says why."""
        with self._turn:
            started = time.monotonic()
            pipe = self._pipe or self._start()
            try:
                pipe.send_bytes(pickle.dumps((dict(request), data)))
                if pipe.poll(self.seconds):
                    return pipe.recv_bytes()
            except (EOFError, OSError):
                pass
            late = time.monotonic() - started >= self.seconds
            self.stop()
            return _json({"stopped": f"it took more than {self.seconds:g} seconds" if late else ""})

    def stop(self) -> None:
        """End the process; the next request starts a new one."""
        process, self._process = self._process, 0
        if process:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        self._pipe = None

    def _start(self) -> Connection:
        here, there = Pipe()
        process = fork()
        if process == 0:
            try:
                # The process would keep the server's sockets open after the server has ended.
                os.closerange(3, there.fileno())
                os.closerange(there.fileno() + 1, _MOST_FILES)
                signal.signal(
                    signal.SIGINT, signal.SIG_IGN
                )  # Ctrl-C is handled by the server, which then ends this process
                _serve(self.engine, there, math.ceil(self.seconds) + 1)
            finally:
                os._exit(0)
        there.close()
        self._process, self._pipe = process, here
        return here


def _serve(engine: Engine, pipe: Connection, seconds: int) -> None:
    while True:
        try:
            request, data = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from this program itself
        except EOFError:
            return
        signal.alarm(seconds)  # ends this process even if the server is gone
        pipe.send_bytes(_json(engine.answer(request, data)))
        signal.alarm(0)


def _json(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(without_nan(dict(answer))).encode()
