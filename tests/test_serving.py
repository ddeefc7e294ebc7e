"""The tests' own servers stop, whatever became of the thread that serves."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests import serving as module
from tests.onegate_server import onegate
from tests.serving import serving


class Dead(HTTPServer):
    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """End before the loop begins, as where the thread never ran."""


class Stuck(HTTPServer):
    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Live on and never look whether to stop."""
        threading.Event().wait(60 + poll_interval)


def test_a_server_that_served_stops() -> None:
    with onegate() as server:
        pass
    assert server.http.socket.fileno() == -1


@pytest.mark.parametrize("kind", [Dead, Stuck])
def test_a_server_that_did_not_stops_as_well(kind: type[HTTPServer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.2)
    began = time.monotonic()
    with serving(kind(("127.0.0.1", 0), BaseHTTPRequestHandler)):
        pass
    assert time.monotonic() - began < 5
