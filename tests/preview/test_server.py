"""``ctxschema preview`` serves the page to this machine alone."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ctxschema.core.files import LARGEST_FILE
from ctxschema.preview.server import HOST, PreviewServer
from tests.conftest import Ended


@pytest.fixture
def server() -> Iterator[PreviewServer]:
    with PreviewServer(("a.tmpl", b'USER_INPUTS = [ A = "O|text|a| |" ]\n')) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(
    server: PreviewServer, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HOST, server.server_address[1], timeout=10)
    connection.request(method, path, body, headers or {})
    answered = connection.getresponse()
    data = answered.read()
    connection.close()
    return answered.status, data


def test_the_page_and_the_file(server: PreviewServer) -> None:
    status, page = ask(server, "GET", server.path)
    assert status == 200
    assert b"Content-Security-Policy" in page
    assert json.loads(ask(server, "GET", f"{server.path}engine.json")[1]) == {"runs": "here", "file": "a.tmpl"}
    assert ask(server, "GET", f"{server.path}file")[1].startswith(b"USER_INPUTS")


def test_a_request_is_answered(server: PreviewServer) -> None:
    body = json.dumps({"op": "open", "name": "a.tmpl"}).encode() + b'\nUSER_INPUTS = [ A = "O|text|a| |" ]\n'
    status, answer = ask(server, "POST", f"{server.path}answer", body)
    assert status == 200
    assert json.loads(answer)["parts"][0]["title"] == "Virtual machine"


@pytest.mark.parametrize("path", ["/", "/file", "/engine.json", "/x/file", "/../preview.js"])
def test_nothing_is_served_to_who_does_not_know_the_path(server: PreviewServer, path: str) -> None:
    assert ask(server, "GET", path)[0] == 404


@pytest.mark.parametrize("name", ["", "../engine.py", "..%2fengine.py", "engine.py", "%2e%2e/server.py"])
def test_nothing_but_the_page_is_served(server: PreviewServer, name: str) -> None:
    status, data = ask(server, "GET", f"{server.path}{name}")
    assert status == 404 or data.startswith(b"<!doctype")


def test_a_foreign_name_that_leads_here_is_refused(server: PreviewServer) -> None:
    assert ask(server, "GET", server.path, headers={"Host": "evil.example"})[0] == 404


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[1]", b"\xff\n"])
def test_a_body_that_is_no_request(server: PreviewServer, body: bytes) -> None:
    assert ask(server, "POST", f"{server.path}answer", body)[0] == 400


def test_a_body_that_is_too_large_is_refused_unread(server: PreviewServer) -> None:
    length = {"Content-Length": str(LARGEST_FILE * 4)}
    assert ask(server, "POST", f"{server.path}answer", b"", length)[0] == 413


def test_a_file_that_is_not_there(ctx: Callable[..., Ended]) -> None:
    ended = ctx("preview", "/nowhere.tmpl", "--no-browser")
    assert ended.code == 1
    assert "CTX050" in ended.err


def test_a_port_that_is_taken(ctx: Callable[..., Ended], server: PreviewServer) -> None:
    ended = ctx("preview", "--no-browser", "--port", str(server.server_address[1]))
    assert ended.code == 2
    assert "name another --port" in ended.err


def test_the_command_serves_until_it_is_interrupted(tmp_path: Path) -> None:
    template = tmp_path / "a.tmpl"
    template.write_text('USER_INPUTS = [ A = "O|text|a| |" ]\n')
    command = [sys.executable, "-m", "ctxschema", "preview", str(template), "--no-browser"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = re.search(r"http://127\.0\.0\.1:(\d+)(/\S+/)", line)
        assert match
        connection = http.client.HTTPConnection(HOST, int(match[1]), timeout=10)
        connection.request("GET", f"{match[2]}file")
        assert connection.getresponse().read().startswith(b"USER_INPUTS")
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
